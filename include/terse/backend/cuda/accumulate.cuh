// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/selection.cuh> // tile
#include <terse/backend/magnitude.hpp>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

/// Makes and writes the numbers of a source, and sets a bit, if there is room for it, where one of them is NaN or
/// infinite.
template <class T, class Source>
struct accumulate {
    static constexpr unsigned threads = tile<T>::threads;
    struct shared {};

    Source source;
    std::size_t d;
    std::uint64_t* bad; ///< or null

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        constexpr auto size = pack<T>::size;
        auto const begin = b.index() * tile<T>::size + b.thread() * size;
        bool found = false;
        for (unsigned r = 0; r < tile<T>::rounds; ++r) {
            auto const i = begin + r * threads * size;
            if (i + size <= d) {
                auto const v = source.write(i, source.read(i));
                for (unsigned j = 0; j < size; ++j) found = magnitude_of<T>()(v.x[j]) >= infinity || found;
            } else {
                for (auto j = i; j < d; ++j) found = magnitude_of<T>()(source.step(j)) >= infinity || found;
            }
        }
        if (found && bad != nullptr) b.set_bits(bad, 1);
    }

private:
    static constexpr auto infinity = not_finite<T>;
};

} // namespace terse::kernel
