// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <terse/backend/cuda/sources.cuh> // pack
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// y <- c (y + some vectors, in their order), where y counts as zero in the first of several launches. A thread has a
/// pack of coordinates, whose sum stays in registers.
template <class T>
struct sum_of_vectors {
    static constexpr unsigned threads = 256;
    static constexpr unsigned most_terms = 128; ///< of one launch, whose arguments are limited
    static constexpr unsigned size = threads * pack<T>::size;
    struct shared {};

    T const* terms[most_terms];
    unsigned count;
    bool first;
    T c;
    T* y;
    std::size_t d;
    bool aligned; ///< all of them

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const begin = b.index() * size + b.thread() * pack<T>::size;
        if (begin + pack<T>::size <= d) {
            pack<T> v{};
            if (!first) v = pack<T>::read(y + begin, aligned);
            for (unsigned k = 0; k < count; ++k) {
                auto const x = pack<T>::read(terms[k] + begin, aligned);
                for (unsigned j = 0; j < pack<T>::size; ++j) v.x[j] += x.x[j];
            }
            for (auto& x : v.x) x *= c; // of 1 changes nothing
            return v.write(y + begin, aligned);
        }
        for (auto i = begin; i < d; ++i) {
            T sum = first ? T(0) : y[i];
            for (unsigned k = 0; k < count; ++k) sum += terms[k][i];
            y[i] = sum * c;
        }
    }
};

/// y = c (the sum of the vectors, in their order, from 0 or from y), so many in one pass over y. Nobody waits for the
/// device.
template <class T, class Device, Launcher Launch>
void sum_vectors(Launch launch, std::span<view<Device, T const> const> terms, T c, view<Device, T> y,
                 bool from_zero = true) {
    using sum = sum_of_vectors<T>;
    if (y.empty()) return;
    std::size_t next = 0;
    do {
        auto const n = std::min<std::size_t>(sum::most_terms, terms.size() - next);
        bool const last = next + n == terms.size();
        sum part{{},       static_cast<unsigned>(n),   from_zero && next == 0, last ? c : T(1), y.data(),
                 y.size(), aligned_for_packs(y.data())};
        for (std::size_t k = 0; k < n; ++k) {
            part.terms[k] = terms[next + k].data();
            part.aligned = part.aligned && aligned_for_packs(part.terms[k]);
        }
        launch(part, (y.size() + sum::size - 1) / sum::size);
        next += n;
    } while (next < terms.size());
}

} // namespace terse::kernel
