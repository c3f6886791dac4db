# SPDX-License-Identifier: BSL-1.0
# Copyright 2026 The terse authors
"""Times error feedback with torch.topk on a CUDA device, as the benchmark "take top_k" of terse-bench-gpu:
e <- e / 2 + g, the k largest |e_i| are taken out of e, their indices in ascending order.
"""
import argparse
import json
import statistics
import sys


def take(torch, e, g, k):
    e.mul_(0.5).add_(g)
    indices = torch.topk(e.abs(), k, sorted=False).indices.sort().values
    values = e[indices]
    e[indices] = 0
    return indices, values


def seconds(torch, f):
    """The median of up to 30 repeats in about a quarter of a second, after one that does not count."""
    f()
    times = []
    while len(times) < 30 and sum(times) < 0.25:
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        f()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end) / 1000)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000000,25000000,1000000000")
    parser.add_argument("--json")
    options = parser.parse_args()
    try:
        import torch
    except ImportError:
        print("torch_topk.py: there is no torch", file=sys.stderr)
        return 77
    if not torch.cuda.is_available():
        print("torch_topk.py: torch sees no CUDA device", file=sys.stderr)
        return 77

    records, skipped = [], []
    print(f"torch {torch.__version__} on {torch.cuda.get_device_name()}")
    for d in map(int, options.sizes.split(",")):
        for share, ratio in (("0.1%", 0.001), ("1%", 0.01), ("10%", 0.1)):
            who = {"name": f"torch.topk {share}", "dimension": d, "workers": 1}
            try:
                e, g = torch.randn(d, device="cuda"), torch.randn(d, device="cuda")
                k = max(1, round(ratio * d))
                time = seconds(torch, lambda: take(torch, e, g, k))
            except torch.cuda.OutOfMemoryError as error:
                print(f"{who['name']:28} {d:12} {'skipped: too little memory':>20}")
                skipped.append(who | {"reason": str(error).splitlines()[0]})
                continue
            finally:
                e = g = None
                torch.cuda.empty_cache()
            print(f"{who['name']:28} {d:12} {1:7} {time * 1e6:12.1f} {12 * d / time / 1e9:10.1f}", flush=True)
            records.append(who | {"seconds": time, "bytes": 12 * d})
    if options.json:
        with open(options.json, "w") as out:
            json.dump({"device": torch.cuda.get_device_name(), "records": records, "skipped": skipped}, out, indent=2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
