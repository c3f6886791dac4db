// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/sources.cuh> // pack
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/levels.cuh> // element::level_at
#include <terse/backend/view.hpp>

namespace terse {

template <class B, class T>
struct levels_by;

} // namespace terse

namespace terse::kernel {

/// y <- c (y + the sum of some terms u l, by the levels of each), where y counts as zero in the first of several
/// launches. The buckets of all terms are equally long. A thread has a pack of coordinates, whose sum stays in
/// registers.
template <class T>
struct sum_of_levels {
    static constexpr unsigned threads = 256;
    static constexpr unsigned most_terms = 128; ///< of one launch, whose arguments are limited
    static constexpr unsigned size = threads * pack<T>::size;
    static_assert(64 % pack<T>::size == 0 && pack<T>::size * 16 <= 64); // the levels of a pack are in one group
    struct shared {};
    struct term {
        element::level_at level;
        T const* units;
    };

    term terms[most_terms];
    unsigned count;
    bool first;
    T c;
    T* y;
    std::size_t d;
    std::size_t bucket;
    bool aligned = aligned_for_packs(y);

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const begin = b.index() * size + b.thread() * pack<T>::size;
        if (begin >= d) return;
        auto const n = d - begin < pack<T>::size ? static_cast<unsigned>(d - begin) : pack<T>::size;
        bool const whole = n == pack<T>::size;
        pack<T> v{};
        if (!first && whole) v = pack<T>::read(y + begin, aligned);
        if (!first && !whole)
            for (unsigned j = 0; j < n; ++j) v.x[j] = y[begin + j];
        auto const number = begin / bucket;
        auto const left = (number + 1) * bucket - begin; // of this bucket
        for (unsigned k = 0; k < count; ++k) {
            auto const* units = terms[k].units + number;
            auto unit = *units;
            auto const& level = terms[k].level;
            auto bits = level.bits(begin, n); // of all at once
            auto rest = left;
            for (unsigned j = 0; j < pack<T>::size; ++j, --rest, bits >>= level.width) {
                if (j >= n) break;
                if (rest == 0) unit = *++units, rest = bucket;
                v.x[j] += unit * static_cast<T>(level.lowest(bits));
            }
        }
        for (auto& x : v.x) x *= c; // of 1 changes nothing
        if (whole) return v.write(y + begin, aligned);
        for (unsigned j = 0; j < n; ++j) y[begin + j] = v.x[j];
    }
};

/// y = c (the sum of the terms, in their order, from 0), so many in one pass over y; their buckets are equally long.
/// Nobody waits for the device.
template <class T, class Device, Launcher Launch>
void sum_levels(Launch launch, std::span<levels_by<Device, T> const> terms, T c, view<Device, T> y) {
    using sum = sum_of_levels<T>;
    if (y.empty()) return;
    std::size_t next = 0;
    do {
        auto const n = std::min<std::size_t>(sum::most_terms, terms.size() - next);
        bool const last = next + n == terms.size();
        sum part{{},
                 static_cast<unsigned>(n),
                 next == 0,
                 last ? c : T(1),
                 y.data(),
                 y.size(),
                 terms.empty() ? 1 : terms.front().grid.bucket};
        for (std::size_t k = 0; k < n; ++k) {
            auto const& t = terms[next + k];
            part.terms[k] = {{t.words.data(), t.grid.width()}, t.units.data()};
        }
        launch(part, (y.size() + sum::size - 1) / sum::size);
        next += n;
    } while (next < terms.size());
}

} // namespace terse::kernel
