// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <terse/backend/fixed_order.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// x' y in double, in the fixed order.
template <class T>
double dot(view<cpu, T const> x, view<cpu, T const> y) {
    double total = 0;
    for (std::size_t first = 0; first < x.size(); first += fixed_order::block) {
        auto const n = std::min(x.size() - first, fixed_order::block);
        double lane[fixed_order::lanes]{};
        for (std::size_t i = 0; i < n; ++i)
            lane[i % fixed_order::lanes] += static_cast<double>(x[first + i]) * static_cast<double>(y[first + i]);
        total += fixed_order::sum(lane);
    }
    return total;
}

/// Gram-Schmidt on the columns of p, one after the other: what those before it explain is subtracted from a column, and
/// it is divided by its norm. Where less than a tenth of a column is left, the rounding of what was subtracted shows in
/// it, and that lies in the directions of the columns before, too: it is made as long as 1 and goes through this again,
/// until little is lost. So the columns end orthonormal whatever the rank of p: what rounding leaves of a column that
/// depends on those before becomes some direction orthogonal to them. A column becomes zeros if there is none; a column
/// of zeros stays one, and NaN stays.
template <class T>
void orthonormalise(view<cpu, T> p, std::size_t rows, std::size_t rank) {
    constexpr int most = 5; // passes; two are enough, but for rounding that lies in those directions alone
    for (std::size_t k = 0; k < rank; ++k) {
        auto const column = p.part(k * rows, rows);
        auto const length = [&] { return std::sqrt(dot<T>(column, column)); };
        auto const divide = [&](double by) {
            for (auto& x : column) x = static_cast<T>(static_cast<double>(x) / by);
        };
        double before = length(), left = before;
        for (int pass = 1; before != 0; ++pass) {
            for (std::size_t l = 0; l < k; ++l) {
                auto const other = p.part(l * rows, rows);
                auto const along = static_cast<T>(dot<T>(other, column));
                for (std::size_t i = 0; i < rows; ++i) column[i] -= along * other[i];
            }
            left = length();
            if (!(left < 0.1 * before)) break;
            if (pass == most || left == 0) {
                std::fill(column.begin(), column.end(), T(0));
                before = left = 0;
            } else {
                divide(left);
                before = 1;
            }
        }
        if (left != 0) divide(left);
    }
}

} // namespace terse
