// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <terse/backend/cuda/kernel_verbs.cuh>
#include <terse/random.hpp>

#include "launchers.cuh"

namespace terse_test {

/// Verbs by kernels, on a device or emulated.
using verbs_by_kernels = terse::kernel_verbs<launcher_of_verbs>;

template <class T>
struct example {
    std::string name;
    std::vector<T> numbers;
};

/// d numbers of every kind that a selection must be right for.
template <class T>
std::vector<example<T>> examples(std::size_t d) {
    using limits = std::numeric_limits<T>;
    terse::random_stream const random(d, terse::purpose::user);
    auto const normal = [&](std::size_t i) { return random.normal(i); };
    std::vector<example<T>> all;
    auto const add = [&](char const* name, auto number) {
        std::vector<T> x(d);
        for (std::size_t i = 0; i < d; ++i) x[i] = static_cast<T>(number(i));
        all.push_back({name + (", " + std::to_string(d)), std::move(x)});
    };
    add("normals", normal);
    add("few values", [&](std::size_t i) { return std::floor(2 * normal(i)) / 2; });
    add("one value", [](std::size_t) { return -0.375; });
    add("zeros of both signs", [&](std::size_t i) { return i % 3 == 0 ? -0.0 : 0.0; });
    add("mostly zeros", [&](std::size_t i) { return random.below(i, 50) == 0 ? normal(i) : 0.0; });
    add("ascending", [](std::size_t i) { return 1e-3 * static_cast<double>(i); });
    add("a peak", [&](std::size_t i) { return normal(i) * (i / 64 == d / 128 ? 100 : 1); });
    add("denormals", [&](std::size_t i) { return T(normal(i) * 8) * limits::denorm_min(); });
    add("huge ones", [&](std::size_t i) { return (i % 2 == 0 ? -0.5 : 0.5) * limits::max() * T(random.uniform(i)); });
    add("infinities", [&](std::size_t i) { return i % 97 == 3 ? T(-1) * limits::infinity() : T(normal(i)); });
    add("not a number", [&](std::size_t i) { return i == d / 2 ? limits::quiet_NaN() : T(normal(i)); });
    return all;
}

} // namespace terse_test
