// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/sources.cuh> // pack
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// Nothing that terms have in common.
struct nothing_in_common {
    struct place {};
    __device__ place at(std::size_t) const { return {}; }
};

/// y <- c (y + some terms, in their order), where y may count as zero. A thread has a pack of coordinates, whose sum
/// stays in registers. A term has
///     using common_type = ...;   // what all have in common; at(i) says where coordinate i is in each of them
///     __device__ void add_to(pack<T>& sum, std::size_t i, unsigned n, place) const;   // its coordinates from i on
template <class T, class Term>
struct sum_of_terms {
    static constexpr unsigned threads = 256;
    static constexpr unsigned most_terms = 128; ///< of one launch, whose arguments are limited
    static constexpr unsigned size = threads * pack<T>::size;
    struct shared {};

    Term terms[most_terms];
    unsigned count;
    typename Term::common_type common;
    bool from_zero;
    T c;
    T* y;
    std::size_t d;
    bool aligned = aligned_for_packs(y);

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const begin = b.index() * size + b.thread() * pack<T>::size;
        if (begin >= d) return;
        if (begin + pack<T>::size <= d) {
            pack<T> sum{};
            if (!from_zero) sum = pack<T>::read(y + begin, aligned);
            return add_up(sum, begin, pack<T>::size).write(y + begin, aligned);
        }
        auto const n = static_cast<unsigned>(d - begin);
        pack<T> sum{};
        if (!from_zero)
            for (unsigned j = 0; j < n; ++j) sum.x[j] = y[begin + j];
        sum = add_up(sum, begin, n);
        for (unsigned j = 0; j < n; ++j) y[begin + j] = sum.x[j];
    }

private:
    __device__ pack<T> add_up(pack<T> sum, std::size_t begin, unsigned n) const {
        auto const here = common.at(begin);
        for (unsigned k = 0; k < count; ++k) terms[k].add_to(sum, begin, n, here);
        for (auto& x : sum.x) x *= c; // of 1 changes nothing
        return sum;
    }
};

/// y <- c (y + the terms term_of(0), .., term_of(n - 1), in their order), where y may count as zero; so many in one
/// pass over y. Nobody waits for the device.
template <class Term, class T, class Device, Launcher Launch, class F>
void sum_terms(Launch launch, std::size_t n, typename Term::common_type const& common, F term_of, bool from_zero, T c,
               view<Device, T> y) {
    using sum = sum_of_terms<T, Term>;
    if (y.empty()) return;
    std::size_t next = 0;
    do {
        auto const here = std::min<std::size_t>(sum::most_terms, n - next);
        bool const last = next + here == n;
        sum part{{}, static_cast<unsigned>(here), common, from_zero && next == 0, last ? c : T(1), y.data(), y.size()};
        for (std::size_t k = 0; k < here; ++k) part.terms[k] = term_of(next + k);
        launch(part, (y.size() + sum::size - 1) / sum::size);
        next += here;
    } while (next < n);
}

} // namespace terse::kernel
