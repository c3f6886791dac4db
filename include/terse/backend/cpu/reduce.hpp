// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <terse/backend/fixed_order.hpp>

namespace terse {

/// term(0) + .. + term(n - 1) in double, in the fixed order. Compilers may use vectors but not another order.
template <class Term>
double fixed_order_sum(std::size_t n, Term term) {
    constexpr auto lanes = fixed_order::lanes;
    double total = 0;
    for (std::size_t begin = 0; begin < n; begin += fixed_order::block) {
        std::array<double, lanes> lane{};
        auto const end = std::min(n, begin + fixed_order::block);
        auto i = begin;
        for (; i + lanes <= end; i += lanes)
            for (std::size_t j = 0; j < lanes; ++j) lane[j] += term(i + j);
        for (; i < end; ++i) lane[(i - begin) % lanes] += term(i);
        total += fixed_order::sum(lane.data());
    }
    return total;
}

} // namespace terse
