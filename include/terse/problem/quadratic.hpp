// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <terse/error.hpp>
#include <terse/problem/concept.hpp>

namespace terse {

/// One worker's objective 1/2 (x - a)' A (x - a): A is either a symmetric d x d matrix, or a diagonal.
template <class T>
struct quadratic_term {
    std::vector<T> matrix;   ///< A, row by row; empty if the diagonal is given
    std::vector<T> diagonal; ///< the diagonal of A; empty if the matrix is given
    std::vector<T> center;   ///< a, where this worker alone would go
};

/// F(x) = mean_k 1/2 (x - a_k)' A_k (x - a_k), one term per worker, with exact gradients. Sums run in the order of the
/// coordinates and of the workers: the same bits with every instruction set.
template <class T = double>
class quadratic {
public:
    /// Throws dimension_error for terms whose sizes do not fit, configuration_error for no term, a matrix that is not
    /// symmetric, a NaN or an infinity, naming the worker.
    explicit quadratic(std::vector<quadratic_term<T>> terms) : terms_(std::move(terms)) {
        if (terms_.empty()) throw configuration_error("quadratic: needs at least one worker");
        for (std::size_t k = 0; k < terms_.size(); ++k) check(k);
    }

    std::size_t dimension() const { return terms_.front().center.size(); }
    std::size_t workers() const { return terms_.size(); }
    quadratic_term<T> const& term(std::size_t worker) const { return terms_.at(worker); }

    /// F(x).
    double value(std::span<T const> x) const {
        double sum = 0;
        for (std::size_t k = 0; k < workers(); ++k) sum += value(static_cast<std::uint32_t>(k), x);
        return sum / static_cast<double>(workers());
    }
    /// F_worker(x).
    double value(std::uint32_t worker, std::span<T const> x) const {
        auto const& t = at(worker);
        require_size("quadratic: x", x.size(), dimension());
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i)
            sum += static_cast<double>(x[i] - t.center[i]) * static_cast<double>(slope(t, x, i));
        return sum / 2;
    }

    /// g = A_k (x - a_k) for k = worker.
    void gradient(std::uint32_t worker, std::span<T const> x, std::span<T> g) const {
        auto const& t = at(worker);
        require_size("quadratic: x", x.size(), dimension());
        require_size("quadratic: the gradient", g.size(), dimension());
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = slope(t, x, i);
    }
    /// g = mean_k A_k (x - a_k), added up in the order of the workers.
    void gradient(std::span<T const> x, std::span<T> g) const {
        require_size("quadratic: x", x.size(), dimension());
        require_size("quadratic: the gradient", g.size(), dimension());
        for (std::size_t i = 0; i < g.size(); ++i) {
            T sum = 0;
            for (auto const& t : terms_) sum += slope(t, x, i);
            g[i] = sum / static_cast<T>(workers());
        }
    }

    /// The minimiser of F: sum_k A_k x = sum_k A_k a_k. configuration_error unless the mean of A_k is positive
    /// definite.
    std::vector<T> optimum() const {
        auto const n = static_cast<Eigen::Index>(dimension());
        Eigen::VectorXd right = Eigen::VectorXd::Zero(n);
        for (auto const& t : terms_)
            for (std::size_t i = 0; i < dimension(); ++i)
                for (std::size_t j = t.diagonal.empty() ? 0 : i; j < (t.diagonal.empty() ? dimension() : i + 1); ++j)
                    right[static_cast<Eigen::Index>(i)] += entry(t, i, j) * static_cast<double>(t.center[j]);
        right /= static_cast<double>(workers());
        if (diagonal()) {
            auto const mean = mean_diagonal();
            require_definite(mean.minCoeff(), mean.maxCoeff());
            right.array() /= mean.array();
        } else {
            Eigen::LDLT<Eigen::MatrixXd> const solver(mean_matrix());
            require_definite(solver.vectorD().minCoeff(), solver.vectorD().maxCoeff());
            right = solver.solve(right).eval();
        }
        std::vector<T> x(dimension());
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(right[static_cast<Eigen::Index>(i)]);
        return x;
    }

