// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/random.hpp>

namespace terse::testing {

/// A vector to try something on.
template <class T>
struct named_input {
    std::string name;
    std::vector<T> values;
    bool finite = true;
};

/// d standard normal numbers.
template <class T>
std::vector<T> normal_vector(std::size_t d, std::uint64_t seed, std::uint64_t round = 0) {
    random_stream const random(seed, purpose::data, 0, round);
    std::vector<T> x(d);
    for (std::size_t i = 0; i < d; ++i) x[i] = static_cast<T>(random.normal(i));
    return x;
}

/// Vectors of d >= 1 finite numbers on which compressors go wrong; `largest` is the largest magnitude among them.
template <class T>
std::vector<named_input<T>> finite_inputs(std::size_t d, T largest = std::numeric_limits<T>::max() / 2) {
    random_stream const random(1, purpose::data);
    std::vector<named_input<T>> all;
    auto const add = [&](char const* name, auto f) {
        named_input<T> in{name, std::vector<T>(d), true};
        for (std::size_t i = 0; i < d; ++i) in.values[i] = static_cast<T>(f(i));
        all.push_back(std::move(in));
    };
    auto const sign = [&](std::size_t i) { return random.below(i, 2) == 0 ? T(1) : T(-1); };
    add("normal", [&](std::size_t i) { return random.normal(i); });
    add("zeros", [&](std::size_t) { return 0; });
    add("negative zeros", [&](std::size_t) { return -T(0); });
    add("zeros of both signs", [&](std::size_t i) { return T(0) * sign(i); });
    add("ones", [&](std::size_t) { return 1; });
    add("one value, both signs", [&](std::size_t i) { return T(0.5) * sign(i); });
    add("three values", [&](std::size_t i) { return sign(i) * static_cast<T>(random.below(i + d, 3)); });
    add("a spike in front of zeros", [&](std::size_t i) { return i == 0 ? 3 : 0; });
    add("zeros, then a spike", [&](std::size_t i) { return i + 1 == d ? -3 : 0; });
    add("noise, then a spike", [&](std::size_t i) { return i + 1 == d ? 1e6 : random.normal(i); });
    add("ascending", [&](std::size_t i) { return i + 1; });
    add("descending", [&](std::size_t i) { return d - i; });
    add("denormals", [&](std::size_t i) {
        return sign(i) * static_cast<T>(random.below(i + d, 100)) * std::numeric_limits<T>::denorm_min();
    });
    add("from tiny to large", [&](std::size_t i) {
        return static_cast<double>(sign(i)) * std::ldexp(1.0, static_cast<int>(random.below(i + d, 200)) - 100);
    });
    add("huge", [&](std::size_t i) { return largest * sign(i); });
    add("huge at one place", [&](std::size_t i) { return i == d / 2 ? largest : T(1); });
    return all;
}

/// The same with NaN and infinities in them.
template <class T>
std::vector<named_input<T>> non_finite_inputs(std::size_t d) {
    constexpr auto nan = std::numeric_limits<T>::quiet_NaN();
    constexpr auto infinity = std::numeric_limits<T>::infinity();
    std::vector<named_input<T>> all;
    std::array<std::pair<char const*, std::size_t>, 3> const places{
        {{"first", 0}, {"in the middle", d / 2}, {"last", d - 1}}};
    std::array<std::pair<char const*, T>, 3> const numbers{
        {{"NaN ", nan}, {"infinity ", infinity}, {"-infinity ", -infinity}}};
    for (auto const& [place, i] : places)
        for (auto const& [what, x] : numbers) {
            all.push_back({std::string(what) + place, normal_vector<T>(d, 2), false});
            all.back().values[i] = x;
        }
    all.push_back({"only NaN", std::vector<T>(d, nan), false});
    all.push_back({"only infinities", std::vector<T>(d, infinity), false});
    return all;
}

/// Equal bits, or both NaN.
template <std::floating_point T>
bool same_bits(T a, T b) {
    return (std::isnan(a) && std::isnan(b)) || std::bit_cast<magnitude_t<T>>(a) == std::bit_cast<magnitude_t<T>>(b);
}
template <std::floating_point T>
bool same_bits(std::vector<T> const& a, std::vector<T> const& b) {
    bool same = a.size() == b.size();
    for (std::size_t i = 0; same && i < a.size(); ++i) same = same_bits(a[i], b[i]);
    return same;
}

/// A copy in the memory of backend B; a backend of another memory than the host's has upload and download for this.
template <class B, class T>
buffer<B, T> to_backend(std::vector<T> const& x) {
    buffer<B, T> y(x.size());
    B::upload(std::span<T const>(x), view<B, T>(y));
    return y;
}

/// A copy in host memory.
template <class B, class T>
std::vector<std::remove_const_t<T>> to_host(view<B, T> x) {
    std::vector<std::remove_const_t<T>> y(x.size());
    if constexpr (std::same_as<B, cpu>)
        y.assign(x.begin(), x.end());
    else
        B::download(x, std::span(y));
    return y;
}

} // namespace terse::testing
