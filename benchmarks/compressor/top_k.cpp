// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <against_addition.hpp>
#include <registry.hpp>
#include <vectors.hpp>

#include <terse/compressor/take.hpp>
#include <terse/compressor/top_k.hpp>

namespace {

using terse::cpu;
using terse::index_t;
using terse::view;

// e as it was at the beginning, a gradient, and where the result goes.
template <class T>
struct workplace {
    terse::buffer<cpu, T> start;
    terse::buffer<cpu, T> e;
    terse::buffer<cpu, T> g;
    terse::sparse_message<cpu, T> out;
    terse::scratch<cpu> temporary;
    std::vector<std::pair<terse::magnitude_t<T>, index_t>> pairs; // for the other ways
    std::vector<index_t> order;

    workplace(std::size_t d, std::string const& distribution, std::size_t k) : start(d), e(d), g(d) {
        benchmarks::fill<T>(start, distribution, 1);
        benchmarks::fill<T>(g, distribution, 2);
        cpu::scale(T(3), view<cpu, T>(start)); // residuals are larger than gradients
        out.reset(d, k);
    }
};

template <class T>
using way = std::function<void(workplace<T>&, std::uint64_t round)>;

template <class T>
way<T> fused(terse::instruction_set form) {
    return [form](workplace<T>& p, std::uint64_t round) {
        terse::take_largest<T>(T(1), p.g, T(1), view<cpu, T>(p.e), p.out.indices, p.out.values,
                               {round, terse::purpose::sample}, p.temporary, form);
    };
}

// The general form of take, with the selection in a pass of its own.
template <class T>
void separate(workplace<T>& p, std::uint64_t) {
    cpu::axpy(T(1), p.g, view<cpu, T>(p.e));
    cpu::select_largest(p.e, p.out.indices.size(), view<cpu, index_t>(p.out.indices), view<cpu, T>(p.out.values),
                        p.temporary);
    p.out.add_to(T(-1), p.e);
}

// What one would write first: std::nth_element on a copy of the magnitudes, then a filter.
template <class T>
void nth_element(workplace<T>& p, std::uint64_t) {
    cpu::axpy(T(1), p.g, view<cpu, T>(p.e));
    terse::scratch<cpu>::scope const scope(p.temporary);
    auto const keys = p.temporary.template take<T>(p.e.size());
    std::transform(p.e.data(), p.e.data() + p.e.size(), keys.begin(), [](T x) { return std::fabs(x); });
    auto const k = p.out.indices.size();
    auto* const last = keys.begin() + (k - 1);
    std::nth_element(keys.begin(), last, keys.end(), std::greater<>());
    for (std::size_t i = 0, n = 0; i < p.e.size() && n < k; ++i)
        if (std::fabs(p.e[i]) >= *last) {
            p.out.indices[n] = i;
            p.out.values[n++] = p.e[i];
        }
    p.out.clear_in(p.e);
}

template <class T>
void finish_from_order(workplace<T>& p) {
    std::sort(p.order.begin(), p.order.end());
    std::copy(p.order.begin(), p.order.end(), p.out.indices.data());
    cpu::gather(p.e, p.out.indices, view<cpu, T>(p.out.values));
    p.out.clear_in(p.e);
}

template <class T>
void partial_sort(workplace<T>& p, std::uint64_t) {
    cpu::axpy(T(1), p.g, view<cpu, T>(p.e));
    auto const k = p.out.indices.size();
    p.order.resize(p.e.size());
    std::iota(p.order.begin(), p.order.end(), index_t{0});
    std::partial_sort(p.order.begin(), p.order.begin() + static_cast<std::ptrdiff_t>(k), p.order.end(),
                      [&](index_t i, index_t j) { return std::fabs(p.e[i]) > std::fabs(p.e[j]); });
    p.order.resize(k);
    finish_from_order(p);
}

template <class T>
void bounded_heap(workplace<T>& p, std::uint64_t) {
    cpu::axpy(T(1), p.g, view<cpu, T>(p.e));
    auto const k = p.out.indices.size();
    p.pairs.clear();
    for (std::size_t i = 0; i < p.e.size(); ++i) {
        std::pair const entry{terse::magnitude(p.e[i]), index_t{i}};
        if (p.pairs.size() < k) {
            p.pairs.push_back(entry);
            std::push_heap(p.pairs.begin(), p.pairs.end(), std::greater<>());
        } else if (entry.first > p.pairs.front().first) {
            std::pop_heap(p.pairs.begin(), p.pairs.end(), std::greater<>());
            p.pairs.back() = entry;
            std::push_heap(p.pairs.begin(), p.pairs.end(), std::greater<>());
        }
    }
    p.order.clear();
    for (auto const& entry : p.pairs) p.order.push_back(entry.second);
    finish_from_order(p);
}

template <class T>
void add(std::string const& name, std::string const& distribution, std::size_t d, double share, way<T> take) {
    std::ostringstream label;
    label << "top_k take/" << name << (sizeof(T) == 8 ? "/double/" : "/float/") << distribution << "/d=" << d << "/"
          << 100 * share << "%";
    auto* const b = benchmark::RegisterBenchmark(label.str().c_str(), [=](benchmark::State& state) {
        auto const k = static_cast<std::size_t>(share * static_cast<double>(d));
        workplace<T> p(d, distribution, k);
        std::uint64_t round = 0;
        benchmarks::against_addition<T>(
            state, p.e, p.g, [&] { cpu::copy(p.start, view<cpu, T>(p.e)); }, [&] { take(p, round++); });
        state.counters["selected"] = static_cast<double>(p.out.indices.size()) / static_cast<double>(d);
    });
    b->UseManualTime()->Unit(benchmark::kMicrosecond);
}

template <class T>
void add_forms(std::string const& distribution, std::size_t d, double share) {
    using terse::instruction_set;
    for (auto const& [name, form] : {std::pair{"avx512", instruction_set::avx512},
                                     {"avx2", instruction_set::avx2},
                                     {"portable", instruction_set::portable}})
        if (terse::supported(form)) add<T>(name, distribution, d, share, fused<T>(form));
}

benchmarks::registration const all([](bool full) {
    auto const shares = {0.001, 0.01, 0.1};
    auto const sizes =
        full ? std::vector<std::size_t>{1'000, 10'000, 100'000, 1'000'000, 10'000'000, 25'000'000, 100'000'000}
             : std::vector<std::size_t>{100'000, 1'000'000, 25'000'000};
    for (auto const d : sizes)
        for (auto const share : shares) {
            add_forms<float>("normal", d, share);
            if (full) add_forms<double>("normal", d, share);
        }
    for (auto const* const distribution : benchmarks::distributions)
        for (auto const share : {0.01, 0.1})
            if (std::string(distribution) != "normal")
                add_forms<float>(distribution, full ? 25'000'000 : 1'000'000, share);
    auto const d = full ? std::size_t{25'000'000} : std::size_t{1'000'000};
    for (auto const share : shares) {
        add<float>("separate passes", "normal", d, share, separate<float>);
        add<float>("nth_element", "normal", d, share, nth_element<float>);
        add<float>("bounded heap", "normal", d, share, bounded_heap<float>);
        if (full || share < 0.1) add<float>("partial_sort", "normal", d, share, partial_sort<float>);
    }
});

} // namespace
