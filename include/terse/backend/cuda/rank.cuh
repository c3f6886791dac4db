// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/selection.cuh>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

/// One digit of the k-th largest magnitude: all blocks count how often each value of it occurs among the magnitudes
/// that agree in the digits before, and the last to finish finds the one of the wanted rank.
template <class T>
struct find_digit {
    static constexpr unsigned threads = 256;
    static constexpr unsigned each = 4; ///< numbers that a thread waits for together
    static constexpr std::size_t size = std::size_t{threads} * each;
    static constexpr unsigned values = digits<T>::values;
    struct shared {
        std::uint32_t occurs[values];
        find_rank<threads, values, std::uint64_t volatile> find;
        bool last;
    };

    unsigned digit;
    candidates_or_all<T> from;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        auto* const state = from.state;
        bool const all = from.all();
        auto const* const x = all ? from.x : from.store.value;
        auto const n = all ? from.d : static_cast<std::size_t>(state->found);
        auto const known = state->last;
        if (b.index() * size < n) { // candidates are mostly few
            for (auto v = b.thread(); v < values; v += threads) s.occurs[v] = 0;
            b.sync();
            for (auto begin = b.index() * size; begin < n; begin += b.blocks() * size) {
                magnitude_t<T> m[each];
                for (unsigned u = 0; u < each; ++u) {
                    auto const i = begin + u * threads + b.thread();
                    m[u] = i < n ? magnitude_of<T>()(x[i]) : 0;
                }
                for (unsigned u = 0; u < each; ++u)
                    count_value(b, s.occurs, digits<T>::digit(m[u], digit),
                                begin + u * threads + b.thread() < n && digits<T>::agree(m[u], known, digit));
            }
            b.sync();
            for (auto v = b.thread(); v < values; v += threads)
                if (s.occurs[v] != 0) b.add(state->occurs + v, std::uint64_t{s.occurs[v]});
            b.fence();
            b.sync();
        }
        if (b.thread() == 0) s.last = b.add(&state->finished, std::uint32_t{1}) == b.blocks() - 1;
        b.sync();
        if (!s.last) return;

        b.fence();
        auto const wanted = digit == 0 ? from.k : state->rank;
        s.find(b, state->occurs, wanted);
        for (auto v = b.thread(); v < values; v += threads) state->occurs[v] = 0;
        if (b.thread() != 0) return;
        state->last = known | static_cast<magnitude_t<T>>(s.find.value) << digits<T>::shift(digit);
        state->rank = s.find.rank;
        state->finished = 0;
    }
};

} // namespace terse::kernel
