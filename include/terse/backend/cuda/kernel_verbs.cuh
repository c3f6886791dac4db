// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <thrust/fill.h>
#include <thrust/transform.h>

#include <terse/backend/added_before.hpp>
#include <terse/backend/buffer.hpp>
#include <terse/backend/cuda/accumulate.cuh>
#include <terse/backend/cuda/delta_bytes.cuh>
#include <terse/backend/cuda/largest.cuh>
#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/levels.cuh>
#include <terse/backend/cuda/merge.cuh>
#include <terse/backend/cuda/signs.cuh>
#include <terse/backend/cuda/sum_signs.cuh>
#include <terse/backend/largest_take.hpp>
#include <terse/backend/momentum_step.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/error.hpp>

namespace terse {

/// Verbs of thrust_device in hand-written kernels, which Launch starts. Those that return a number wait for the device.
template <class Launch, class Device = thrust_device>
struct kernel_verbs {
    using device = Device;

    /// axpby, then first_non_finite of y, in one pass over memory if there is room for a bit.
    template <class T>
    static first_bad_later<device, T> accumulate(std::type_identity_t<T> a, input<device, T> x,
                                                 std::type_identity_t<T> b, view<device, T> y,
                                                 scratch<device>* temporary = nullptr) {
        if (y.empty()) return {y, nullptr};
        if (temporary == nullptr) {
            device::axpby(a, x, b, y);
            return {y, nullptr};
        }
        typename scratch<device>::scope const scope(*temporary);
        using source = kernel::accumulated<T>;
        auto* const bad = temporary->template take<std::uint64_t>(1).data();
        thrust::fill_n(device_policy(), bad, 1, std::uint64_t{0});
        Launch{}(kernel::accumulate<T, source>{{a, x.data(), b, y.data()}, y.size(), bad},
                 kernel::tile<T>::count(y.size()));
        return {y, bad};
    }

    template <class T>
    static void select_largest(input<device, T> x, std::size_t n, view<device, index_t> indices, view<device, T> values,
                               scratch<device>& temporary) {
        typename scratch<device>::scope const scope(temporary);
        kernel::largest_of<T, device, kernel::unchanged<T>> one{
            {x.data()}, indices.part(0, n), values.part(0, n), random_stream(0, purpose::sample)};
        kernel::select_largest(Launch{}, std::span(&one, 1), x.size(), temporary);
    }
    template <class T>
    static finite_later<T> take_largest(std::type_identity_t<T> a, input<device, T> g, std::type_identity_t<T> b,
                                        view<device, T> e, view<device, index_t> indices, view<device, T> values,
                                        random_stream const& random, scratch<device>& temporary) {
        return take_one<T>({a, g, b, e, indices, values, random}, temporary);
    }
    template <class T>
    static finite_later<T> take_largest(std::type_identity_t<T> a, momentum_step<device, T> const& g,
                                        std::type_identity_t<T> b, view<device, T> e, view<device, index_t> indices,
                                        view<device, T> values, random_stream const& random,
                                        scratch<device>& temporary) {
        return take_one<T, momentum_step<device, T>>({a, g, b, e, indices, values, random}, temporary);
    }
    template <class T>
    static finite_later<T> take_largest(std::type_identity_t<T> a, added_before<device, T> const& g,
                                        std::type_identity_t<T> b, view<device, T> e, view<device, index_t> indices,
                                        view<device, T> values, random_stream const& random,
                                        scratch<device>& temporary) {
        return take_one<T, added_before<device, T>>({a, g, b, e, indices, values, random}, temporary);
    }
    /// For several workers, in as many launches as for one; temporary memory is what they need together. Throws
    /// dimension_error, before anything is started, if their vectors, or their numbers of entries, are not equally
    /// long.
    template <class T, class G>
    static each_finite_later<T> take_largest(std::span<largest_take<device, T, G> const> all,
                                             scratch<device>& temporary) {
        if (all.empty()) return {nullptr, 0};
        auto const d = all.front().e.size(), k = all.front().indices.size();
        std::vector<kernel::largest_of<T, device, decltype(source_of(all.front()))>> selections;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& t = all[i];
            if (t.e.size() != d || t.indices.size() != k || t.values.size() != k)
                throw dimension_error("take_largest: worker " + std::to_string(i) + " of those at once has " +
                                      std::to_string(t.e.size()) + " coordinates and room for " +
                                      std::to_string(t.indices.size()) + " indices and " +
                                      std::to_string(t.values.size()) + " values, but the first has " +
                                      std::to_string(d) + " and room for " + std::to_string(k));
            selections.push_back({source_of(t), t.indices, t.values, t.random});
        }
        typename scratch<device>::scope const scope(temporary);
        kernel::select_largest(Launch{}, std::span(selections), d, temporary);
        return {selections.front().selected, selections.size()};
    }

