// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <thrust/fill.h>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/cuda/at_once.cuh>
#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/levels.cuh>
#include <terse/backend/cuda/sum_levels.cuh>
#include <terse/backend/cuda/vector_verbs.cuh>
#include <terse/backend/level_take.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/thrust/policy.cuh>
#include <terse/random.hpp>

namespace terse {

/// Of kernel_verbs, those of levels.
template <class Launch, class Device>
class level_verbs {
    using device = Device;

public:
    template <class T>
    static void quantize(input<device, T> x, level_grid const& grid, view<device, T> units,
                         view<device, std::uint64_t> words, random_stream const& random) {
        if (x.empty()) return;
        if (grid.norm != norm::given && grid.bucket < long_bucket)
            start(std::vector{units_of(kernel::unchanged<T>{x.data()}, x.size(), grid, units, nullptr)}, units.size());
        else if (grid.norm != norm::given)
            units_by_thrust<T>(x, grid, units);
        start(std::vector{rounding_of<T>(x, grid, units, words, random, nullptr)}, groups_of(x.size()));
    }
    /// e <- b e + a g, which is quantized, and what that gives leaves e. Returns the first coordinate at which b e + a
    /// g is not finite, or the size. The norm of the grid is not one that is given.
    template <class T>
    static coordinate_later take_quantized(std::type_identity_t<T> a, input<device, T> g, std::type_identity_t<T> b,
                                           view<device, T> e, level_grid const& grid, view<device, T> units,
                                           view<device, std::uint64_t> words, random_stream const& random,
                                           scratch<device>& temporary) {
        level_take<device, T> const one{a, g, b, e, units, words, random};
        return take_quantized(std::span(&one, 1), grid, temporary)[0];
    }
    /// For several workers, in as many launches as for one, but for the norms of buckets that are too long for half a
    /// warp. Throws dimension_error, before anything is started, if their vectors are not equally long, or one has not
    /// the units and words of the grid.
    template <class T>
    static each_coordinate_later take_quantized(std::span<level_take<device, T> const> all, level_grid const& grid,
                                                scratch<device>& temporary) {
        if (all.empty()) return each_coordinate_later({});
        auto const d = all.front().e.size();
        for (std::size_t i = 0; i < all.size(); ++i) {
            kernel::of_those_at_once const worker{"take_quantized", i};
            worker.must_have(d, "coordinates", all[i].e.size());
            worker.must_have(d, "numbers to add", all[i].g.size());
            worker.must_have(grid.buckets(d), "units", all[i].units.size());
            worker.must_have(grid.words(d), "words", all[i].words.size());
        }
        if (d == 0) return each_coordinate_later(std::vector(all.size(), d));
        typename scratch<device>::scope const scope(temporary);
        auto found = grid.bucket < long_bucket ? units_in_passing<T>(all, d, grid, temporary)
                                               : units_afterwards<T>(all, grid, temporary);
        std::vector<kernel::round_groups<T>> rounding;
        for (auto const& t : all) rounding.push_back(rounding_of<T>(t.e, grid, t.units, t.words, t.random, t.e.data()));
        start(rounding, groups_of(d));
        return found;
    }
    /// y = a times the sum of the terms, in their order; their buckets are equally long.
    template <class T>
    static void sum_levels(std::span<levels_by<device, T> const> terms, std::type_identity_t<T> a, view<device, T> y) {
        kernel::sum_levels<T>(Launch{}, terms, a, y);
    }

private:
    static constexpr std::size_t long_bucket = 65536; ///< too long for half a warp

    static constexpr std::size_t groups_of(std::size_t d) { return (d + 63) / 64; }

    /// Kernels of n things each.
    template <class K>
    static void start(std::vector<K> const& kernels, std::size_t n) {
        Launch{}(std::span(kernels), (n + K::at_once - 1) / K::at_once);
    }

    template <class T>
    static each_coordinate_later units_in_passing(std::span<level_take<device, T> const> all, std::size_t d,
                                                  level_grid const& grid, scratch<device>& temporary) {
        auto const bad = temporary.template take<std::uint64_t>(all.size());
        thrust::fill_n(device_policy(), bad.data(), bad.size(), std::uint64_t{d});
        std::vector<kernel::bucket_units<T, kernel::accumulated<T>>> kernels;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& t = all[i];
            kernel::accumulated<T> const source{t.a, t.g.data(), t.b, t.e.data()};
            kernels.push_back(units_of(source, d, grid, t.units, bad.data() + i));
        }
        start(kernels, grid.buckets(d));
        return {bad.data(), all.size()};
    }
    template <class T>
    static each_coordinate_later units_afterwards(std::span<level_take<device, T> const> all, level_grid const& grid,
                                                  scratch<device>& temporary) {
        std::vector<accumulation<device, T>> sums;
        for (auto const& t : all) sums.push_back({t.a, t.g, t.b, t.e});
        auto const later =
            vector_verbs<Launch, Device>::template accumulate<T>(std::span(std::as_const(sums)), temporary);
        auto found = later.found(); // before a bucket with NaN becomes NaN
        for (auto const& t : all) units_by_thrust<T>(t.e, grid, t.units);
        return each_coordinate_later(std::move(found));
    }

    template <class T>
    static void units_by_thrust(view<device, T const> x, level_grid const& grid, view<device, T> units) {
        find_units<T>(view<thrust_device, T const>(x.data(), x.size()), grid, {units.data(), units.size()});
    }
    template <class T, template <class> class Source>
    static kernel::bucket_units<T, Source<T>> units_of(Source<T> const& source, std::size_t d, level_grid const& grid,
                                                       view<device, T> units, std::uint64_t* bad) {
        return {source, d, grid.bucket, grid.levels, grid.norm == norm::l2, units.data(), bad};
    }
    template <class T>
    static kernel::round_groups<T> rounding_of(input<device, T> x, level_grid const& grid, view<device, T> units,
                                               view<device, std::uint64_t> words, random_stream const& random, T* e) {
        return {x.data(),     x.size(), units.data(), grid.bucket, grid.levels, grid.width(), {random.get_parameters()},
                words.data(), e};
    }
};

} // namespace terse
