// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What one would write first, and what others have.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/threshold.hpp>

#include "peer.hpp"

namespace {

using terse::cpu;
using terse::index_t;
using terse::view;
using message = terse::sparse_message<cpu, float>;
using in = view<cpu, float const>;
using vector = view<cpu, float>;

// The library's own selection, between passes of their own.
struct separate_passes {
    terse::scratch<cpu> temporary = {};
    separate_passes() = default;
    separate_passes(separate_passes const&) {}
    void operator()(vector e, in g, message& out) {
        cpu::axpy(1.0F, g, e);
        cpu::select_largest(e, out.indices.size(), view<cpu, index_t>(out.indices), vector(out.values), temporary);
        out.clear_in(e);
    }
};

// std::nth_element on a copy of the magnitudes, then a filter.
struct nth_element {
    std::vector<float> magnitudes = {};
    void operator()(vector e, in g, message& out) {
        cpu::axpy(1.0F, g, e);
        magnitudes.resize(e.size());
        std::transform(e.begin(), e.end(), magnitudes.begin(), [](float x) { return std::fabs(x); });
        filter(e, out);
    }
    void filter(vector e, message& out) {
        auto const k = out.indices.size();
        auto const last = magnitudes.begin() + static_cast<std::ptrdiff_t>(k - 1);
        std::nth_element(magnitudes.begin(), last, magnitudes.end(), std::greater<>());
        auto ties =
            k - static_cast<std::size_t>(std::count_if(magnitudes.begin(), last, [&](float x) { return x > *last; }));
        for (std::size_t i = 0, n = 0; i < e.size() && n < k; ++i) {
            auto const x = std::fabs(e[i]);
            if (x < *last || (x == *last && ties == 0)) continue;
            if (x == *last) --ties;
            out.indices[n] = i;
            out.values[n++] = e[i];
        }
        out.clear_in(e);
    }
};

// The same in Eigen's words.
struct eigen {
    nth_element selection = {};
    void operator()(vector e, in g, message& out) {
        auto sum = terse::as_eigen(e);
        sum += terse::as_eigen(g);
        selection.magnitudes.resize(e.size());
        terse::as_eigen(vector(selection.magnitudes.data(), e.size())) = sum.cwiseAbs();
        selection.filter(e, out);
    }
};

// std::partial_sort on indices.
struct partial_sort {
    std::vector<index_t> order = {};
    void operator()(vector e, in g, message& out) {
        cpu::axpy(1.0F, g, e);
        order.resize(e.size());
        std::iota(order.begin(), order.end(), index_t{0});
        auto const k = out.indices.size();
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
                          [&](index_t i, index_t j) {
                              auto const a = std::fabs(e[i]), b = std::fabs(e[j]);
                              return a > b || (a == b && i < j);
                          });
        peers::finish({order.data(), k}, e, out);
    }
};

// The k largest so far in a heap.
struct bounded_heap {
    std::vector<std::pair<float, index_t>> heap = {};
    std::vector<index_t> chosen = {};
    void operator()(vector e, in g, message& out) {
        cpu::axpy(1.0F, g, e);
        auto const k = out.indices.size();
        auto const before = [](auto const& a, auto const& b) {
            return a.first > b.first || (a.first == b.first && a.second < b.second);
        };
        heap.clear();
        for (std::size_t i = 0; i < e.size(); ++i) {
            std::pair const entry{std::fabs(e[i]), index_t{i}};
            if (heap.size() < k) {
                heap.push_back(entry);
                std::push_heap(heap.begin(), heap.end(), before);
            } else if (entry.first > heap.front().first) {
                std::pop_heap(heap.begin(), heap.end(), before);
                heap.back() = entry;
                std::push_heap(heap.begin(), heap.end(), before);
            }
        }
        chosen.clear();
        for (auto const& entry : heap) chosen.push_back(entry.second);
        peers::finish({chosen.data(), k}, e, out);
    }
};

terse::testing::benchmarks const ways_to_top_k([] {
    using terse::testing::options;
    for (auto const d : options().sizes({1'000'000}, {100'000, 1'000'000, 25'000'000}))
        for (auto const density : {0.001, 0.01, 0.1}) {
            peers::add_peer("select_largest, separate passes", d, density, separate_passes{});
            peers::add_peer("std::nth_element and a filter", d, density, nth_element{});
            peers::add_peer("Eigen and std::nth_element", d, density, eigen{});
            if (density > 0.05 && (options().instructions || (d > 1'000'000 || !options().full()))) continue;
            peers::add_peer("a bounded heap", d, density, bounded_heap{});
            peers::add_peer("std::partial_sort on indices", d, density, partial_sort{});
        }
});

// scaled_sign and threshold as Eigen's expressions: dense vectors, nothing packed.
template <class Expression>
void add_eigen(std::string const& name, std::size_t d, Expression f) {
    using namespace terse::testing;
    add_benchmark({name, d}, [f](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        Eigen::VectorXf out(static_cast<Eigen::Index>(row.d));
        against_addition<float>(state, row, x, 8.0 * static_cast<double>(row.d), [&](vector e, in g) {
            f(terse::as_eigen(e), terse::as_eigen(g), out);
            benchmark::DoNotOptimize(out.data());
        });
    });
}

terse::testing::benchmarks const eigen_expressions([] {
    for (auto const d : terse::testing::options().sizes({25'000'000}, {100'000, 1'000'000, 25'000'000})) {
        add_eigen("scaled_sign by Eigen's expressions", d, [](auto e, auto g, auto& out) {
            e += g;
            out = (e.template lpNorm<1>() / static_cast<float>(e.size())) * e.array().sign().matrix();
            e -= out;
        });
        add_eigen("threshold 8.15 by Eigen's expressions", d, [](auto e, auto g, auto& out) {
            e += g;
            out = (e.array().abs() >= 8.15F).select(e, 0.0F);
            e -= out;
        });
    }
});

} // namespace
