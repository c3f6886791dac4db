// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <numbers>
#include <string>

#include <terse/backend/cpu.hpp>
#include <terse/error.hpp>

namespace terse::testing {

/// The names that fill_with() knows.
inline constexpr std::array distributions{"normal", "laplace", "heavy",     "layers",
                                          "equal",  "sorted",  "quantized", "mostly_zero"};

/// Fills x with numbers of a distribution; throws configuration_error for a name that it does not know.
template <class T>
void fill_with(view<cpu, T> x, std::string const& distribution, std::uint64_t seed) {
    auto const d = static_cast<double>(x.size());
    auto const bits = [&](std::uint64_t i) {
        i = (i + seed * 0x2545f4914f6cdd1du + 1) * 0x9e3779b97f4a7c15u;
        i = (i ^ (i >> 30)) * 0xbf58476d1ce4e5b9u;
        i = (i ^ (i >> 27)) * 0x94d049bb133111ebu;
        return i ^ (i >> 31);
    };
    auto const uniform = [&](std::uint64_t i) { return (static_cast<double>(bits(i) >> 11) + 0.5) * 0x1p-53; };
    auto const normal = [&](std::uint64_t i) {
        return std::sqrt(-2 * std::log(uniform(2 * i))) * std::cos(2 * std::numbers::pi * uniform(2 * i + 1));
    };
    auto const each = [&](auto f) {
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(f(i));
    };
    if (distribution == "normal")
        each(normal);
    else if (distribution == "laplace")
        each([&](std::size_t i) { return std::copysign(std::log(uniform(2 * i)), uniform(2 * i + 1) - 0.5); });
    else if (distribution == "heavy") // Student's t with about 2 degrees of freedom
        each([&](std::size_t i) { return normal(i) / std::sqrt(uniform(i ^ 0x5555555555555555u)); });
    else if (distribution == "layers") // 64 stretches, of scales from 0.001 to 1
        each([&](std::size_t i) { return normal(i) * std::pow(10.0, -3 * uniform(~(64 * i / x.size()))); });
    else if (distribution == "equal")
        each([](std::size_t) { return 1; });
    else if (distribution == "sorted")
        each([&](std::size_t i) { return static_cast<double>(i) / d; });
    else if (distribution == "quantized")
        each([&](std::size_t i) { return std::round(2 * normal(i)) / 2; });
    else if (distribution == "mostly_zero") // all but 1%
        each([&](std::size_t i) { return bits(i / 2 + 77) % 50 == 0 && i % 2 == 0 ? normal(i) : 0; });
    else
        throw configuration_error("there is no distribution \"" + distribution + "\"");
}

/// What benchmarks work on: a residual e and a gradient g of d coordinates. Short vectors come in several copies, so
/// that a piece of work can be repeated before the clock is read again.
template <class T>
class vectors {
public:
    vectors(std::size_t d, std::string const& distribution)
        : d_(d), copies_(std::max<std::size_t>(1, 16'384 / std::max<std::size_t>(d, 1))), start_(d * copies_),
          e_(d * copies_), g_(d * copies_), sum_(d * copies_) {
        fill_with<T>(start_, distribution, 1);
        cpu::scale(T(3), view<cpu, T>(start_)); // residuals are larger than gradients
        fill_with<T>(g_, distribution, 2);
        cpu::fill(view<cpu, T>(sum_), T(0));
        restore();
    }

    std::size_t d() const { return d_; }
    std::size_t copies() const { return copies_; }
    view<cpu, T> e(std::size_t copy = 0) const { return e_.part(copy * d_, d_); }
    view<cpu, T const> g(std::size_t copy = 0) const { return g_.part(copy * d_, d_); }
    view<cpu, T> sum(std::size_t copy = 0) const { return sum_.part(copy * d_, d_); }
    void restore() { cpu::copy(start_, view<cpu, T>(e_)); }

private:
    std::size_t d_;
    std::size_t copies_;
    buffer<cpu, T> start_, e_, g_, sum_;
};

namespace detail {
struct kept_vectors {
    std::string name;
    std::size_t bytes;
    std::shared_ptr<void> memory;
};
inline std::deque<kept_vectors>& last_vectors() {
    thread_local std::deque<kept_vectors> last;
    return last;
}
} // namespace detail

/// Vectors of this kind. The last ones are kept, because to fill them takes longer than most benchmarks.
template <class T>
vectors<T>& vectors_of(std::size_t d, std::string const& distribution) {
    constexpr std::size_t most = std::size_t{2} << 30; // bytes, besides those wanted
    auto& last = detail::last_vectors();
    auto const name = distribution + std::to_string(d) + (sizeof(T) == 8 ? "d" : "f");
    auto const found = std::find_if(last.begin(), last.end(), [&](auto const& kept) { return kept.name == name; });
    if (found != last.end()) {
        std::rotate(last.begin(), found, found + 1);
    } else {
        std::size_t total = 0;
        for (auto const& kept : last) total += kept.bytes;
        for (; total > most; last.pop_back()) total -= last.back().bytes;
        last.push_front({name, 4 * sizeof(T) * d, std::make_shared<vectors<T>>(d, distribution)});
    }
    auto& x = *std::static_pointer_cast<vectors<T>>(last.front().memory);
    x.restore();
    return x;
}
/// Gives their memory back.
inline void forget_vectors() { detail::last_vectors().clear(); }

} // namespace terse::testing
