// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <terse/backend/cpu/accumulate.hpp>
#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/sketch_kernels.hpp>
#include <terse/backend/cpu/terms.hpp>
#include <terse/backend/sketch_plan.hpp>
#include <terse/backend/view.hpp>

namespace terse {

namespace detail {

/// Coordinates that go to one row after the other: they and a row of some ten thousand columns fit the second cache.
inline constexpr std::size_t sketch_chunk = 1024 * sketch_block;

} // namespace detail

/// table += the sketch of x, in the order of the coordinates; x begins at coordinate `first`, a multiple of sixteen.
/// What is `ahead` is asked for in the meantime.
template <class T>
void add_to_sketch(view<cpu, T const> x, std::uint64_t first, sketch_plan const& plan, view<cpu, T> table,
                   instruction_set form = best_instruction_set(), detail::ahead_of<T> ahead = {}) {
    std::size_t i = 0;
    if (plan.hashing == sketch_hashing::blocks) {
        for (std::size_t n = 0; i + sketch_block <= x.size(); i += n) {
            n = std::min(detail::sketch_chunk, (x.size() - i) / sketch_block * sketch_block);
            auto const block = (first + i) / sketch_block;
#if defined(__x86_64__)
            if constexpr (std::is_same_v<T, float>)
                if (form != instruction_set::portable) {
                    auto const add =
                        form == instruction_set::avx512 ? detail::add_blocks_avx512 : detail::add_blocks_avx2;
                    add(x.data() + i, block, n / sketch_block, plan, table.data(), ahead);
                    continue;
                }
#endif
            detail::add_blocks<detail::portable_blocks>(x.data() + i, block, n / sketch_block, plan, table.data(),
                                                        ahead);
        }
    }
    for (; i < x.size(); ++i)
        for (std::size_t row = 0; row < plan.rows.size(); ++row) {
            auto const p = plan(row, first + i);
            table[p.at] += p.negative ? -x[i] : x[i];
        }
}

/// y <- b y + a x, and table = the sketch of y, in one pass; x may be empty, for y as it is.
template <class T>
void accumulate_sketch(T a, view<cpu, T const> x, T b, view<cpu, T> y, sketch_plan const& plan, view<cpu, T> table,
                       instruction_set form = best_instruction_set()) {
    std::fill(table.begin(), table.end(), T(0));
    for (std::size_t i = 0; i < y.size(); i += detail::sketch_chunk) {
        auto const n = std::min(detail::sketch_chunk, y.size() - i);
        auto const part = y.part(i, n);
        if (!x.empty()) accumulate<T>(a, x.part(i, n), b, part);
        detail::ahead_of<T> ahead{};
        if (y.size() - i - n >= detail::sketch_chunk) ahead = {part.data() + n, x.empty() ? nullptr : x.data() + i + n};
        add_to_sketch<T>(part, i, plan, table, form, ahead);
    }
}

/// y_i = the median over the rows, an odd number of them, of what coordinate i finds in its buckets.
template <class T>
void estimate_from_sketch(view<cpu, T const> table, sketch_plan const& plan, view<cpu, T> y,
                          instruction_set form = best_instruction_set()) {
    std::size_t i = 0;
    if (plan.hashing == sketch_hashing::blocks) {
        auto const blocks = y.size() / sketch_block;
        i = blocks * sketch_block;
        bool done = false;
#if defined(__x86_64__)
        if constexpr (std::is_same_v<T, float>)
            if (form != instruction_set::portable) {
                auto const estimate =
                    form == instruction_set::avx512 ? detail::estimate_blocks_avx512 : detail::estimate_blocks_avx2;
                estimate(table.data(), 0, blocks, plan, y.data());
                done = true;
            }
#endif
        if (!done) detail::estimate_blocks<detail::portable_blocks>(table.data(), 0, blocks, plan, y.data());
    }
    std::array<T, 256> found;
    for (; i < y.size(); ++i) {
        for (std::size_t row = 0; row < plan.rows.size(); ++row) {
            auto const p = plan(row, i);
            found[row] = p.negative ? -table[p.at] : table[p.at];
        }
        y[i] = detail::median(found.data(), plan.rows.size());
    }
}

/// table += a times the sketch of some entries.
template <class T>
void add_entries_to_sketch(T a, view<cpu, index_t const> indices, view<cpu, T const> values, sketch_plan const& plan,
                           view<cpu, T> table) {
    for (std::size_t j = 0; j < indices.size(); ++j)
        for (std::size_t row = 0; row < plan.rows.size(); ++row) {
            auto const p = plan(row, indices[j]);
            table[p.at] += p.negative ? -a * values[j] : a * values[j];
        }
}

/// Zeros in every bucket of some coordinates.
template <class T>
void clear_in_sketch(view<cpu, index_t const> indices, sketch_plan const& plan, view<cpu, T> table) {
    for (std::size_t j = 0; j < indices.size(); ++j)
        for (std::size_t row = 0; row < plan.rows.size(); ++row) table[plan(row, indices[j]).at] = T(0);
}

} // namespace terse
