// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/thrust/element.cuh>

namespace terse::kernel {

/// Consecutive numbers that are read and written at once.
template <class T>
struct alignas(16) pack {
    static constexpr unsigned size = 16 / sizeof(T);

    T x[size];

    /// From an address that is one of a pack, or not.
    __device__ static pack read(T const* from, bool aligned) {
        if (aligned) return *reinterpret_cast<pack const*>(from);
        pack p;
        for (unsigned j = 0; j < size; ++j) p.x[j] = from[j];
        return p;
    }
    __device__ void write(T* to, bool aligned) const {
        if (aligned)
            *reinterpret_cast<pack*>(to) = *this;
        else
            for (unsigned j = 0; j < size; ++j) to[j] = x[j];
    }
};

template <class T>
bool aligned_for_packs(T const* x) {
    return reinterpret_cast<std::uintptr_t>(x) % alignof(pack<T>) == 0;
}

// A source is a vector that is read once. It tells the number at i without writing what it writes; read() and write()
// do both for a pack, in two steps, so that many can be read before the first is written; step() does it for one, and
// so does put(i, the number at i) of sources that have it.
// now() is where the numbers are afterwards, and moves_out says whether those selected leave it.

/// A vector as it is.
template <class T>
struct unchanged {
    static constexpr bool moves_out = false;
    using raw = pack<T>;

    T const* x;
    bool aligned = aligned_for_packs(x);

    __device__ T operator()(std::size_t i) const { return x[i]; }
    __device__ raw read(std::size_t i) const { return pack<T>::read(x + i, aligned); }
    __device__ pack<T> write(std::size_t, raw const& r) const { return r; }
    __device__ T step(std::size_t i) const { return x[i]; }
    __device__ void put(std::size_t, T) const {}
    __host__ __device__ T const* now() const { return x; }
};

/// e <- b e + a g
template <class T>
struct accumulated {
    static constexpr bool moves_out = true;
    struct raw {
        pack<T> e, g;
    };

    T a;
    T const* g;
    T b;
    T* e;
    bool aligned = aligned_for_packs(g) && aligned_for_packs(e);

    __device__ T operator()(std::size_t i) const { return b * e[i] + a * g[i]; }
    __device__ raw read(std::size_t i) const { return {pack<T>::read(e + i, aligned), pack<T>::read(g + i, aligned)}; }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        pack<T> v;
        for (unsigned j = 0; j < pack<T>::size; ++j) v.x[j] = b * r.e.x[j] + a * r.g.x[j];
        v.write(e + i, aligned);
        return v;
    }
    __device__ T step(std::size_t i) const { return e[i] = (*this)(i); }
    __device__ void put(std::size_t i, T v) const { e[i] = v; }
    __host__ __device__ T const* now() const { return e; }
};

/// e <- b (e + c u) + a x
template <class T>
struct accumulated_after_addition {
    static constexpr bool moves_out = true;
    struct raw {
        pack<T> e, u, x;
    };

    T a;
    T const* x;
    T c;
    T const* u;
    T b;
    T* e;
    bool aligned = aligned_for_packs(x) && aligned_for_packs(u) && aligned_for_packs(e);

    __device__ T sum(T old, T added, T next) const { return b * (old + c * added) + a * next; }
    __device__ T operator()(std::size_t i) const { return sum(e[i], u[i], x[i]); }
    __device__ raw read(std::size_t i) const {
        return {pack<T>::read(e + i, aligned), pack<T>::read(u + i, aligned), pack<T>::read(x + i, aligned)};
    }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        pack<T> v;
        for (unsigned j = 0; j < pack<T>::size; ++j) v.x[j] = sum(r.e.x[j], r.u.x[j], r.x.x[j]);
        v.write(e + i, aligned);
        return v;
    }
    __device__ T step(std::size_t i) const { return e[i] = (*this)(i); }
    __host__ __device__ T const* now() const { return e; }
};

/// e <- b e + a (x - scale sign(x)), where the sign of zero is +. For kernels that take one number at a time.
template <class T>
struct resumed {
    static constexpr bool moves_out = true;

