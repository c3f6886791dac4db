// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <thrust/functional.h> // brings __host__ and __device__ to other compilers than nvcc

#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/view.hpp>

/// Where coordinates go in a sketch, by the operations of sketch_plan.hpp on the device, and what they do there.
namespace terse::element {

/// A row of a sketch_plan.
struct row_hashing {
    std::uint64_t times, plus;
    std::uint64_t columns;
    bool blocks;

    __host__ __device__ std::uint64_t hash(std::uint64_t x) const {
        std::uint64_t h = x * times + plus;
        h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93u;
        return h ^ (h >> 32);
    }
    __host__ __device__ static std::uint32_t bucket(std::uint64_t h, std::uint64_t n) {
        return static_cast<std::uint32_t>((h >> 32) * n >> 32);
    }

    struct place {
        std::uint32_t column;
        bool negative;
    };
    __host__ __device__ place operator()(std::uint64_t i) const {
        if (!blocks) {
            auto const h = hash(i);
            return {bucket(h, columns), (h & 1) != 0};
        }
        auto const h = hash(i / 16);
        auto const lane = static_cast<std::uint32_t>(i % 16);
        return {16 * bucket(h, columns / 16) + (lane ^ static_cast<std::uint32_t>(h & 15)), (h >> (4 + lane) & 1) != 0};
    }
};
static_assert(sketch_block == 16);

inline row_hashing hashing_of(sketch_plan const& plan, std::size_t row) {
    return {plan.rows[row].times, plan.rows[row].plus, plan.columns, plan.hashing == sketch_hashing::blocks};
}

// Items: things with numbers that go to a row. Each belongs to a group of so many buckets, `cells`, and makes another
// number of what is in one of them.

/// Blocks of sixteen coordinates, whatever these are.
struct blocks_of_row {
    static constexpr std::uint32_t cells = 16;
    row_hashing row;

    __host__ __device__ std::uint32_t group(std::uint64_t j) const {
        return row.bucket(row.hash(j), row.columns / cells);
    }
};

/// Blocks of x; the last may be shorter.
template <class T>
struct add_blocks : blocks_of_row {
    T const* x;
    std::size_t size;

    __host__ __device__ T operator()(T sum, std::uint64_t j, std::uint32_t cell) const {
        auto const h = row.hash(j);
        auto const lane = cell ^ static_cast<std::uint32_t>(h & 15);
        auto const i = 16 * j + lane;
        if (i >= size) return sum;
        return sum + ((h >> (4 + lane) & 1) != 0 ? -x[i] : x[i]);
    }
};

/// Coordinates of x, from the first on.
template <class T>
struct add_coordinates {
    static constexpr std::uint32_t cells = 1;
    row_hashing row;
    T const* x;
    std::uint64_t first;

    __host__ __device__ std::uint32_t group(std::uint64_t j) const { return row(first + j).column; }
    __host__ __device__ T operator()(T sum, std::uint64_t j, std::uint32_t) const {
        auto const i = first + j;
        return sum + (row(i).negative ? -x[i] : x[i]);
    }
};

/// a times some entries.
template <class T>
struct add_entries {
    static constexpr std::uint32_t cells = 1;
    row_hashing row;
    index_t const* indices;
    T const* values;
    T a;

    __host__ __device__ std::uint32_t group(std::uint64_t j) const { return row(indices[j]).column; }
    __host__ __device__ T operator()(T sum, std::uint64_t j, std::uint32_t) const {
        return sum + (row(indices[j]).negative ? -a * values[j] : a * values[j]);
    }
};

/// Entries whose buckets become zero.
template <class T>
struct clear_entries {
    static constexpr std::uint32_t cells = 1;
    row_hashing row;
    index_t const* indices;

    __host__ __device__ std::uint32_t group(std::uint64_t j) const { return row(indices[j]).column; }
    __host__ __device__ T operator()(T, std::uint64_t, std::uint32_t) const { return T(0); }
};

template <class Items>
struct group_of {
    Items items;
    __host__ __device__ std::uint32_t operator()(std::size_t j) const { return items.group(j); }
};

/// A bucket goes through the items of its group, `order[begins[g]], .., order[begins[g + 1] - 1]`.
template <class Items, class T>
struct walk_bucket {
    Items items;
    std::uint32_t const* order;
    std::uint32_t const* begins;
    T* row;

    __host__ __device__ void operator()(std::size_t c) const {
        auto const g = c / Items::cells;
        T sum = row[c];
        for (auto n = begins[g]; n < begins[g + 1]; ++n)
            sum = items(sum, order[n], static_cast<std::uint32_t>(c % Items::cells));
        row[c] = sum;
    }
};

/// The median of an odd number of values, which are put into another order: detail::median on the device.
template <class T>
__host__ __device__ T median(T* x, std::size_t n) {
    auto const least = [](T a, T b) { return a < b ? a : b; };
    auto const most = [](T a, T b) { return a > b ? a : b; };
    if (n == 1) return x[0];
    if (n == 3) return most(least(x[0], x[1]), least(most(x[0], x[1]), x[2]));
    if (n == 5) {
        auto const f = most(least(x[0], x[1]), least(x[2], x[3])), g = least(most(x[0], x[1]), most(x[2], x[3]));
        return most(least(x[4], f), least(g, most(x[4], f)));
    }
    for (std::size_t i = 1; i < n; ++i) {
        auto const own = x[i];
        auto j = i;
        for (; j > 0 && own < x[j - 1]; --j) x[j] = x[j - 1];
        x[j] = own;
    }
    return x[n / 2] + T(0);
}

/// What coordinate i finds in its buckets, in the middle of it. So many rows at most, an array for each thread.
template <class T, std::size_t most_rows>
struct sketch_estimate {
    T const* table;
    sketch_hash const* hashes;
    std::size_t rows;
    std::uint64_t columns;
    bool blocks;

    __host__ __device__ T operator()(std::size_t i) const {
        T found[most_rows];
        for (std::size_t r = 0; r < rows; ++r) {
            auto const at = row_hashing{hashes[r].times, hashes[r].plus, columns, blocks}(i);
            auto const x = table[r * columns + at.column];
            found[r] = at.negative ? -x : x;
        }
        return median(found, rows);
    }
};

} // namespace terse::element
