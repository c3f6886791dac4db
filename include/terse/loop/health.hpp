// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include <terse/backend/buffer.hpp>
#include <terse/loop/figures.hpp>

namespace terse {

/// How a run is doing, averaged over the workers; measured on request, because it costs passes over memory.
struct health {
    double gradient_norm = 0;  ///< ||g_k||
    double residual_norm = 0;  ///< ||e_k|| in its own units
    double residual_ratio = 0; ///< mean ||e_k|| / mean ||g_k||; in model units e_k counts divided by the learning rate
    double contraction = 0;    ///< ||v - C(v)||^2 / ||v||^2 of what was compressed; 1 - delta for a contraction
    double residual_distance = 0; ///< root mean square of ||e_k - mean e||
    double model_distance = 0;    ///< root mean square of ||x_k - mean x||, where each worker has a model

    health() = default;
    explicit health(std::span<worker_figures const> workers) {
        auto const n = static_cast<double>(workers.size());
        for (auto const& k : workers) {
            gradient_norm += std::sqrt(k.gradient_squared) / n;
            contraction += k.input_squared == 0 ? 0 : k.lost_squared / k.input_squared / n;
        }
    }

    /// Adds the residual of one of n workers; finish() once when all are added, with the learning rate in model units,
    /// otherwise 1.
    template <class B, class T>
    void add_residual(input<B, T> e, input<B, T> mean, std::size_t n) {
        buffer<B, T> difference(e.size());
        B::combine(e, T(-1), mean, view<B, T>(difference));
        residual_norm += std::sqrt(B::sum_of_squares(e)) / static_cast<double>(n);
        residual_distance += B::sum_of_squares(view<B, T const>(difference)) / static_cast<double>(n);
    }
    void finish(double unit) {
        residual_distance = std::sqrt(residual_distance);
        if (gradient_norm > 0) residual_ratio = residual_norm / unit / gradient_norm;
    }
};

} // namespace terse
