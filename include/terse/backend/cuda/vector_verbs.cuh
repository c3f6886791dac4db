// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <thrust/fill.h>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/block_take.hpp>
#include <terse/backend/cuda/accumulate.cuh>
#include <terse/backend/cuda/at_once.cuh>
#include <terse/backend/cuda/count_each.cuh>
#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/sum_vectors.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

/// Of kernel_verbs, those on plain vectors.
template <class Launch, class Device>
class vector_verbs {
    using device = Device;

public:
    /// axpby, then first_non_finite of y, in one pass over memory if there is room for a bit.
    template <class T>
    static first_bad_later<device, T> accumulate(std::type_identity_t<T> a, input<device, T> x,
                                                 std::type_identity_t<T> b, view<device, T> y,
                                                 scratch<device>* temporary = nullptr) {
        if (temporary == nullptr) {
            if (!y.empty()) device::axpby(a, x, b, y);
            return {y, nullptr};
        }
        accumulation<device, T> const one{a, x, b, y};
        return accumulate(std::span(&one, 1), *temporary)[0];
    }
    /// For several workers, in as many launches as for one. Throws dimension_error, before anything is started, if
    /// their vectors are not equally long.
    template <class T>
    static each_first_bad_later<device, T> accumulate(std::span<accumulation<device, T> const> all,
                                                      scratch<device>& temporary) {
        if (all.empty()) return {{}, nullptr};
        auto const d = all.front().y.size();
        for (std::size_t i = 0; i < all.size(); ++i) {
            kernel::of_those_at_once const worker{"accumulate", i};
            worker.must_have(d, "coordinates", all[i].y.size());
            worker.must_have(d, "numbers to add", all[i].x.size());
        }
        std::vector<view<device, T>> sums;
        std::vector<kernel::accumulated<T>> sources;
        for (auto const& t : all) sums.push_back(t.y), sources.push_back(source_of(t));
        return make(std::move(sums), std::span(std::as_const(sources)), temporary);
    }
    /// The same, and a block of each sum moves to the worker's values. Throws dimension_error as above, and where a
    /// block begins after the last coordinate, is longer than the vector, or is to clear less than that.
    template <class T>
    static each_first_bad_later<device, T> take_block(std::span<block_take<device, T> const> all,
                                                      scratch<device>& temporary) {
        if (all.empty()) return {{}, nullptr};
        auto const d = all.front().sum.y.size();
        std::vector<view<device, T>> sums;
        std::vector<kernel::with_block_moved<T, kernel::accumulated<T>>> sources;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& t = all[i];
            kernel::of_those_at_once const worker{"take_block", i};
            worker.must_have(d, "coordinates", t.sum.y.size());
            worker.must_have(d, "numbers to add", t.sum.x.size());
            worker.must_have(std::min(t.values.size(), d), "values", t.values.size());
            worker.must_have(std::min(t.first, d), "coordinates before the block", t.first);
            if (t.clears) worker.must_have(d, "values to clear", t.values.size());
            if (t.clears) worker.must_have(0, "coordinates before what it clears", t.first);
            sums.push_back(t.clears ? t.values : t.sum.y); // where what is not finite can still be found
            sources.push_back({source_of(t.sum), d, t.first, t.values.size(), t.values.data(), t.clears});
        }
        return make(std::move(sums), std::span(std::as_const(sources)), temporary);
    }

    /// Which of several vectors are finite, for one launch and one wait.
    template <class T>
    static std::vector<bool> finite(std::span<view<device, T const> const> all, scratch<device>& temporary) {
        auto const bad = kernel::count_each(
            Launch{}, all, temporary, kernel::tile<T>::size, [](auto const& x, std::uint64_t* number) {
                return kernel::accumulate<T, kernel::unchanged<T>>{{x.data()}, x.size(), number};
            });
        std::vector<bool> each;
        for (auto const b : bad) each.push_back(b == 0);
        return each;
    }

    /// y = a times the sum of the vectors, in their order.
    template <class T>
    static void sum_vectors(std::span<view<device, T const> const> terms, std::type_identity_t<T> a,
                            view<device, T> y) {
        kernel::sum_vectors<T>(Launch{}, terms, a, y);
    }
    /// y <- a (y + the vectors), in their order.
    template <class T>
    static void add_vectors(std::span<view<device, T const> const> terms, std::type_identity_t<T> a,
                            view<device, T> y) {
        kernel::sum_vectors<T>(Launch{}, terms, a, y, false);
    }

private:
    template <class T>
    static kernel::accumulated<T> source_of(accumulation<device, T> const& t) {
        return {t.a, t.x.data(), t.b, t.y.data()};
    }
    // What sources write to vectors, with a bit for each.
    template <class T, class Source>
    static each_first_bad_later<device, T> make(std::vector<view<device, T>> sums, std::span<Source const> sources,
                                                scratch<device>& temporary) {
        auto const d = sums.front().size();
        if (d == 0) return {std::move(sums), nullptr};
        typename scratch<device>::scope const scope(temporary);
        auto const bad = temporary.template take<std::uint64_t>(sums.size());
        thrust::fill_n(device_policy(), bad.data(), bad.size(), std::uint64_t{0});
        std::vector<kernel::accumulate<T, Source>> kernels;
        for (std::size_t i = 0; i < sources.size(); ++i) kernels.push_back({sources[i], d, bad.data() + i});
        Launch{}(std::span(std::as_const(kernels)), kernel::tile<T>::count(d));
        return {std::move(sums), bad.data()};
    }
};

} // namespace terse