    /// Which of several vectors are finite, for one launch and one wait.
    template <class T>
    static std::vector<bool> finite(std::span<view<device, T const> const> all, scratch<device>& temporary) {
        auto const bad = count_each(all, temporary, kernel::tile<T>::size, [](auto const& x, std::uint64_t* number) {
            return kernel::accumulate<T, kernel::unchanged<T>>{{x.data()}, x.size(), number};
        });
        std::vector<bool> each;
        for (auto const b : bad) each.push_back(b == 0);
        return each;
    }
    /// delta_bytes of each of several, for one launch and one wait.
    static std::vector<std::uint64_t> delta_bytes_of_each(std::span<view<device, index_t const> const> all,
                                                          scratch<device>& temporary) {
        return count_each(all, temporary, 1024, [](auto const& indices, std::uint64_t* number) {
            return kernel::delta_bytes{indices.data(), indices.size(), number};
        });
    }

    template <class T>
    static std::size_t merge(std::span<sparse_entries<device, T> const> messages, std::size_t dimension,
                             view<device, index_t> indices, view<device, T> values, scratch<device>& temporary) {
        return kernel::merge<T>(Launch{}, messages, dimension, indices, values, temporary);
    }

    template <class T>
    static double pack_signs(view<device, T> x, view<device, std::uint64_t> words) {
        using number = std::remove_const_t<T>;
        buffer<device, double> sums(kernel::blocks_of_signs(x.size()));
        return kernel::take_signs<number>(Launch{}, kernel::unchanged<number>{x.data()}, x.size(), words,
                                          view<device, double>(sums));
    }
    template <class T>
    static double accumulate_signs(std::type_identity_t<T> a, input<device, T> x, std::type_identity_t<T> scale,
                                   std::type_identity_t<T> b, view<device, T> e, view<device, std::uint64_t> words,
                                   scratch<device>& temporary) {
        typename scratch<device>::scope const scope(temporary);
        auto const sums = temporary.template take<double>(kernel::blocks_of_signs(e.size()));
        auto const take = [&](auto const& source) {
            return kernel::take_signs<T>(Launch{}, source, e.size(), words, sums);
        };
        if (scale == T(0)) return take(kernel::accumulated<T>{a, x.data(), b, e.data()});
        return take(kernel::resumed<T>{a, x.data(), scale, b, e.data()});
    }
    template <class T>
    static void sum_signs(std::span<signed_by<device, T> const> terms, std::type_identity_t<T> a, view<device, T> y) {
        kernel::sum_signs<T>(Launch{}, terms, a, y);
    }
    template <class T>
    static void subtract_signs(std::type_identity_t<T> scale, view<device, T> e) {
        thrust::transform(device_policy(), e.data(), e.data() + e.size(), e.data(),
                          element::less_scaled_sign<T>{scale});
    }

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
            std::size_t const bad = accumulate<T>(a, g, b, e, &temporary); // before a bucket with NaN becomes NaN
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

    // What kernels of one launch leave in numbers that are 0 at first, of each vector one.
    template <class X, class F>
    static std::vector<std::uint64_t> count_each(std::span<X const> all, scratch<device>& temporary,
                                                 std::size_t size_of_block, F kernel_of) {
        typename scratch<device>::scope const scope(temporary);
        auto* const numbers = temporary.template take<std::uint64_t>(all.size()).data();
        thrust::fill_n(device_policy(), numbers, all.size(), std::uint64_t{0});
        std::vector<decltype(kernel_of(all[0], numbers))> kernels;
        std::size_t longest = 0;
        for (auto const& x : all) {
            kernels.push_back(kernel_of(x, numbers + kernels.size()));
            longest = std::max(longest, x.size());
        }
        if (longest > 0) Launch{}(std::span(std::as_const(kernels)), (longest + size_of_block - 1) / size_of_block);
        std::vector<std::uint64_t> each(all.size());
        copy_to_host(numbers, each.size(), each.data());
        return each;
    }

    template <class T>
    static auto source_of(largest_take<device, T, input<device, T>> const& t) {
        return kernel::accumulated<T>{t.a, t.g.data(), t.b, t.e.data()};
    }
    template <class T>
    static auto source_of(largest_take<device, T, momentum_step<device, T>> const& t) {
        return kernel::accumulated_momentum<T>{t.a,          t.g.beta, t.g.g.data(), t.g.m.data(),
                                               t.g.nesterov, t.b,      t.e.data()};
    }
    template <class T>
    static auto source_of(largest_take<device, T, added_before<device, T>> const& t) {
        return kernel::accumulated_after_addition<T>{t.a, t.g.x.data(), t.g.a, t.g.u.data(), t.b, t.e.data()};
    }
    template <class T, class G = input<device, T>>
    static finite_later<T> take_one(largest_take<device, T, G> const& t, scratch<device>& temporary) {
        return take_largest(std::span(&t, 1), temporary)[0];
    }
};

} // namespace terse
