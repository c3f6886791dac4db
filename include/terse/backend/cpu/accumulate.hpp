// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/division.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// y <- b y + a x, with helpers if there are any; returns the first coordinate that is not finite then, or the size.
template <class T>
std::size_t accumulate(T a, view<cpu, T const> x, T b, view<cpu, T> y, thread_pool* helpers = nullptr) {
    constexpr std::size_t block = 64; // of fixed size, so that compilers use vectors at -O2
    accumulated<T> const sum{a, {x.data()}, b, y.data()};
    division const parts(y.size(), block, helpers);
    return parts.first([&](std::size_t p) {
        auto const end = parts.end(p);
        auto bad = end;
        auto const look = [&](std::size_t i, std::size_t n) {
            for (; n > 0 && bad == end; ++i, --n)
                if (!std::isfinite(y[i])) bad = i;
        };
        auto i = parts.begin(p);
        for (; i + block <= end; i += block)
            if (sum.template step<block>(i, std::numeric_limits<T>::infinity())) look(i, block);
        for (; i < end; ++i) sum.step(i), look(i, 1);
        return bad;
    });
}

} // namespace terse
