// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <bit>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/lanes_avx512.hpp>

namespace terse::avx512 {

template <class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] typename lanes<T>::vector evaluate(accumulated<T> s, std::size_t at) {
    using l = lanes<T>;
    return l::add(l::multiply(l::all(s.b), l::load(s.e + at)), l::multiply(l::all(s.a), l::load(s.g + at)));
}
template <class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] typename lanes<T>::vector evaluate(unchanged<T> s, std::size_t at) {
    return lanes<T>::load(s.x + at);
}

template <class T>
struct looked_at {
    typename lanes<T>::vector v;
    typename lanes<T>::mask candidates;
};

template <class Source, class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] looked_at<T> look(Source source, cutoff<T> cut, std::size_t at) {
    using l = lanes<T>;
    auto const v = evaluate(source, at);
    if constexpr (Source::writes) l::store(source.e + at, l::clear(l::at_least(v, cut.cleared), v));
    return {v, l::at_least(v, cut.candidate)};
}

template <class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] void append(looked_at<T> found, std::size_t offset, candidates<T>& list) {
    using l = lanes<T>;
    auto const chosen = l::bits(found.candidates);
    l::store_values(chosen, found.v, list.value + list.count);
    l::store_offsets(chosen, static_cast<std::uint32_t>(offset), list.offset + list.count);
    list.count += static_cast<std::size_t>(std::popcount(chosen));
}

/// Appends the candidates among coordinates begin .. of a list to the list, whole vectors at a time; returns where it
/// stopped before `end`.
template <class Source, class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] std::size_t collect(Source source, cutoff<T> cut, candidates<T>& list,
                                                               std::size_t begin, std::size_t end) {
    auto own = list;
    for (; begin + lanes<T>::count <= end; begin += lanes<T>::count)
        append(look(source, cut, own.first + begin), begin, own);
    list = own;
    return begin;
}

/// The same for four lists at once, because several streams use the memory better than one.
template <class Source, class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] std::size_t collect_four(Source source, cutoff<T> cut, candidates<T>* lists,
                                                                    std::size_t begin, std::size_t end) {
    using l = lanes<T>;
    auto l0 = lists[0], l1 = lists[1], l2 = lists[2], l3 = lists[3];
    for (; begin + l::count <= end; begin += l::count) {
        auto const f0 = look(source, cut, l0.first + begin);
        auto const f1 = look(source, cut, l1.first + begin);
        auto const f2 = look(source, cut, l2.first + begin);
        auto const f3 = look(source, cut, l3.first + begin);
        auto const any = l::either(l::either(f0.candidates, f1.candidates), l::either(f2.candidates, f3.candidates));
        if (!cut.dense && l::bits(any) == 0) continue;
        append(f0, begin, l0);
        append(f1, begin, l1);
        append(f2, begin, l2);
        append(f3, begin, l3);
    }
    lists[0] = l0, lists[1] = l1, lists[2] = l2, lists[3] = l3;
    return begin;
}

/// Copies the values below `high` in magnitude, whole vectors at a time; `to` has room for all. Returns where it
/// stopped.
template <class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] std::size_t copy_below(candidates<T> const& list, magnitude_t<T> high, T* to,
                                                                  std::size_t& n) {
    using l = lanes<T>;
    auto const all = static_cast<unsigned>((1U << l::count) - 1);
    std::size_t i = 0;
    for (; i + l::count <= list.count; i += l::count) {
        auto const v = l::load(list.value + i);
        auto const below = l::bits(l::at_least(v, high)) ^ all;
        l::store_values(below, v, to + n);
        n += static_cast<std::size_t>(std::popcount(below));
    }
    return i;
}

/// Writes the chosen candidates of a list while whole vectors fit; returns where it stopped.
template <class Source, class T>
[[gnu::target("avx512f,avx512vl,popcnt")]] std::size_t write(candidates<T> const& list, Source source,
                                                             magnitude_t<T> cleared, selected<T>& out) {
    using l = lanes<T>;
    auto own = out;
    std::size_t i = 0;
    for (; i + l::count <= list.count && own.n + l::count <= own.room; i += l::count) {
        auto const v = l::load(list.value + i);
        auto chosen = l::bits(l::at_least(v, own.last + 1));
        auto equal = l::bits(l::at_least(v, own.last)) ^ chosen;
        for (; equal != 0 && own.ties > 0; equal &= equal - 1, --own.ties) chosen |= equal & (0 - equal);
        l::store_values(chosen, v, own.values + own.n);
        l::store_indices(chosen, list.first, list.offset + i, own.indices + own.n);
        own.n += static_cast<std::size_t>(std::popcount(chosen));
        if constexpr (Source::writes)
            for (auto wrong = chosen ^ l::bits(l::at_least(v, cleared)); wrong != 0; wrong &= wrong - 1) {
                auto const lane = static_cast<std::size_t>(std::countr_zero(wrong));
                auto const at = list.first + list.offset[i + lane];
                source.e[at] = (chosen >> lane & 1) != 0 ? T(0) : list.value[i + lane];
            }
    }
    out = own;
    return i;
}

} // namespace terse::avx512

#endif
