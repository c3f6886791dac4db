// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <type_traits>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/division.hpp>
#include <terse/backend/cpu/group_draws.hpp>
#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/levels_avx2.hpp>
#include <terse/backend/cpu/levels_avx512.hpp>
#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/cpu/reduce.hpp>
#include <terse/backend/level_bits.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

namespace terse {

namespace detail {

/// ||x||_2 where squares are too large or too small.
template <class T>
double scaled_norm(view<cpu, T const> x, double factor) {
    double total = 0;
    for (std::size_t first = 0; first < x.size(); first += fixed_order::block) {
        auto const n = std::min(x.size() - first, fixed_order::block);
        double lane[fixed_order::lanes]{};
        for (std::size_t i = 0; i < n; ++i)
            lane[i % fixed_order::lanes] += squares::of(static_cast<double>(x[first + i]) * factor);
        total += fixed_order::sum(lane);
    }
    return std::min(std::sqrt(total) / factor, std::numeric_limits<double>::max());
}

/// The norm of a bucket whose largest magnitude is known; infinity or NaN if a number is not finite.
template <class T>
double bucket_norm(view<cpu, T const> x, T largest, norm which, instruction_set form) {
    if (which == norm::linf || largest == T(0) || !std::isfinite(largest)) return static_cast<double>(largest);
    auto const sum = fixed_order_sum<squares, T>(x, form);
    if constexpr (sizeof(T) == 8) {
        if (std::isinf(sum)) return scaled_norm<T>(x, 0x1p-600);
        if (sum < 0x1p-960) return scaled_norm<T>(x, 0x1p600);
    }
    return std::sqrt(sum);
}

/// The largest magnitude of the source's numbers at first .. first + n - 1, which are written in the same pass.
template <class Source, class T = typename Source::scalar>
T largest_magnitude_of(Source const& source, std::size_t first, std::size_t n, instruction_set form) {
    magnitude_t<T> largest = 0;
    std::size_t i = 0;
#if defined(__x86_64__)
    if (form == instruction_set::avx512) i = avx512::largest_magnitude<Source, T>(source, first, n, largest);
    if (form == instruction_set::avx2) i = avx2::largest_magnitude<Source, T>(source, first, n, largest);
#endif
    for (; i < n; ++i) largest = std::max(largest, magnitude(source.step(first + i)));
    return from_magnitude<T>(largest);
}

/// The sum of the squares of the source's numbers at first .. first + n - 1, which are written in the same pass.
template <class Source>
double sum_of_squares_of(Source const& source, std::size_t first, std::size_t n, instruction_set form) {
    double total = 0;
    for (auto const end = first + n; first < end; first += fixed_order::block) {
        auto const m = std::min(end - first, fixed_order::block);
        double lane[fixed_order::lanes];
        std::size_t i = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512)
            i = avx512::square(source, first, m, lane);
        else if (form == instruction_set::avx2)
            i = avx2::square(source, first, m, lane);
        else
#endif
            std::fill_n(lane, fixed_order::lanes, 0.0); // not beforehand: for each bucket it takes its time
        for (; i < m; ++i) lane[i % fixed_order::lanes] += squares::of(static_cast<double>(source.step(first + i)));
        total += fixed_order::sum(lane);
    }
    return total;
}

/// The norm of the source's numbers at first .. first + n - 1, which are written to x + first in the same pass;
/// infinity or NaN if one is not finite.
template <class Source, class T = typename Source::scalar>
double norm_of(Source const& source, T const* x, std::size_t first, std::size_t n, norm which, instruction_set form) {
    if constexpr (sizeof(T) == 4) // squares in double neither overflow nor vanish
        if (which == norm::l2) return std::sqrt(sum_of_squares_of(source, first, n, form));
    auto const largest = largest_magnitude_of(source, first, n, form);
    return bucket_norm<T>({x + first, n}, largest, which, form);
}

// Coordinates begin .. end - 1 of bucket k; what is ahead is asked for at the same time. The bucket is not looked for,
// because for each a division or two would take as long as a part of its rounding.
template <class T>
void round_and_pack(T const* x, std::size_t begin, std::size_t end, T const* units, std::size_t k,
                    level_grid const& grid, random_stream const& random, [[maybe_unused]] group_draws& draws,
                    std::uint64_t* words, T* e, [[maybe_unused]] T const* ahead_x, [[maybe_unused]] T const* ahead_g,
                    [[maybe_unused]] instruction_set form) {
#if defined(__x86_64__)
    if (form != instruction_set::portable && units[k] >= tiny_unit<T>) {
        auto const round = [&](auto* with_e, auto* without) {
            begin = (e != nullptr ? with_e : without)(x, begin, end, units, k, grid, random, draws, words, e, ahead_x,
                                                      ahead_g);
        };
        if (form == instruction_set::avx512) round(avx512::round_groups<true, T>, avx512::round_groups<false, T>);
        if (form == instruction_set::avx2) round(avx2::round_groups<true, T>, avx2::round_groups<false, T>);
    }
    if (begin == end) return; // before room for levels is cleared
#endif
    portable::round_and_pack(x, begin, end, units, grid, random, words, e);
}

// take_quantized for coordinates begin .. end - 1, which are whole buckets but for the last.
template <class T>
std::size_t take_buckets(accumulated<T> sum, std::size_t begin, std::size_t end, level_grid const& grid,
                         view<cpu, T> units, std::uint64_t* words, random_stream const& random,
                         group_draws const& fresh, instruction_set form) {
    constexpr std::size_t ahead = 5; // buckets
    auto draws = fresh;
    auto bad = end;
    auto const length_from = [&](std::size_t first) {
        auto const length = norm_of(sum, sum.e, first, std::min(grid.bucket, end - first), grid.norm, form);
        if (!std::isfinite(length) && bad == end)
            for (bad = first; std::isfinite(sum.e[bad]);) ++bad;
        return length;
    };
    // Norms are found one bucket ahead, and a unit while the next norm is: neither is waited for.
    auto length = length_from(begin);
    auto k = begin / grid.bucket;
    for (auto first = begin; first < end; first += grid.bucket, ++k) {
        auto const n = std::min(grid.bucket, end - first);
        units[k] = unit_of<T>(length, grid.levels);
        if (n < end - first) length = length_from(first + n);
        bool const more = ahead * grid.bucket < end - first - n;
        auto const next = ahead * grid.bucket;
        round_and_pack<T>(sum.e, first, first + n, units.data(), k, grid, random, draws, words, sum.e,
                          more ? sum.e + next : nullptr, more ? sum.g.g + next : nullptr, form);
    }
    return bad;
}

} // namespace detail

