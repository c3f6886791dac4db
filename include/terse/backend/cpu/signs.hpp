// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/division.hpp>
#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/signs_avx2.hpp>
#include <terse/backend/cpu/signs_avx512.hpp>
#include <terse/backend/cpu/signs_portable.hpp>
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>

namespace terse {

template <class B, class T>
struct signed_by;

namespace detail {

/// The signs of n numbers of a source from `first` on, not more than a block of the fixed order, as bits, and the sum
/// of their magnitudes. What the source computes is written in the same pass.
template <class Source>
double collect_block_of_signs(Source const& source, std::size_t first, std::size_t n, std::uint64_t* words,
                              instruction_set form) {
    double lane[fixed_order::lanes]{};
    std::size_t begin = 0;
#if defined(__x86_64__)
    if (form == instruction_set::avx512) begin = avx512::collect_signs(source, first, n, words, lane);
    if (form == instruction_set::avx2) begin = avx2::collect_signs(source, first, n, words, lane);
#endif
    portable::collect_signs(source, first, begin, n, words, lane);
    return fixed_order::sum(lane);
}

/// The same for all d numbers, with the help of the threads of the temporary memory if there is one.
template <class Source>
double collect_signs(Source const& source, std::size_t d, std::uint64_t* words, instruction_set form,
                     scratch<cpu>* temporary = nullptr) {
    constexpr auto block = fixed_order::block;
    division const parts(d, block, temporary == nullptr ? nullptr : temporary->helpers);
    auto const look_at = [&](std::size_t first) {
        return collect_block_of_signs(source, first, std::min(d - first, block), words + first / 64, form);
    };
    double total = 0;
    if (parts.parts() == 1) {
        for (std::size_t first = 0; first < d; first += block) total += look_at(first);
        return total;
    }
    scratch<cpu>::scope const scope(*temporary);
    auto const sums = temporary->template take<double>((d + block - 1) / block);
    parts.for_each([&](std::size_t p) {
        for (auto first = parts.begin(p); first < parts.end(p); first += block) sums[first / block] = look_at(first);
    });
    for (auto const sum : sums) total += sum; // one after the other, as above
    return total;
}

} // namespace detail

/// Bit i of the words is 1 where x_i >= 0. Returns the sum of the magnitudes in the fixed order.
template <class T>
double pack_signs(view<cpu, T const> x, view<cpu, std::uint64_t> words, instruction_set form = best_instruction_set()) {
    return detail::collect_signs(unchanged<T>{x.data()}, x.size(), words.data(), form);
}

/// e <- b e + a g, the signs of the result, and the sum of its magnitudes in the fixed order.
template <class T>
double accumulate_signs(T a, view<cpu, T const> g, T b, view<cpu, T> e, view<cpu, std::uint64_t> words,
                        instruction_set form = best_instruction_set(), scratch<cpu>* temporary = nullptr) {
    return detail::collect_signs(accumulated<T>{a, {g.data()}, b, e.data()}, e.size(), words.data(), form, temporary);
}

/// The same with x - scale sign(x) in place of g.
template <class T>
double accumulate_signs(T a, view<cpu, T const> x, T scale, T b, view<cpu, T> e, view<cpu, std::uint64_t> words,
                        instruction_set form = best_instruction_set(), scratch<cpu>* temporary = nullptr) {
    if (scale == T(0)) return accumulate_signs<T>(a, x, b, e, words, form, temporary);
    return detail::collect_signs(resumed<T>{a, x.data(), scale, b, e.data()}, e.size(), words.data(), form, temporary);
}

/// e <- e - scale sign(e)
template <class T>
void subtract_signs(T scale, view<cpu, T> e) {
    for (auto& x : e) x = less_scaled_sign(x, scale);
}

/// y_i += a where bit i of the words is 1, y_i -= a where it is 0.
template <class T>
void add_signs(T a, view<cpu, std::uint64_t const> words, view<cpu, T> y,
               instruction_set form = best_instruction_set()) {
    std::size_t begin = 0;
#if defined(__x86_64__)
    if (form == instruction_set::avx512) begin = avx512::add_signs(a, words.data(), y.data(), y.size());
    if (form == instruction_set::avx2) begin = avx2::add_signs(a, words.data(), y.data(), y.size());
#endif
    portable::add_signs(a, words.data(), y.data(), begin, y.size());
}

/// y = c (the sum of the terms, in their order, from 0). Block by block, so that the sum stays in cache.
template <class T>
void sum_signs(std::span<signed_by<cpu, T> const> terms, T c, view<cpu, T> y,
               instruction_set form = best_instruction_set()) {
    constexpr std::size_t block = 4096;
    for (std::size_t begin = 0; begin < y.size(); begin += block) {
        auto const n = std::min(block, y.size() - begin);
        auto const part = y.part(begin, n);
        std::fill_n(part.data(), n, T(0));
        for (auto const& term : terms) add_signs<T>(term.a, term.bits.part(begin / 64, (n + 63) / 64), part, form);
        if (c != T(1))
            for (std::size_t i = 0; i < n; ++i) part[i] *= c;
    }
}

} // namespace terse
