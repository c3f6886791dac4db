// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <terse/data/dataset.hpp>
#include <terse/problem/mlp.hpp>

namespace terse {

/// Softmax regression on any number of classes, with a bias per class: the perceptron without a hidden layer. Convex,
/// so start at 0. F(x) = mean_i (log sum_c exp z_ic - z_i,label) + l2/2 |x|^2 with z_i = W a_i + b; x = (W row by row,
/// b), named layer0.weight and layer0.bias. Everything else is as in mlp.
template <class T = float>
class softmax : public mlp<T> {
public:
    explicit softmax(std::shared_ptr<dataset<T> const> data, double l2 = 0)
        : mlp<T>(std::move(data), {.l2 = l2}), l2_(l2) {}
    explicit softmax(dataset<T> data, double l2 = 0) : mlp<T>(std::move(data), {.l2 = l2}), l2_(l2) {}

    /// An upper bound of the smoothness constant: max_i (|a_i|^2 + 1) / 2 + l2, because the Hessian of log-sum-exp has
    /// no eigenvalue above 1/2. It holds for the mean over any rows.
    double smoothness() const { return this->data().largest_row(1) / 2 + l2_; }

private:
    double l2_;
};

} // namespace terse
