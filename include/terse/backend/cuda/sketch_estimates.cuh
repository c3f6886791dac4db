// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/sources.cuh>
#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/thrust/sketch_place.cuh>

namespace terse::kernel {

/// A source of what a sketch by blocks estimates, which is written to y. A pack lies within a block, and is hashed once
/// for each row.
template <class T>
struct sketch_estimates {
    static constexpr bool moves_out = false;
    static constexpr unsigned most_rows = 5;
    static_assert(sketch_block % pack<T>::size == 0);
    using raw = pack<T>;

    T const* table;
    element::row_hashing rows[most_rows];
    unsigned count; ///< of rows, odd
    T* y;
    bool aligned = aligned_for_packs(y);

    static bool fits(sketch_plan const& plan) {
        return plan.hashing == sketch_hashing::blocks && plan.rows.size() <= most_rows;
    }
    static sketch_estimates of(T const* table, sketch_plan const& plan, T* y) {
        sketch_estimates all{table, {}, static_cast<unsigned>(plan.rows.size()), y};
        for (unsigned r = 0; r < all.count; ++r) all.rows[r] = element::hashing_of(plan, r);
        return all;
    }

    __device__ T operator()(std::size_t i) const {
        T found[most_rows];
        for (unsigned r = 0; r < most_rows; ++r) found[r] = r < count ? in_row(r, rows[r].hash(i / 16), i) : T(0);
        return middle(found);
    }
    __device__ raw read(std::size_t i) const {
        T found[pack<T>::size][most_rows];
        for (unsigned r = 0; r < most_rows; ++r) {
            auto const h = rows[r].hash(i / 16);
            for (unsigned j = 0; j < pack<T>::size; ++j) found[j][r] = r < count ? in_row(r, h, i + j) : T(0);
        }
        raw all;
        for (unsigned j = 0; j < pack<T>::size; ++j) all.x[j] = middle(found[j]);
        return all;
    }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        r.write(y + i, aligned);
        return r;
    }
    __device__ T step(std::size_t i) const { return y[i] = (*this)(i); }
    __host__ __device__ T const* now() const { return y; }

private:
    /// The median, by numbers of rows that the compiler knows, so that what was found stays in registers.
    __device__ T middle(T* found) const {
        static_assert(most_rows == 5);
        if (count == 1) return element::median(found, 1);
        return count == 3 ? element::median(found, 3) : element::median(found, 5);
    }
    /// What coordinate i, of a block with this hash, finds in a row.
    __device__ T in_row(unsigned r, std::uint64_t h, std::size_t i) const {
        auto const& row = rows[r];
        auto const lane = static_cast<unsigned>(i % 16);
        auto const column = 16 * row.bucket(h, row.columns / 16) + (lane ^ static_cast<unsigned>(h & 15));
        auto const x = table[r * row.columns + column];
        return (h >> (4 + lane) & 1) != 0 ? -x : x;
    }
};

} // namespace terse::kernel
