// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu/candidates.hpp>

namespace terse::portable {

/// Moves v to the list if it is a candidate; returns what stays.
template <class T>
T append(T v, std::size_t offset, cutoff<T> cut, candidates<T>& list) {
    auto const m = magnitude(v);
    list.offset[list.count] = static_cast<std::uint32_t>(offset);
    list.value[list.count] = v;
    list.count += m >= cut.candidate ? 1 : 0;
    auto const keep = static_cast<magnitude_t<T>>(0 - static_cast<magnitude_t<T>>(m < cut.cleared ? 1 : 0));
    return std::bit_cast<T>(static_cast<magnitude_t<T>>(std::bit_cast<magnitude_t<T>>(v) & keep)); // no branch
}

/// Appends the candidates among coordinates begin .. end - 1 of a list to the list.
template <class Source, class T>
std::size_t collect(Source source, cutoff<T> cut, candidates<T>& list, std::size_t begin, std::size_t end) {
    constexpr std::size_t block = 32;
    auto const from = from_magnitude<T>(cut.candidate);
    auto own = list;
    for (; begin + block <= end; begin += block) {
        auto const at = own.first + begin;
        if (!source.template step<block>(at, from)) continue;
        for (std::size_t j = 0; j < block; ++j) {
            auto const rest = append(source.now(at + j), begin + j, cut, own);
            if constexpr (Source::writes) source.e[at + j] = rest;
        }
    }
    for (; begin < end; ++begin) {
        auto const rest = append(source.step(own.first + begin), begin, cut, own);
        if constexpr (Source::writes) source.e[own.first + begin] = rest;
    }
    list = own;
    return end;
}

/// The same for four lists, one after the other: compilers do not find the vector instructions for four at once.
template <class Source, class T>
std::size_t collect_four(Source source, cutoff<T> cut, candidates<T>* lists, std::size_t begin, std::size_t end) {
    for (int s = 0; s < 4; ++s) collect(source, cut, lists[s], begin, end);
    return end;
}

/// Counts the magnitudes that are at least `from`.
template <class T>
std::size_t count_at_least(T const* x, std::size_t size, magnitude_t<T> from) {
    constexpr std::size_t block = 32;
    std::size_t n = 0;
    std::size_t i = 0;
    for (; i + block <= size; i += block) {
        magnitude_t<T> part = 0; // of the width of the numbers, for compilers to use vectors
        for (std::size_t j = 0; j < block; ++j) part += magnitude(x[i + j]) >= from ? 1 : 0;
        n += part;
    }
    for (; i < size; ++i) n += magnitude(x[i]) >= from ? 1 : 0;
    return n;
}

/// Copies the numbers whose magnitudes lie in low .. last; `to` has room for all, and may be x.
template <class T>
std::size_t copy_between(T const* x, std::size_t size, magnitude_t<T> low, magnitude_t<T> last, T* to) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < size; ++i) {
        auto const v = x[i];
        auto const m = magnitude(v);
        to[n] = v;
        n += static_cast<std::size_t>(m >= low) & static_cast<std::size_t>(m <= last);
    }
    return n;
}

/// Writes the chosen candidates of a list. In e, if there is one, they become zero, and those others that were cleared
/// get their values back.
template <class T>
void write(candidates<T> const& list, T* e, magnitude_t<T> cleared, selected<T>& out, std::size_t begin = 0) {
    auto own = out;
    magnitude_t<T> largest = 0;
    for (auto i = begin; i < list.count; ++i) {
        auto const v = list.value[i];
        auto const m = magnitude(v);
        auto const at = list.first + list.offset[i];
        bool const tie = m == own.last && own.ties > 0;
        bool const chosen = m > own.last || tie;
        own.ties -= tie ? 1 : 0;
        if (own.n < own.room) {
            own.indices[own.n] = at;
            own.values[own.n] = v;
        }
        own.n += chosen ? 1 : 0;
        largest = std::max(largest, m);
        if (e != nullptr && chosen != (m >= cleared)) e[at] = chosen ? T(0) : v;
    }
    own.finite = own.finite && largest < not_finite<T>;
    out = own;
}

} // namespace terse::portable