    T a;
    T const* x;
    T scale;
    T b;
    T* e;

    __device__ T operator()(std::size_t i) const { return b * e[i] + a * element::less_scaled_sign<T>{scale}(x[i]); }
    __device__ void put(std::size_t i, T v) const { e[i] = v; }
};

/// e <- e - scale sign(e), where the sign of zero is +. Nothing is selected from it.
template <class T>
struct less_signs {
    using raw = pack<T>;

    element::less_scaled_sign<T> less;
    T* e;
    bool aligned = aligned_for_packs(e);

    __device__ raw read(std::size_t i) const { return pack<T>::read(e + i, aligned); }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        pack<T> v;
        for (unsigned j = 0; j < pack<T>::size; ++j) v.x[j] = less(r.x[j]);
        v.write(e + i, aligned);
        return v;
    }
    __device__ T step(std::size_t i) const { return e[i] = less(e[i]); }
};

/// Another source, of whose d numbers `count` from `first` on, going on at 0 after the last, move to `values`. Nothing
/// is selected from it.
template <class T, class Source>
struct with_block_moved {
    using raw = typename Source::raw;

    Source source;
    std::size_t d;
    std::size_t first;
    std::size_t count;
    T* values;
    bool clears; ///< see block_take

    __device__ raw read(std::size_t i) const { return source.read(i); }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        auto const v = source.write(i, r);
        for (unsigned j = 0; j < pack<T>::size; ++j) move(i + j, v.x[j]);
        return v;
    }
    __device__ T step(std::size_t i) const {
        auto const v = source.step(i);
        move(i, v);
        return v;
    }

private:
    __device__ void move(std::size_t i, T v) const {
        auto const j = i >= first ? i - first : i + (d - first);
        if (j >= count) return;
        values[j] = v;
        source.e[i] = clears ? T(0) : v - v;
    }
};

/// m <- beta m + g; e <- b e + a m, or with Nesterov's g + beta m in place of m.
template <class T>
struct accumulated_momentum {
    static constexpr bool moves_out = true;
    struct raw {
        pack<T> e, g, m;
    };

    T a;
    T beta;
    T const* g;
    T* m;
    bool nesterov;
    T b;
    T* e;
    bool aligned = aligned_for_packs(g) && aligned_for_packs(m) && aligned_for_packs(e);

    __device__ T sum(T old, T gradient, T next) const {
        return b * old + a * (nesterov ? gradient + beta * next : next);
    }
    __device__ T operator()(std::size_t i) const { return sum(e[i], g[i], beta * m[i] + g[i]); }
    __device__ raw read(std::size_t i) const {
        return {pack<T>::read(e + i, aligned), pack<T>::read(g + i, aligned), pack<T>::read(m + i, aligned)};
    }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        pack<T> v, next;
        for (unsigned j = 0; j < pack<T>::size; ++j) {
            next.x[j] = beta * r.m.x[j] + r.g.x[j];
            v.x[j] = sum(r.e.x[j], r.g.x[j], next.x[j]);
        }
        next.write(m + i, aligned);
        v.write(e + i, aligned);
        return v;
    }
    __device__ T step(std::size_t i) const {
        m[i] = beta * m[i] + g[i];
        return e[i] = sum(e[i], g[i], m[i]);
    }
    __host__ __device__ T const* now() const { return e; }
};

/// y <- a y. Nothing is selected from it.
template <class T>
struct multiplied {
    using raw = pack<T>;

    T a;
    T* y;
    bool aligned = aligned_for_packs(y);

    __device__ raw read(std::size_t i) const { return pack<T>::read(y + i, aligned); }
    __device__ pack<T> write(std::size_t i, raw const& r) const {
        pack<T> v;
        for (unsigned j = 0; j < pack<T>::size; ++j) v.x[j] = a * r.x[j];
        v.write(y + i, aligned);
        return v;
    }
    __device__ T step(std::size_t i) const { return y[i] = a * y[i]; }
};

} // namespace terse::kernel
