// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/data/dataset.hpp>
#include <terse/error.hpp>
#include <terse/problem/concept.hpp>
#include <terse/problem/l2.hpp>

namespace terse {

/// Logistic regression on two classes, y = -1 for class 0 and +1 for class 1:
/// F(x) = mean_i log(1 + exp(-y_i a_i'x)) + l2/2 |x|^2, one parameter per feature, no bias (add a constant feature for
/// one). Inner products run in one fixed order: the same bits with every instruction set as far as the C library's exp
/// has them.
template <class T = float>
class logistic {
public:
    /// This problem needs no scratch memory.
    struct workspace {};

    /// configuration_error unless the data have two classes and l2 is finite and not negative.
    explicit logistic(std::shared_ptr<dataset<T> const> data, double l2 = 0) : data_(std::move(data)), l2_(l2) {
        if (data_->classes().size() != 2)
            throw configuration_error("logistic: needs two classes, not " + std::to_string(data_->classes().size()));
    }
    explicit logistic(dataset<T> data, double l2 = 0)
        : logistic(std::make_shared<dataset<T> const>(std::move(data)), l2) {}

    std::size_t dimension() const { return data_->features(); }
    dataset<T> const& data() const { return *data_; }

    /// F(x).
    double value(std::span<T const> x) const { return value(x, *data_); }
    /// F(x) with the rows of another dataset of the same features and classes.
    double value(std::span<T const> x, dataset<T> const& on) const {
        check(x, on);
        double sum = 0;
        for (std::size_t i = 0; i < on.rows(); ++i)
            sum += softplus(-sign(on, i) * static_cast<double>(on.row(i).dot(x)));
        return sum / static_cast<double>(on.rows()) + l2_.value(x);
    }

    /// The share of rows classified correctly; a'x = 0 counts as class 0.
    double accuracy(std::span<T const> x) const { return accuracy(x, *data_); }
    double accuracy(std::span<T const> x, dataset<T> const& on) const {
        check(x, on);
        std::size_t right = 0;
        for (std::size_t i = 0; i < on.rows(); ++i) right += (on.row(i).dot(x) > 0) == (on.label(i) == 1) ? 1u : 0u;
        return static_cast<double>(right) / static_cast<double>(on.rows());
    }

    /// g = mean over these rows of -y_i a_i / (1 + exp(y_i a_i'x)), plus l2 x. A row may occur more than once.
    void gradient(std::span<T const> x, std::span<std::uint32_t const> rows, std::span<T> g) const {
        require_rows(rows, *data_);
        start(x, g);
        for (std::uint32_t const i : rows) add(x, i, rows.size(), g);
    }
    void gradient(std::span<T const> x, std::span<std::uint32_t const> rows, std::span<T> g, workspace&) const {
        gradient(x, rows, g);
    }
    /// g = grad F(x).
    void gradient(std::span<T const> x, std::span<T> g) const {
        start(x, g);
        for (std::size_t i = 0; i < data_->rows(); ++i) add(x, i, data_->rows(), g);
    }

    /// An upper bound of the smoothness constant: max_i |a_i|^2 / 4 + l2. It holds for the mean over any rows.
    double smoothness() const { return data_->largest_row() / 4 + l2_.weight(); }

private:
    static double sign(dataset<T> const& on, std::size_t i) { return on.label(i) == 1 ? 1.0 : -1.0; }
    // log(1 + exp(z)) without overflow, and exact to rounding for z far below 0
    static double softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

    // the terms of g that need no row
    void start(std::span<T const> x, std::span<T> g) const {
        check(x, *data_);
        require_size("logistic: the gradient", g.size(), dimension());
        l2_.gradient(x, g);
    }
    void add(std::span<T const> x, std::size_t i, std::size_t count, std::span<T> g) const {
        auto const row = data_->row(i);
        double const y = sign(*data_, i);
        double const z = y * static_cast<double>(row.dot(x));
        // 1 / (1 + e^z): for z > 0 with e^-z, which cannot overflow and keeps its digits
        double const e = std::exp(-std::abs(z));
        double const p = z > 0 ? e / (1 + e) : 1 / (1 + e);
        row.add_to(static_cast<T>(-y * p / static_cast<double>(count)), g);
    }
    void check(std::span<T const> x, dataset<T> const& on) const {
        require_size("logistic: x", x.size(), dimension());
        require_same_kind(on, *data_);
    }

    std::shared_ptr<dataset<T> const> data_;
    l2_penalty l2_;
};

} // namespace terse
