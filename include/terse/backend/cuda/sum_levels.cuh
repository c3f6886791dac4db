// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/sum_of_terms.cuh>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/levels.cuh> // element::level_at

namespace terse {

template <class B, class T>
struct levels_by;

} // namespace terse

namespace terse::kernel {

/// Buckets, of the same length in all terms.
struct equal_buckets {
    struct place {
        std::size_t bucket, number;
        std::size_t left; ///< coordinates of this bucket, from this one on
    };
    std::size_t bucket;

    __device__ place at(std::size_t i) const {
        auto const number = i / bucket;
        return {bucket, number, (number + 1) * bucket - i};
    }
};

/// u l by its levels. Those of a pack are in one group of 64, and have not more bits than a word.
template <class T>
struct level_term {
    using common_type = equal_buckets;
    static_assert(64 % pack<T>::size == 0 && pack<T>::size * 16 <= 64);

    element::level_at level;
    T const* units;

    __device__ void add_to(pack<T>& sum, std::size_t i, unsigned n, equal_buckets::place here) const {
        auto const* next = units + here.number;
        auto unit = *next;
        auto bits = level.bits(i, n);
        for (unsigned j = 0; j < pack<T>::size; ++j, --here.left, bits >>= level.width) {
            if (j >= n) break;
            if (here.left == 0) unit = *++next, here.left = here.bucket;
            sum.x[j] += unit * static_cast<T>(level.lowest(bits));
        }
    }
};

/// y = c (the sum of the terms, in their order, from 0); their buckets are equally long.
template <class T, class Device, Launcher Launch>
void sum_levels(Launch launch, std::span<levels_by<Device, T> const> terms, T c, view<Device, T> y) {
    auto const term = [&](std::size_t k) {
        auto const& t = terms[k];
        return level_term<T>{{t.words.data(), t.grid.width()}, t.units.data()};
    };
    equal_buckets const buckets{terms.empty() ? 1 : terms.front().grid.bucket};
    sum_terms<level_term<T>>(launch, terms.size(), buckets, term, true, c, y);
}

} // namespace terse::kernel
