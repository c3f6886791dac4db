// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/cuda/accumulate.cuh>
#include <terse/backend/cuda/at_once.cuh>
#include <terse/backend/cuda/sum_of_squares.cuh>
#include <terse/backend/scaling.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// Of kernel_verbs, axpby, scale and sum_of_squares of vectors of several workers, in as many launches as of one. They
/// throw dimension_error, before anything is started, if the vectors are not equally long.
template <class Launch, class Device>
class each_verbs {
    using device = Device;

public:
    template <class T>
    static void axpby_each(std::span<accumulation<device, T> const> all) {
        std::vector<kernel::accumulate<T, kernel::accumulated<T>>> kernels;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& t = all[i];
            kernel::of_those_at_once const worker{"axpby_each", i};
            worker.must_have(all[0].y.size(), "coordinates", t.y.size());
            worker.must_have(all[0].y.size(), "numbers to add", t.x.size());
            kernels.push_back({{t.a, t.x.data(), t.b, t.y.data()}, t.y.size(), nullptr});
        }
        start<T>(kernels);
    }
    template <class T>
    static void scale_each(std::span<scaling<device, T> const> all) {
        std::vector<kernel::accumulate<T, kernel::multiplied<T>>> kernels;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& t = all[i];
            kernel::of_those_at_once{"scale_each", i}.must_have(all[0].y.size(), "coordinates", t.y.size());
            kernels.push_back({{t.a, t.y.data()}, t.y.size(), nullptr});
        }
        start<T>(kernels);
    }
    /// With one wait for all.
    template <class T>
    static std::vector<double> sum_of_squares_each(std::span<view<device, T const> const> all,
                                                   scratch<device>& temporary) {
        for (std::size_t i = 0; i < all.size(); ++i)
            kernel::of_those_at_once{"sum_of_squares_each", i}.must_have(all[0].size(), "coordinates", all[i].size());
        return kernel::sum_of_squares_each<T>(Launch{}, all, temporary);
    }

private:
    template <class T, class K>
    static void start(std::vector<K> const& kernels) {
        if (!kernels.empty() && kernels.front().d > 0)
            Launch{}(std::span(kernels), kernel::tile<T>::count(kernels.front().d));
    }
};

} // namespace terse
