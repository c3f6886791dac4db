// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <thrust/fill.h>

#include <terse/backend/cuda/at_once.cuh>
#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/levels.cuh>
#include <terse/backend/cuda/long_buckets.cuh>
#include <terse/backend/cuda/sum_levels.cuh>
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
        if (grid.norm != norm::given) {
            scratch<device> temporary;
            find_units(std::vector{kernel::unchanged<T>{x.data()}}, std::vector{units}, x.size(), grid, nullptr,
                       temporary);
        }
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
    /// For several workers, in as many launches as for one. Throws dimension_error, before anything is started, if
    /// their vectors are not equally long, or one has not the units and words of the grid.
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
        auto const bad = temporary.template take<std::uint64_t>(all.size());
        thrust::fill_n(device_policy(), bad.data(), bad.size(), std::uint64_t{d});
        std::vector<kernel::accumulated<T>> sums;
        std::vector<view<device, T>> units;
        for (auto const& t : all) {
            sums.push_back({t.a, t.g.data(), t.b, t.e.data()});
            units.push_back(t.units);
        }
        find_units(sums, units, d, grid, bad.data(), temporary);
        std::vector<kernel::round_groups<T>> rounding;
        for (auto const& t : all) rounding.push_back(rounding_of<T>(t.e, grid, t.units, t.words, t.random, t.e.data()));
        start(rounding, groups_of(d));
        return {bad.data(), all.size()};
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

    /// The units of the buckets of several sources of d numbers each, which are made. If `bad` is given, the number
    /// there of each source is lowered to the first coordinate that is not finite.
    template <class T, template <class> class Source>
    static void find_units(std::vector<Source<T>> const& sources, std::vector<view<device, T>> const& units,
                           std::size_t d, level_grid const& grid, std::uint64_t* bad, scratch<device>& temporary) {
        auto const n = grid.buckets(d), bucket = std::min(grid.bucket, d);
        auto const to = [&](std::size_t i) {
            return kernel::buckets_to<T>{d, bucket, grid.levels, grid.norm == norm::l2, units[i].data()};
        };
        auto const bad_of = [&](std::size_t i) { return bad == nullptr ? nullptr : bad + i; };
        if (bucket < long_bucket) {
            std::vector<kernel::bucket_units<T, Source<T>>> kernels;
            for (std::size_t i = 0; i < sources.size(); ++i) kernels.push_back({sources[i], to(i), bad_of(i)});
            return start(kernels, n);
        }
        typename scratch<device>::scope const scope(temporary);
        auto const blocks = n * kernel::blocks_in_order(bucket);
        auto const squares = temporary.template take<double>(sources.size() * blocks);
        auto const largest = temporary.template take<magnitude_t<T>>(sources.size() * blocks);
        std::vector<kernel::figures_of_blocks<T, Source<T>>> figures;
        std::vector<kernel::units_from_blocks<T>> kernels;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            auto* const sums = squares.data() + i * blocks;
            auto* const most = largest.data() + i * blocks;
            figures.push_back({sources[i], d, bucket, sums, most, bad_of(i)});
            kernels.push_back({sources[i].now(), to(i), sums, most});
        }
        start(figures, blocks);
        start(kernels, n);
    }
    template <class T>
    static kernel::round_groups<T> rounding_of(input<device, T> x, level_grid const& grid, view<device, T> units,
                                               view<device, std::uint64_t> words, random_stream const& random, T* e) {
        return {x.data(),     x.size(), units.data(), grid.bucket, grid.levels, grid.width(), {random.get_parameters()},
                words.data(), e};
    }
};

} // namespace terse
