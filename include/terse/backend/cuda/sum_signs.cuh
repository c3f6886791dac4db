// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/sources.cuh> // pack
#include <terse/backend/view.hpp>

namespace terse {

template <class B, class T>
struct signed_by;

} // namespace terse

namespace terse::kernel {

/// y <- c (y + the sum of some terms +-a, by the bits of each), where y counts as zero in the first of several
/// launches. The sum stays in registers; a thread has a pack of coordinates, whose bits are in one word of each term.
template <class T>
struct sum_of_signs {
    static constexpr unsigned threads = 256;
    static constexpr unsigned most_terms = 128; ///< of one launch, whose arguments are limited
    static constexpr unsigned size = threads * pack<T>::size;
    static_assert(64 % pack<T>::size == 0);
    struct shared {};
    struct term {
        T a;
        std::uint64_t const* bits;
    };

    term terms[most_terms];
    unsigned count;
    bool first;
    T c;
    T* y;
    std::size_t d;
    bool aligned = aligned_for_packs(y);

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const begin = b.index() * size + b.thread() * pack<T>::size;
        if (begin >= d) return;
        bool const whole = begin + pack<T>::size <= d;
        pack<T> v{};
        if (!first && whole) v = pack<T>::read(y + begin, aligned);
        if (!first && !whole)
            for (auto i = begin; i < d; ++i) v.x[i - begin] = y[i];
        for (unsigned k = 0; k < count; ++k) {
            auto const bits = terms[k].bits[begin / 64] >> begin % 64;
            for (unsigned j = 0; j < pack<T>::size; ++j) v.x[j] += (bits >> j & 1) != 0 ? terms[k].a : -terms[k].a;
        }
        for (auto& x : v.x) x *= c; // of 1 changes nothing
        if (whole) return v.write(y + begin, aligned);
        for (auto i = begin; i < d; ++i) y[i] = v.x[i - begin];
    }
};

/// y = c (the sum of the terms, in their order, from 0), so many terms in one pass over y. Nobody waits for the device.
template <class T, class Device, Launcher Launch>
void sum_signs(Launch launch, std::span<signed_by<Device, T> const> terms, T c, view<Device, T> y) {
    using sum = sum_of_signs<T>;
    if (y.empty()) return;
    std::size_t next = 0;
    do {
        auto const n = std::min<std::size_t>(sum::most_terms, terms.size() - next);
        bool const last = next + n == terms.size();
        sum part{{}, static_cast<unsigned>(n), next == 0, last ? c : T(1), y.data(), y.size()};
        for (std::size_t k = 0; k < n; ++k) part.terms[k] = {terms[next + k].a, terms[next + k].bits.data()};
        launch(part, (y.size() + sum::size - 1) / sum::size);
        next += n;
    } while (next < terms.size());
}

} // namespace terse::kernel
