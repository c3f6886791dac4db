// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/backend/added_before.hpp>
#include <terse/backend/coordinates_of.hpp>
#include <terse/backend/cuda/at_once.cuh>
#include <terse/backend/cuda/count_each.cuh>
#include <terse/backend/cuda/delta_bytes.cuh>
#include <terse/backend/cuda/fill_coordinates.cuh>
#include <terse/backend/cuda/largest.cuh>
#include <terse/backend/cuda/later.cuh>
#include <terse/backend/cuda/merge.cuh>
#include <terse/backend/cuda/move_entries.cuh>
#include <terse/backend/cuda/sum_entries.cuh>
#include <terse/backend/cuda/support.cuh>
#include <terse/backend/entry_move.hpp>
#include <terse/backend/largest_take.hpp>
#include <terse/backend/momentum_step.hpp>
#include <terse/error.hpp>

namespace terse {

/// Of kernel_verbs, those that choose and add up entries.
template <class Launch, class Device>
class entry_verbs {
    using device = Device;

public:
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

    /// For several workers, in as many launches as for one. Throws dimension_error, before anything is started, if they
    /// have not equally many indices and values.
    template <class T>
    static void move_entries(std::span<entry_move<device, T> const> all) {
        if (all.empty()) return;
        auto const k = all.front().from.size();
        std::vector<kernel::move_entries<T>> kernels;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& t = all[i];
            kernel::of_those_at_once const worker{"move_entries", i};
            worker.must_have(k, "indices", t.from.size());
            worker.must_have(k, "indices to write", t.indices.size());
            worker.must_have(k, "values", t.values.size());
            kernels.push_back({t.e.data(), t.from.data(), t.indices.data(), k, t.scale, t.values.data()});
        }
        constexpr auto threads = kernel::move_entries<T>::threads;
        if (k > 0) Launch{}(std::span(std::as_const(kernels)), (k + threads - 1) / threads);
    }

    static void draw_support(random_stream const& random, std::size_t d, view<device, index_t> indices,
                             scratch<device>& temporary) {
        kernel::draw_support(Launch{}, random, d, indices, temporary);
    }

    template <class T>
    static std::size_t merge(std::span<sparse_entries<device, T> const> messages, std::size_t dimension,
                             view<device, index_t> indices, view<device, T> values, scratch<device>& temporary) {
        return kernel::merge<T>(Launch{}, messages, dimension, indices, values, temporary);
    }
    /// y = a times the sum of the messages, in their order.
    template <class T>
    static void sum_entries(std::span<sparse_entries<device, T> const> messages, std::type_identity_t<T> a,
                            view<device, T> y) {
        kernel::sum_entries<T>(Launch{}, messages, a, y);
    }
    /// scatter_fill with the same value of each of several vectors, whose numbers of coordinates may differ.
    template <class T>
    static void scatter_fill_each(std::span<coordinates_of<device, T> const> all, std::type_identity_t<T> a) {
        kernel::fill_coordinates_of_each<T>(Launch{}, all, a);
    }
    /// delta_bytes of each of several, for one launch and one wait.
    static std::vector<std::uint64_t> delta_bytes_of_each(std::span<view<device, index_t const> const> all,
                                                          scratch<device>& temporary) {
        return kernel::count_each(Launch{}, all, temporary, 1024, [](auto const& indices, std::uint64_t* number) {
            return kernel::delta_bytes{indices.data(), indices.size(), number};
        });
    }

private:
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
