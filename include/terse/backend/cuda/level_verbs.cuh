// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <thrust/fill.h>

#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/levels.cuh>
#include <terse/backend/cuda/vector_verbs.cuh>
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
            launch_units<T>(kernel::unchanged<T>{x.data()}, x.size(), grid, units, nullptr);
        else if (grid.norm != norm::given)
            find_units<T>(x, grid, units);
        launch_rounding<T>(x, grid, units, words, random, nullptr);
    }
    /// e <- b e + a g, which is quantized, and what that gives leaves e. Returns the first coordinate at which b e + a
    /// g is not finite, or the size. The norm of the grid is not one that is given.
    template <class T>
    static coordinate_later take_quantized(std::type_identity_t<T> a, input<device, T> g, std::type_identity_t<T> b,
                                           view<device, T> e, level_grid const& grid, view<device, T> units,
                                           view<device, std::uint64_t> words, random_stream const& random,
                                           scratch<device>& temporary) {
        if (e.empty()) return coordinate_later(e.size());
        typename scratch<device>::scope const scope(temporary);
        auto const round = [&] { launch_rounding<T>(e, grid, units, words, random, e.data()); };
        if (grid.bucket >= long_bucket) {
            std::size_t const bad = vector_verbs<Launch, Device>::template accumulate<T>(
                a, g, b, e, &temporary); // before a bucket with NaN becomes NaN
            find_units<T>(e, grid, units);
            round();
            return coordinate_later(bad);
        }
        auto* const bad = temporary.template take<std::uint64_t>(1).data();
        thrust::fill_n(device_policy(), bad, 1, std::uint64_t{e.size()});
        launch_units<T>(kernel::accumulated<T>{a, g.data(), b, e.data()}, e.size(), grid, units, bad);
        round();
        return coordinate_later(bad);
    }

private:
    static constexpr std::size_t long_bucket = 65536; ///< too long for half a warp

    static constexpr std::size_t blocks_for(std::size_t n, unsigned at_once) { return (n + at_once - 1) / at_once; }

    template <class T, class Source>
    static void launch_units(Source const& source, std::size_t d, level_grid const& grid, view<device, T> units,
                             std::uint64_t* bad) {
        using norms = kernel::bucket_units<T, Source>;
        Launch{}(norms{source, d, grid.bucket, grid.levels, grid.norm == norm::l2, units.data(), bad},
                 blocks_for(units.size(), norms::at_once));
    }
    template <class T>
    static void launch_rounding(input<device, T> x, level_grid const& grid, view<device, T> units,
                                view<device, std::uint64_t> words, random_stream const& random, T* e) {
        using rounding = kernel::round_groups<T>;
        Launch{}(rounding{x.data(),
                          x.size(),
                          units.data(),
                          grid.bucket,
                          grid.levels,
                          grid.width(),
                          {random.get_parameters()},
                          words.data(),
                          e},
                 blocks_for((x.size() + 63) / 64, rounding::at_once));
    }
};

} // namespace terse
