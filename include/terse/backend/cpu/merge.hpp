// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/scratch.hpp>

namespace terse {

template <class B, class T>
struct sparse_entries;

/// The sum of sparse vectors of dimension d, as ascending indices and values; returns how many there are. The vector is
/// walked in blocks that stay in cache: within a block every message's entries are added, in the order of the messages.
template <class T>
std::size_t merge_sparse(std::span<sparse_entries<cpu, T> const> messages, std::size_t d, view<cpu, index_t> indices,
                         view<cpu, T> values, scratch<cpu>& temporary) {
    constexpr std::size_t block = 65536;
    scratch<cpu>::scope const scope(temporary);
    auto const width = std::min(block, d);
    auto const sums = temporary.template take<T>(width);
    auto const touched = temporary.template take<std::uint64_t>((width + 63) / 64);
    auto const cursors = temporary.template take<std::size_t>(messages.size());
    std::fill_n(sums.data(), sums.size(), T(0));
    std::fill_n(touched.data(), touched.size(), std::uint64_t{0});
    std::fill_n(cursors.data(), cursors.size(), std::size_t{0});

    std::size_t found = 0;
    for (std::size_t begin = 0; begin < d; begin += block) {
        auto const end = std::min(d, begin + block);
        for (std::size_t k = 0; k < messages.size(); ++k) {
            auto const& m = messages[k];
            auto j = cursors[k];
            for (; j < m.indices.size() && m.indices[j] < end; ++j) {
                auto const i = m.indices[j] - begin;
                sums[i] += m.values[j];
                touched[i >> 6] |= std::uint64_t{1} << (i & 63);
            }
            cursors[k] = j;
        }
        for (std::size_t w = 0; w < (end - begin + 63) / 64; ++w) {
            for (auto word = touched[w]; word != 0; word &= word - 1) {
                auto const i = 64 * w + static_cast<std::size_t>(std::countr_zero(word));
                indices[found] = begin + i;
                values[found++] = sums[i];
                sums[i] = T(0);
            }
            touched[w] = 0;
        }
    }
    return found;
}

} // namespace terse