    /// The smoothness constant of F: the largest eigenvalue of the mean of A_k in absolute value.
    double smoothness() const {
        if (diagonal()) return mean_diagonal().cwiseAbs().maxCoeff();
        Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(mean_matrix(), Eigen::EigenvaluesOnly);
        return solver.eigenvalues().cwiseAbs().maxCoeff();
    }

private:
    // coordinate i of A (x - a)
    T slope(quadratic_term<T> const& t, std::span<T const> x, std::size_t i) const {
        if (!t.diagonal.empty()) return t.diagonal[i] * (x[i] - t.center[i]);
        T const* const row = t.matrix.data() + i * x.size();
        T sum = 0;
        for (std::size_t j = 0; j < x.size(); ++j) sum += row[j] * (x[j] - t.center[j]);
        return sum;
    }

    double entry(quadratic_term<T> const& t, std::size_t i, std::size_t j) const {
        if (t.diagonal.empty()) return static_cast<double>(t.matrix[i * dimension() + j]);
        return i == j ? static_cast<double>(t.diagonal[i]) : 0.0;
    }

    bool diagonal() const {
        return std::ranges::none_of(terms_, [](auto const& t) { return t.diagonal.empty(); });
    }
    Eigen::VectorXd mean_diagonal() const {
        Eigen::VectorXd mean = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(dimension()));
        for (auto const& t : terms_)
            for (std::size_t i = 0; i < dimension(); ++i) mean[static_cast<Eigen::Index>(i)] += entry(t, i, i);
        return mean / static_cast<double>(workers());
    }
    Eigen::MatrixXd mean_matrix() const {
        auto const n = static_cast<Eigen::Index>(dimension());
        Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(n, n);
        for (auto const& t : terms_)
            for (std::size_t i = 0; i < dimension(); ++i)
                for (std::size_t j = 0; j < dimension(); ++j)
                    mean(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) += entry(t, i, j);
        return mean / static_cast<double>(workers());
    }
    static void require_definite(double smallest, double largest) {
        if (!(smallest > 1e-13 * largest))
            throw configuration_error(
                "quadratic: the mean of the matrices is not positive definite, so there is no unique optimum");
    }

    quadratic_term<T> const& at(std::uint32_t worker) const {
        if (worker >= workers())
            throw dimension_error("quadratic: there is no worker " + std::to_string(worker) + " of " +
                                  std::to_string(workers()));
        return terms_[worker];
    }

    void check(std::size_t k) const {
        auto const& t = terms_[k];
        std::string const who = "quadratic: worker " + std::to_string(k) + ": ";
        std::size_t const d = dimension();
        if (d == 0) throw dimension_error(who + "the center is empty");
        if (t.center.size() != d) throw dimension_error(who + "the center has another dimension than worker 0's");
        if (t.matrix.empty() == t.diagonal.empty()) throw dimension_error(who + "give either a matrix or a diagonal");
        if (!t.diagonal.empty() && t.diagonal.size() != d)
            throw dimension_error(who + "the diagonal does not have d numbers");
        if (!t.matrix.empty() && (t.matrix.size() % d != 0 || t.matrix.size() / d != d))
            throw dimension_error(who + "the matrix does not have d x d numbers");
        T largest = 0;
        for (auto const* v : {&t.matrix, &t.diagonal, &t.center})
            for (T const number : *v) {
                if (!std::isfinite(number)) throw configuration_error(who + "a number is NaN or infinite");
                if (v == &t.matrix) largest = std::max(largest, std::abs(number));
            }
        if (!t.matrix.empty())
            for (std::size_t i = 0; i < d; ++i)
                for (std::size_t j = 0; j < i; ++j)
                    if (std::abs(t.matrix[i * d + j] - t.matrix[j * d + i]) >
                        64 * std::numeric_limits<T>::epsilon() * largest)
                        throw configuration_error(who + "the matrix is not symmetric in row " + std::to_string(i) +
                                                  ", column " + std::to_string(j));
    }

    std::vector<quadratic_term<T>> terms_;
};

} // namespace terse
