// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <terse/backend/low_rank_term.hpp>
#include <terse/backend/matrix_shape.hpp>
#include <terse/backend/view.hpp>
#include <terse/layout.hpp>

namespace terse {

/// The verbs that low-rank compression needs besides those of every backend. Matrices lie row by row, their factors
/// column by column; see backend/cpu/low_rank.hpp.
template <class B, class T>
concept LowRankVerbs = requires(T a, view<B, T const> x, view<B, T> y, matrix_shape s) {
    B::accumulate_product(a, x, a, y, s, x, y); // Y <- a Y + a X, then the last is Y times the last but one
    B::transposed_product(x, s, x, y);          // y = X' x
    B::add_outer_product(a, x, x, s, y);        // Y <- Y + a x x'
    B::orthonormalise(y, s.rows, s.rank);       // Gram-Schmidt
};

/// The verb that takes a term off while it is at it.
template <class B, class T>
concept JoinsLowRankTerm = requires(T a, view<B, T const> x, low_rank_term<B, T> less, view<B, T> y, matrix_shape s) {
    B::accumulate_product(a, x, less, a, y, s, x, y); // Y <- a Y + a (X - less), ..
};

/// Where the matrices of a layout and their factors lie.
struct low_rank_plan {
    struct place {
        std::size_t first; ///< in the vector
        matrix_shape shape;
        std::size_t left;  ///< in the left factors, among which segments that are sent whole lie too
        std::size_t right; ///< in the right factors

        std::size_t size() const { return shape.rows * shape.cols; }
        bool whole() const { return shape.rows == 1 || shape.cols == 1; }
        std::size_t left_size() const { return whole() ? size() : shape.rows * shape.rank; }
        std::size_t right_size() const { return whole() ? 0 : shape.cols * shape.rank; }
    };
    std::vector<place> segments;
    std::size_t dimension = 0;

    low_rank_plan() = default;
    low_rank_plan(layout const& l, std::size_t rank) : dimension(l.size()) {
        std::size_t left = 0, right = 0;
        for (std::size_t i = 0; i < l.count(); ++i) {
            auto const& s = l[i];
            segments.push_back({l.offset(i), {s.rows, s.cols, std::min({rank, s.rows, s.cols})}, left, right});
            left += segments.back().left_size();
            right += segments.back().right_size();
        }
    }
    std::size_t left_size() const { return segments.empty() ? 0 : segments.back().left + segments.back().left_size(); }
    std::size_t right_size() const {
        return segments.empty() ? 0 : segments.back().right + segments.back().right_size();
    }
};

} // namespace terse
