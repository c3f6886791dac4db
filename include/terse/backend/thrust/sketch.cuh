// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <thrust/fill.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/tabulate.h>
#include <thrust/transform.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/sketch_order.cuh>
#include <terse/backend/thrust/sketch_place.cuh>
#include <terse/backend/view.hpp>

/// Sketches on the device. A bucket must see its coordinates in their order, so that the bits are the host's: what goes
/// to a row is sorted by bucket, stably, and each bucket walks its own. For blocks of coordinates the plan keeps the
/// order; coordinates with classic hashing, and entries, are sorted every time.
namespace terse {

struct thrust_device;

namespace detail {

// How much is sorted at a time. Eight bytes for each, and as much for the sort.
inline constexpr std::size_t sorted_at_once = std::size_t{1} << 22;

// Every bucket of a row becomes what the items of its group make of it in their order.
template <class Items, class T>
void walk_row(Items const& items, std::uint32_t const* order, std::uint32_t const* begins, view<thrust_device, T> row) {
    thrust::for_each_n(device_policy(), thrust::counting_iterator<std::size_t>(0), row.size(),
                       element::walk_bucket<Items, T>{items, order, begins, row.data()});
}

// The same for all rows and n items, of which items(row, first) are those from the first on.
template <class T, class Make>
void put_in_rows(sketch_plan const& plan, view<thrust_device, T> table, std::size_t n, std::size_t at_once,
                 Make items) {
    buffer<thrust_device, std::uint32_t> groups, order, begins;
    for (std::size_t first = 0; first < n; first += at_once)
        for (std::size_t r = 0; r < plan.rows.size(); ++r) {
            auto const some = items(element::hashing_of(plan, r), first);
            groups.resize(std::min(at_once, n - first));
            order.resize(groups.size());
            begins.resize(plan.columns / some.cells + 1);
            sort_by_group(some, view<thrust_device, std::uint32_t>(groups), view<thrust_device, std::uint32_t>(order),
                          view<thrust_device, std::uint32_t>(begins));
            walk_row(some, order.data(), begins.data(), table.part(r * plan.columns, plan.columns));
        }
}

} // namespace detail

/// y <- b y + a x, and table = the sketch of y; x may be empty, for y as it is. Of coordinates with classic hashing, so
/// many are sorted at once.
template <class T>
void accumulate_sketch(T a, view<thrust_device, T const> x, T b, view<thrust_device, T> y, sketch_plan const& plan,
                       view<thrust_device, T> table, std::size_t at_once = detail::sorted_at_once) {
    bool const blocks = plan.hashing == sketch_hashing::blocks;
    auto const order = blocks ? order_of<thrust_device>(plan, y.size()) : nullptr; // before y changes: it may throw
    if (!x.empty())
        thrust::transform(device_policy(), x.data(), x.data() + x.size(), y.data(), y.data(),
                          element::weighted_sum<T>{a, b});
    thrust::fill_n(device_policy(), table.data(), table.size(), T(0));
    if (!blocks)
        return detail::put_in_rows(plan, table, y.size(), at_once,
                                   [&](element::row_hashing const& row, std::size_t first) {
                                       return element::add_coordinates<T>{row, y.data(), first};
                                   });
    for (std::size_t r = 0; r < plan.rows.size(); ++r)
        detail::walk_row(element::add_blocks<T>{{element::hashing_of(plan, r)}, y.data(), y.size()}, order->order_of(r),
                         order->begins_of(r), table.part(r * plan.columns, plan.columns));
}

/// table += a times the sketch of some entries.
template <class T>
void add_entries_to_sketch(T a, view<thrust_device, index_t const> indices, view<thrust_device, T const> values,
                           sketch_plan const& plan, view<thrust_device, T> table,
                           std::size_t at_once = detail::sorted_at_once) {
    detail::put_in_rows(plan, table, indices.size(), at_once, [&](element::row_hashing const& row, std::size_t first) {
        return element::add_entries<T>{row, indices.data() + first, values.data() + first, a};
    });
}

/// Zeros in every bucket of some coordinates.
template <class T>
void clear_in_sketch(view<thrust_device, index_t const> indices, sketch_plan const& plan, view<thrust_device, T> table,
                     std::size_t at_once = detail::sorted_at_once) {
    detail::put_in_rows(plan, table, indices.size(), at_once, [&](element::row_hashing const& row, std::size_t first) {
        return element::clear_entries<T>{row, indices.data() + first};
    });
}

/// y_i = the median over the rows, an odd number of them, of what coordinate i finds in its buckets.
template <class T>
void estimate_from_sketch(view<thrust_device, T const> table, sketch_plan const& plan, view<thrust_device, T> y) {
    buffer<thrust_device, sketch_hash> hashes(plan.rows.size());
    copy_to_device<sketch_hash>(plan.rows.data(), plan.rows.size(), hashes.data());
    auto const with = [&](auto most_rows) {
        thrust::tabulate(
            device_policy(), y.data(), y.data() + y.size(),
            element::sketch_estimate<T, decltype(most_rows)::value>{
                table.data(), hashes.data(), plan.rows.size(), plan.columns, plan.hashing == sketch_hashing::blocks});
    };
    if (plan.rows.size() <= 5)
        with(std::integral_constant<std::size_t, 5>());
    else
        with(std::integral_constant<std::size_t, 255>());
}

/// Of the verbs of sketches, the one that has a kernel for CUDA.
struct thrust_sketch_verbs {
    template <class T>
    static void accumulate_sketch(std::type_identity_t<T> a, input<thrust_device, T> x, std::type_identity_t<T> b,
                                  view<thrust_device, T> y, sketch_plan const& plan, view<thrust_device, T> table) {
        terse::accumulate_sketch<T>(a, x, b, y, plan, table);
    }
};

} // namespace terse
