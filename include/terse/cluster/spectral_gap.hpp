// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <terse/cluster/mixing_matrix.hpp>
#include <terse/error.hpp>

namespace terse {

namespace detail {

inline Eigen::MatrixXd dense(mixing_matrix const& w) {
    if (w.workers() > 4096)
        throw configuration_error("spectral_gap: " + std::to_string(w.workers()) + " workers, more than 4096");
    auto const n = static_cast<Eigen::Index>(w.workers());
    Eigen::MatrixXd m = Eigen::MatrixXd::Zero(n, n);
    for (std::uint32_t i = 0; i < w.workers(); ++i) {
        m(i, i) = w.own_weight(i);
        for (auto const j : w.graph().neighbours(i)) m(i, j) = w(i, j);
    }
    return m;
}

inline std::vector<double> descending_eigenvalues(Eigen::MatrixXd const& symmetric) {
    Eigen::VectorXd const values =
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(symmetric, Eigen::EigenvaluesOnly).eigenvalues();
    return {std::make_reverse_iterator(values.data() + values.size()), std::make_reverse_iterator(values.data())};
}

// ||m||, the largest singular value of a square matrix
inline double norm(Eigen::MatrixXd const& m) {
    if (m == m.transpose()) {
        auto const values = descending_eigenvalues(m);
        return std::max(std::abs(values.front()), std::abs(values.back()));
    }
    auto const n = m.rows();
    Eigen::MatrixXd both = Eigen::MatrixXd::Zero(2 * n, 2 * n); // its eigenvalues are +- the singular values
    both.topRightCorner(n, n) = m;
    both.bottomLeftCorner(n, n) = m.transpose();
    return std::abs(descending_eigenvalues(both).front());
}

} // namespace detail

/// lambda_1 = 1 >= lambda_2 >= .. >= lambda_N of a symmetric matrix. Throws configuration_error for another one, and
/// for more than 4096 workers.
inline std::vector<double> eigenvalues(mixing_matrix const& w) {
    require_symmetric(w);
    return w.workers() == 0 ? std::vector<double>() : detail::descending_eigenvalues(detail::dense(w));
}

/// 1 - max(|lambda_2|, |lambda_N|) of a symmetric W: how much nearer to their mean the workers come in a round. Of
/// several matrices W_1 .. W_P that take turns, 1 - ||W_P .. W_1 - J||^(1/P), where J is the averaging matrix, which is
/// the same for one that is symmetric. In [0, 1]; 0 if the graph is not connected. Throws configuration_error for
/// matrices of different workers, and for more than 4096.
inline double spectral_gap(std::span<mixing_matrix const> rounds) {
    if (rounds.empty()) throw configuration_error("mixing_matrix: there is none");
    auto const n = static_cast<Eigen::Index>(rounds.front().workers());
    if (n <= 1) return 1;
    Eigen::MatrixXd off = Eigen::MatrixXd::Identity(n, n);
    for (auto const& w : rounds) {
        require_workers(w.graph(), rounds.front().workers());
        off = detail::dense(w) * off;
    }
    off.array() -= 1 / static_cast<double>(n);
    auto const left = detail::norm(off);
    if (left < static_cast<double>(n) * std::numeric_limits<double>::epsilon()) return 1; // exact averaging, rounded
    return std::max(1 - std::pow(left, 1 / static_cast<double>(rounds.size())), 0.0);
}
inline double spectral_gap(mixing_matrix const& w) { return spectral_gap(std::span(&w, 1)); }

} // namespace terse
