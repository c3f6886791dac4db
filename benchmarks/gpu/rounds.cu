// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "measure.cuh"

#include <cstdint>
#include <string>
#include <type_traits>

namespace bench {

namespace {

using terse::view;

/// top_k of workers who take one after the other.
struct one_by_one {
    terse::top_k inner{};

    template <class B, class T>
    using message = terse::sparse_message<B, T>;

    template <class B, class T>
    void compress(view<B, T const> in, terse::sparse_message<B, T>& out, terse::context<B> at) const {
        inner.compress(in, out, at);
    }
    template <class B, class T, class G>
        requires requires(terse::top_k const& c, T x, G const& g, view<B, T> e, terse::sparse_message<B, T>& out,
                          terse::context<B> at) {
            c.take(x, g, x, e, out, at);
        }
    std::size_t take(std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b, view<B, T> e,
                     terse::sparse_message<B, T>& out, terse::context<B> at) const {
        return inner.take(a, g, b, e, out, at);
    }
};

/// Rounds of k workers, each with so many vectors and moving so many bytes for each coordinate.
template <class Method>
void measure_round(bench& b, std::string const& name, Method const& method, std::size_t k, double vectors,
                   double bytes) {
    if (!b.wanted(name)) return;
    auto const d = b.dimension();
    auto const n = static_cast<double>(d), workers = static_cast<double>(k);
    auto const rounds = [&] {
        auto w = made(d, 1);
        auto run =
            terse::train(method, terse::simulated{.workers = static_cast<std::uint32_t>(k)}, view<device, float>(w));
        auto const gradient = [](terse::worker_context, auto x, auto g) { device::copy(x, g); };
        b(
            name, workers * bytes * n, [&] { run.step(1e-3, gradient); }, k);
    };
    b.with_memory(name, 4 * n * (vectors * workers + 10), rounds, k);
}

} // namespace

/// Whole rounds, whose gradients cost a copy. A worker has its gradient, its residual and a tenth of a vector of
/// candidates, and with DGC its momentum.
void measure_rounds(bench& b, std::vector<std::size_t> const& workers) {
    for (auto const k : workers) {
        measure_round(b, "gmc top_k 1%", terse::gmc({.ratio = 0.01}), k, 2.1, 20);
        measure_round(b, "gmc top_k 1%, one by one", terse::gmc(one_by_one{{.ratio = 0.01}}), k, 2.1, 20);
        measure_round(b, "dgc top_k 1%", terse::dgc({.ratio = 0.01}), k, 3.1, 32);
        measure_round(b, "dgc top_k 1%, one by one", terse::dgc(one_by_one{{.ratio = 0.01}}), k, 3.1, 32);
    }
}

} // namespace bench
