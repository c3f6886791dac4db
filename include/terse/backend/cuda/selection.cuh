// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/digits.cuh>
#include <terse/backend/cuda/sources.cuh>

namespace terse::kernel {

/// How far a selection of the k largest is. It lives on the device, where one kernel leaves it to the next.
template <class T>
struct selection {
    static constexpr auto nothing = ~magnitude_t<T>{0}; ///< what no magnitude reaches

    magnitude_t<T> from;     ///< what makes a candidate
    std::uint64_t found;     ///< candidates, whether there was room for them or not
    magnitude_t<T> last;     ///< the k-th largest magnitude, as far as its digits are known
    std::uint64_t rank;      ///< of it, among those that agree with it so far; in the end, how many of its equals count
    std::uint32_t finished;  ///< blocks that have counted a digit
    std::uint32_t taken_bad; ///< how many of those selected are NaN or infinite
    std::uint64_t occurs[digits<T>::values];
};

/// The coordinates that a block looks at together; each thread reads a few packs.
template <class T>
struct tile {
    static constexpr unsigned threads = 256;
    static constexpr unsigned rounds = 4;
    static constexpr unsigned of_warp = warp * pack<T>::size * rounds;
    static constexpr unsigned size = threads / warp * of_warp;

    static std::size_t count(std::size_t d) { return (d + size - 1) / size; }
};

/// Candidates of each tile in index order; the tiles stand in no particular one.
template <class T>
struct candidate_store {
    std::uint64_t capacity;
    T* value;
    std::uint16_t* offset; ///< in its tile
    std::uint64_t* first;  ///< of each tile
    std::uint32_t* count;  ///< in each tile
};

/// What a selection is made from when the candidates are known: those, or, where they are too few or too many, the
/// vector.
template <class T>
struct candidates_or_all {
    T const* x;
    std::size_t d;
    std::uint64_t k;
    selection<T>* state;
    candidate_store<T> store;

    __device__ bool all() const { return state->found < k || state->found > store.capacity; }
};

/// Part of it in one tile.
template <class T>
struct tile_entries {
    T const* value;
    std::uint16_t const* offset; ///< or none, if they are one after the other
    std::size_t begin;           ///< coordinate where the tile begins
    unsigned count;

    __device__ static tile_entries of(candidates_or_all<T> const& from, bool all, std::size_t t) {
        auto const begin = t * tile<T>::size;
        if (!all) {
            auto const first = from.store.first[t];
            return {from.store.value + first, from.store.offset + first, begin, from.store.count[t]};
        }
        auto const rest = from.d - begin;
        return {from.x + begin, nullptr, begin, rest < tile<T>::size ? static_cast<unsigned>(rest) : tile<T>::size};
    }
    __device__ std::size_t coordinate(unsigned j) const { return begin + (offset == nullptr ? j : offset[j]); }
};

} // namespace terse::kernel
