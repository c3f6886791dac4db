// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace terse {

/// term(0) + .. + term(n - 1) in double, in an order that depends on n alone: eight lanes within blocks of 4,096 terms,
/// the lanes of a block as a tree, the blocks one after the other. Compilers may use vectors but not another order.
template <class Term>
double fixed_order_sum(std::size_t n, Term term) {
    constexpr std::size_t lanes = 8;
    constexpr std::size_t block = 4096;
    double total = 0;
    for (std::size_t begin = 0; begin < n; begin += block) {
        std::array<double, lanes> lane{};
        auto const end = std::min(n, begin + block);
        auto i = begin;
        for (; i + lanes <= end; i += lanes)
            for (std::size_t j = 0; j < lanes; ++j) lane[j] += term(i + j);
        for (; i < end; ++i) lane[(i - begin) % lanes] += term(i);
        total += ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
    }
    return total;
}

} // namespace terse
