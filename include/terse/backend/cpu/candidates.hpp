// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/magnitude.hpp>

namespace terse {

/// How far ahead of its use memory is asked for: the processor's own guesses end at the end of a page.
inline constexpr std::size_t prefetch_distance = 1024; ///< bytes

/// A vector v that exists only while it is read: v = b e + a g, which replaces e.
template <class T>
struct accumulated {
    using scalar = T;
    static constexpr bool writes = true;

    T a;
    T const* g;
    T b;
    T* e;

    bool scaled() const { return a != T(1) || b != T(1); }

    T operator()(std::size_t i) const { return b * e[i] + a * g[i]; }

    T now(std::size_t i) const { return e[i]; }

    // Computes n numbers; returns whether one of them is not below `from`, as NaN is not.
    bool advance(std::size_t at, std::size_t n, T from) const {
        T* __restrict__ const to = e + at;
        T const* __restrict__ const add = g + at;
        int reached = 0;
        for (std::size_t j = 0; j < n; ++j) {
            T const v = b * to[j] + a * add[j];
            to[j] = v;
            reached |= std::fabs(v) < from ? 0 : 1;
        }
        return reached != 0;
    }
};

/// A vector as it is.
template <class T>
struct unchanged {
    using scalar = T;
    static constexpr bool writes = false;
    static constexpr T* e = nullptr;

    T const* x;

    T operator()(std::size_t i) const { return x[i]; }

    T now(std::size_t i) const { return x[i]; }

    bool advance(std::size_t at, std::size_t n, T from) const {
        int reached = 0;
        for (std::size_t j = 0; j < n; ++j) reached |= std::fabs(x[at + j]) < from ? 0 : 1;
        return reached != 0;
    }
};

/// What makes a coordinate a candidate, and which candidates are cleared at once because they will hardly be rejected.
template <class T>
struct cutoff {
    magnitude_t<T> candidate;
    magnitude_t<T> cleared; ///< at least `candidate`
    bool dense;             ///< candidates are frequent
};

/// Kernels write whole vectors: as much room must follow the last candidate.
inline constexpr std::size_t candidate_slack = 64;

/// Consecutive coordinates, and the candidates found among them so far, in index order. There is room for more than
/// are stored: kernels write whole registers.
template <class T>
struct candidates {
    std::size_t first = 0;           ///< coordinate
    std::uint32_t* offset = nullptr; ///< coordinate - first
    T* value = nullptr;
    std::size_t count = 0;
};

/// Where chosen candidates go, and which they are: those above a magnitude, and the first so many that are equal to it.
template <class T>
struct selected {
    magnitude_t<T> last;
    std::size_t ties;
    std::uint64_t* indices;
    T* values;
    std::size_t room;
    std::size_t n = 0;
    bool finite = true; ///< no candidate seen so far is NaN or infinite
};

} // namespace terse
