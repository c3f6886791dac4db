// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <thrust/binary_search.h>
#include <thrust/fill.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#include <thrust/tabulate.h>
#include <thrust/transform.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/sketch_place.cuh>
#include <terse/backend/view.hpp>

/// Sketches on the device. A bucket must see its coordinates in their order, so that the bits are the host's: what goes
/// to a row is sorted by bucket, stably, and each bucket walks its own. For every row that is a sort of d / 16 pairs,
/// or of d with classic hashing.
namespace terse {

struct thrust_device;

namespace detail {

// How much is sorted at a time. Eight bytes for each, and as much for the sort.
inline constexpr std::size_t sorted_at_once = std::size_t{1} << 22;

// The groups that items belong to, ascending; the numbers of these items; and where each group begins.
struct sketch_order {
    buffer<thrust_device, std::uint32_t> groups, items, begins;
};

// Every bucket of a row becomes what n items, those of its group, make of it in their order.
template <class Items, class T>
void put_in_row(Items const& items, std::size_t n, view<thrust_device, T> row, sketch_order& order) {
    auto const groups = row.size() / Items::cells;
    order.groups.resize(n), order.items.resize(n), order.begins.resize(groups + 1);
    auto* const keys = order.groups.data();
    thrust::tabulate(device_policy(), keys, keys + n, element::group_of<Items>{items});
    thrust::sequence(device_policy(), order.items.data(), order.items.data() + n);
    thrust::stable_sort_by_key(device_policy(), keys, keys + n, order.items.data());
    thrust::counting_iterator<std::uint32_t> const group(0);
    thrust::lower_bound(device_policy(), keys, keys + n, group, group + static_cast<std::ptrdiff_t>(groups + 1),
                        order.begins.data());
    thrust::for_each_n(device_policy(), thrust::counting_iterator<std::size_t>(0), row.size(),
                       element::walk_bucket<Items, T>{items, order.items.data(), order.begins.data(), row.data()});
}

// put_in_row for all rows and n items, of which items(row, first) are those from the first on.
template <class T, class Make>
void put_in_rows(sketch_plan const& plan, view<thrust_device, T> table, std::size_t n, std::size_t at_once,
                 Make items) {
    sketch_order order;
    for (std::size_t first = 0; first < n; first += at_once)
        for (std::size_t r = 0; r < plan.rows.size(); ++r) {
            element::row_hashing const row{plan.rows[r].times, plan.rows[r].plus, plan.columns,
                                           plan.hashing == sketch_hashing::blocks};
            put_in_row(items(row, first), std::min(at_once, n - first), table.part(r * plan.columns, plan.columns),
                       order);
        }
}

} // namespace detail

/// y <- b y + a x, and table = the sketch of y; x may be empty, for y as it is. Of the blocks or, with classic hashing,
/// coordinates, so many are sorted at once.
template <class T>
void accumulate_sketch(T a, view<thrust_device, T const> x, T b, view<thrust_device, T> y, sketch_plan const& plan,
                       view<thrust_device, T> table, std::size_t at_once = detail::sorted_at_once) {
    if (!x.empty())
        thrust::transform(device_policy(), x.data(), x.data() + x.size(), y.data(), y.data(),
                          element::weighted_sum<T>{a, b});
    thrust::fill_n(device_policy(), table.data(), table.size(), T(0));
    if (plan.hashing == sketch_hashing::blocks)
        detail::put_in_rows(plan, table, (y.size() + sketch_block - 1) / sketch_block, at_once,
                            [&](element::row_hashing const& row, std::size_t first) {
                                return element::add_blocks<T>{row, y.data(), y.size(), first};
                            });
    else
        detail::put_in_rows(plan, table, y.size(), at_once, [&](element::row_hashing const& row, std::size_t first) {
            return element::add_coordinates<T>{row, y.data(), first};
        });
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

} // namespace terse
