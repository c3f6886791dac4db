// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/magnitude.hpp>

namespace terse {

/// How far ahead of its use memory is asked for: the processor's own guesses end at the end of a page.
inline constexpr std::size_t prefetch_distance = 1024; ///< bytes

/// What is added to a residual: a vector in memory,
template <class T>
struct addend {
    T const* g;

    static T before(T y, std::size_t) { return y; }

    T operator()(std::size_t i) const { return g[i]; }
    T step(std::size_t i) const { return g[i]; }

    // N numbers.
    template <std::size_t N>
    T const* step(std::size_t at, T*) const {
        return g + at;
    }
};

/// one that comes out of a momentum_step, which is made while it is read,
template <class T>
struct momentum_addend {
    T beta;
    T const* g;
    T* m;
    bool nesterov;

    static T before(T y, std::size_t) { return y; }

    T next(std::size_t i) const { return beta * m[i] + g[i]; }
    T operator()(std::size_t i) const { return nesterov ? g[i] + beta * next(i) : next(i); }
    T step(std::size_t i) const {
        auto const v = (*this)(i);
        m[i] = next(i);
        return v;
    }

    template <std::size_t N>
    T const* step(std::size_t at, T* room) const {
        T* __restrict__ const to = m + at;
        T const* __restrict__ const add = g + at;
        for (std::size_t j = 0; j < N; ++j) to[j] = beta * to[j] + add[j];
        if (!nesterov) return to;
        T* __restrict__ const out = room;
        for (std::size_t j = 0; j < N; ++j) out[j] = add[j] + beta * to[j];
        return out;
    }
};

/// or one in memory, after y <- y + s u.
template <class T>
struct second_addend : addend<T> {
    T s;
    T const* u;

    T before(T y, std::size_t i) const { return y + s * u[i]; }
};

// Each source and addend can be asked for the number at i, with and without writing what it writes.

/// A vector v that exists only while it is read: v = b e + a g, which replaces e.
template <class T, class Addend = addend<T>>
struct accumulated {
    using scalar = T;
    static constexpr bool writes = true;

    T a;
    Addend g;
    T b;
    T* e;

    bool scaled() const { return a != T(1) || b != T(1); }

    T operator()(std::size_t i) const { return b * g.before(e[i], i) + a * g(i); }
    T step(std::size_t i) const { return e[i] = b * g.before(e[i], i) + a * g.step(i); }
    T now(std::size_t i) const { return e[i]; }

    // N numbers; returns whether one of them is not below `from`, as NaN is not.
    template <std::size_t N>
    bool step(std::size_t at, T from) const {
        std::array<T, N> room;
        T* __restrict__ const to = e + at;
        T const* __restrict__ const add = g.template step<N>(at, room.data());
        int reached = 0;
        for (std::size_t j = 0; j < N; ++j) {
            T const v = b * g.before(to[j], at + j) + a * add[j];
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

    T step(std::size_t i) const { return x[i]; }
    T now(std::size_t i) const { return x[i]; }

    template <std::size_t N>
    bool step(std::size_t at, T from) const {
        int reached = 0;
        for (std::size_t j = 0; j < N; ++j) reached |= std::fabs(x[at + j]) < from ? 0 : 1;
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
