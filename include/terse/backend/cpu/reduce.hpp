// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>

#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/sums_avx2.hpp>
#include <terse/backend/cpu/sums_avx512.hpp>
#include <terse/backend/cpu/terms.hpp>
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/view.hpp>

namespace terse {

namespace portable {

/// Adds the terms of x_begin, .., x_{n-1} to the lanes; begin is a multiple of sixteen.
template <class Term, class T>
void add_terms(T const* x, std::size_t begin, std::size_t n, double* lane) {
    for (; begin + fixed_order::lanes <= n; begin += fixed_order::lanes)
        for (std::size_t j = 0; j < fixed_order::lanes; ++j) lane[j] += Term::of(static_cast<double>(x[begin + j]));
    for (; begin < n; ++begin) lane[begin % fixed_order::lanes] += Term::of(static_cast<double>(x[begin]));
}

} // namespace portable

/// Term(x_0) + .. + Term(x_{n-1}) in double, in the fixed order.
template <class Term, class T>
double fixed_order_sum(view<cpu, T const> x, instruction_set form = best_instruction_set()) {
    double total = 0;
    for (std::size_t first = 0; first < x.size(); first += fixed_order::block) {
        auto const* const p = x.data() + first;
        auto const n = std::min(x.size() - first, fixed_order::block);
        double lane[fixed_order::lanes]{};
        std::size_t begin = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::add_terms<Term>(p, n, lane);
        if (form == instruction_set::avx2) begin = avx2::add_terms<Term>(p, n, lane);
#endif
        portable::add_terms<Term>(p, begin, n, lane);
        total += fixed_order::sum(lane);
    }
    return total;
}

} // namespace terse