/// The units of the buckets of x, unless they are given, and the levels of its coordinates in words.
template <class T>
void quantize(view<cpu, T const> x, level_grid const& grid, view<cpu, T> units, view<cpu, std::uint64_t> words,
              random_stream const& random, instruction_set form = best_instruction_set()) {
    auto const d = x.size();
    auto const find_unit = [&](std::size_t first, std::size_t n, std::size_t k) {
        if (grid.norm == norm::given) return;
        auto const length = detail::norm_of(unchanged<T>{x.data()}, x.data(), first, n, grid.norm, form);
        units[k] = unit_of<T>(length, grid.levels);
    };
    group_draws draws(random);
    bool const aligned = grid.bucket % level_group == 0; // otherwise groups lie in several buckets
    for (std::size_t first = 0, k = 0; first < d; first += grid.bucket, ++k) {
        auto const n = std::min(grid.bucket, d - first);
        find_unit(first, n, k);
        if (aligned || n == d)
            detail::round_and_pack<T>(x.data(), first, first + n, units.data(), k, grid, random, draws, words.data(),
                                      nullptr, nullptr, nullptr, form);
    }
    if (!aligned && grid.bucket < d)
        portable::round_and_pack<T>(x.data(), 0, d, units.data(), grid, random, words.data(), nullptr);
}

/// y_i += a u l_i
template <class T>
void add_levels(T a, view<cpu, std::uint64_t const> words, view<cpu, T const> units, level_grid const& grid,
                view<cpu, T> y, instruction_set form = best_instruction_set()) {
    auto const d = y.size();
    if (grid.bucket % level_group != 0 && grid.bucket < d)
        return portable::add_levels<T>(a, words.data(), units.data(), grid, y.data(), 0, d);
    for (std::size_t first = 0; first < d; first += grid.bucket) {
        auto begin = first;
        auto const end = first + std::min(grid.bucket, d - first);
#if defined(__x86_64__)
        auto const by = a * units[first / grid.bucket];
        if (form == instruction_set::avx512)
            begin = avx512::add_levels<T>(by, words.data(), grid.width(), y.data(), begin, end);
        if (form == instruction_set::avx2)
            begin = avx2::add_levels<T>(by, words.data(), grid.width(), y.data(), begin, end);
#endif
        portable::add_levels<T>(a, words.data(), units.data(), grid, y.data(), begin, end);
    }
}

/// e <- b e + a g, which is quantized, and what that gives is taken off e. A norm needs a whole bucket before its first
/// level is known, so there are two passes; a bucket that fits is in the first cache for the second one, and meanwhile
/// the next are on their way. Returns the first coordinate at which b e + a g is not finite, or the size.
template <class T>
std::size_t take_quantized(T a, view<cpu, T const> g, T b, view<cpu, T> e, level_grid const& grid, view<cpu, T> units,
                           view<cpu, std::uint64_t> words, random_stream const& random,
                           instruction_set form = best_instruction_set(), thread_pool* helpers = nullptr) {
    auto const d = e.size();
    if (d == 0) return 0;
    if (grid.bucket % level_group != 0 && grid.bucket < d) { // groups lie in several buckets
        accumulated<T> const sum{a, {g.data()}, b, e.data()};
        bool const finite = std::isfinite(detail::largest_magnitude_of(sum, 0, d, form));
        auto const bad = finite
                             ? d
                             : static_cast<std::size_t>(
                                   std::find_if(e.begin(), e.end(), [](T x) { return !std::isfinite(x); }) - e.begin());
        quantize<T>(e, grid, units, words, random, form);
        add_levels<T>(T(-1), words, units, grid, e, form);
        return bad;
    }
    accumulated<T> const sum{a, {g.data()}, b, e.data()};
    group_draws const draws(random);
    division const parts(d, std::min(grid.bucket, d), helpers); // of whole groups, so that they share no word
    return parts.first([&](std::size_t p) {
        return detail::take_buckets<T>(sum, parts.begin(p), parts.end(p), grid, units, words.data(), random, draws,
                                       form);
    });
}

/// Bits of the levels in Elias' code.
inline std::uint64_t elias_bits(view<cpu, std::uint64_t const> words, unsigned width, std::size_t d) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < d; ++i)
        bits += level_code_bits(static_cast<std::uint32_t>(std::abs(level_at(words.data(), i, width))));
    return bits;
}

} // namespace terse
