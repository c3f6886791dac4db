// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// terse-bench-gpu: how long verbs, compressors and rounds take on a device, beside a copy of as many numbers.
#include "measure.cuh"

#include <cstdio>
#include <exception>

namespace {

constexpr int wrong_usage = 2;
constexpr int no_device = 77; // what test drivers take for "skipped"

int run(bench::options const& o) {
    if (auto const reason = bench::no_device(); !reason.empty()) {
        std::fprintf(stderr, "terse-bench-gpu: no CUDA device: %s\n", reason.c_str());
        return no_device;
    }
    if (o.device) return std::puts(bench::device_name().c_str()) < 0 ? 1 : 0;
    bench::report out(bench::device_name());
    for (auto const d : o.sizes) {
        bench::bench b(o, out, d);
        auto const vector = 4 * static_cast<double>(d);
        b.with_memory("verbs", 16 * vector, [&] { bench::measure_verbs(b); });
        b.with_memory("kernels", 16 * vector, [&] { bench::measure_kernels(b); });
        b.with_memory("verbs of 8 workers", 24 * vector, [&] { bench::measure_at_once(b); });
        b.with_memory("takes", 12 * vector, [&] { bench::measure_takes(b); });
        bench::measure_rounds(b, o.workers);
    }
    if (!o.json.empty()) out.write(o.json);
    if (out.size() == 0) std::fprintf(stderr, "terse-bench-gpu: nothing was measured\n");
    return out.size() == 0 ? 1 : 0;
}

} // namespace

int main(int count, char** arguments) {
    try {
        auto const o = bench::parse(count, arguments);
        if (o.help) return std::fputs(bench::usage.data(), stdout) < 0 ? 1 : 0;
        return run(o);
    } catch (std::invalid_argument const& e) {
        std::fprintf(stderr, "terse-bench-gpu: %s\n\n%s", e.what(), bench::usage.data());
        return wrong_usage;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "terse-bench-gpu: %s\n", e.what());
        return 1;
    }
}
