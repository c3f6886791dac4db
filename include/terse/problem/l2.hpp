// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include <terse/error.hpp>

namespace terse {

/// The regulariser weight/2 |x|^2, on all coordinates.
class l2_penalty {
public:
    /// configuration_error unless the weight is finite and not negative.
    explicit l2_penalty(double weight) : weight_(weight) {
        if (!(weight >= 0) || !std::isfinite(weight)) throw configuration_error("l2 must be finite and not negative");
    }

    double weight() const { return weight_; }

    /// weight/2 |x|^2; 0 for weight 0, whatever x is.
    template <class T>
    double value(std::span<T const> x) const {
        double squares = 0;
        if (weight_ > 0)
            for (T const v : x) squares += static_cast<double>(v) * static_cast<double>(v);
        return weight_ / 2 * squares;
    }

    /// g = weight x, as many numbers as x has.
    template <class T>
    void gradient(std::span<T const> x, std::span<T> g) const {
        for (std::size_t i = 0; i < x.size(); ++i) g[i] = weight_ > 0 ? static_cast<T>(weight_) * x[i] : T(0);
    }

private:
    double weight_;
};

} // namespace terse
