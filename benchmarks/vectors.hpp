// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>

#include <terse/backend/cpu.hpp>

namespace benchmarks {

/// The names that fill() knows.
inline constexpr char const* distributions[] = {"normal", "laplace", "heavy",     "layers",
                                                "equal",  "sorted",  "quantized", "mostly_zero"};

/// Fills x with numbers of a distribution.
template <class T>
void fill(terse::view<terse::cpu, T> x, std::string const& distribution, std::uint64_t seed) {
    auto const d = static_cast<double>(x.size());
    auto const bits = [&](std::uint64_t i) {
        i = (i + seed * 0x2545f4914f6cdd1du + 1) * 0x9e3779b97f4a7c15u;
        i = (i ^ (i >> 30)) * 0xbf58476d1ce4e5b9u;
        i = (i ^ (i >> 27)) * 0x94d049bb133111ebu;
        return i ^ (i >> 31);
    };
    auto const uniform = [&](std::uint64_t i) { return (static_cast<double>(bits(i) >> 11) + 0.5) * 0x1p-53; };
    for (std::size_t i = 0; i < x.size(); ++i) {
        auto const u = uniform(2 * i);
        auto const w = uniform(2 * i + 1);
        auto const normal = [&] { return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * w); };
        double v = 0;
        if (distribution == "normal")
            v = normal();
        else if (distribution == "laplace")
            v = std::copysign(std::log(u), w - 0.5);
        else if (distribution == "heavy")
            v = normal() / std::sqrt(uniform(i ^ 0x5555555555555555u));
        else if (distribution == "layers")
            v = normal() * std::pow(10.0, -3 * uniform(~(64 * i / x.size())));
        else if (distribution == "equal")
            v = 1;
        else if (distribution == "sorted")
            v = static_cast<double>(i) / d;
        else if (distribution == "quantized")
            v = std::round(2 * normal()) / 2;
        else if (distribution == "mostly_zero")
            v = bits(i / 2 + 77) % 50 == 0 && i % 2 == 0 ? normal() : 0;
        x[i] = static_cast<T>(v);
    }
}

} // namespace benchmarks
