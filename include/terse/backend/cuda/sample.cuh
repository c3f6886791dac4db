// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/selection.cuh>
#include <terse/backend/thrust/levels.cuh> // element::philox
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

/// Of how large a sample which rank is almost surely not above the k-th largest magnitude; rank 0 if sampling does not
/// pay.
struct sample_size {
    static constexpr std::size_t run = 8; ///< neighbours: what memory transfers at once

    std::size_t parts = 0;
    std::uint64_t rank = 0;

    static sample_size of(std::size_t d, std::size_t k) {
        if (d < 1024 || k > d / 4) return {};
        constexpr double deviations = 3;
        auto const parts = std::min<std::size_t>(2048, d / (2 * run));
        auto const share = static_cast<double>(k) / static_cast<double>(d);
        auto const expected = static_cast<double>(parts * run) * share;
        auto const spread = deviations * std::sqrt(expected * (1 - share)) + deviations;
        return {parts, static_cast<std::uint64_t>(expected + spread) + 1};
    }
};

/// Begins a selection. One block looks at a sample of the source, short runs of neighbours at a random place in each of
/// many equal parts, and takes a magnitude of a given rank there, rounded down to its first digits, as what makes a
/// candidate. Rank 0 asks for none.
template <class T, class Source>
struct sample_bound {
    static constexpr unsigned threads = 512;
    static constexpr unsigned run = sample_size::run;
    static constexpr unsigned looks_at = 3; ///< digits
    struct shared {
        std::uint32_t occurs[digits<T>::values];
        find_rank<threads, digits<T>::values, std::uint32_t> find;
    };

    Source source;
    std::size_t d;
    std::size_t parts;
    std::uint64_t rank;
    element::philox random;
    magnitude_t<T>* room; ///< for the sample
    selection<T>* state;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        for (auto v = b.thread(); v < digits<T>::values; v += threads) state->occurs[v] = 0;
        if (b.thread() == 0) {
            state->from = selection<T>::nothing;
            state->found = state->rank = 0;
            state->last = 0;
            state->finished = state->taken_bad = 0;
        }
        if (rank == 0) return;

        auto const n = parts * run;
        auto const runs = d / run;
        for (std::size_t j = b.thread(); j < n; j += threads) {
            auto const part = j / run;
            auto const begin = part * runs / parts;
            auto const width = (part + 1) * runs / parts - begin;
            auto const at = begin + (random(part).word[0] * static_cast<std::uint64_t>(width) >> 32);
            room[j] = magnitude_of<T>()(source(at * run + j % run));
        }
        magnitude_t<T> bound = 0;
        auto wanted = rank;
        for (unsigned p = 0; p < looks_at; ++p) {
            for (auto v = b.thread(); v < digits<T>::values; v += threads) s.occurs[v] = 0;
            b.sync();
            for (std::size_t begin = 0; begin < n; begin += threads) {
                auto const j = begin + b.thread(); // a thread reads what it wrote
                auto const m = j < n ? room[j] : 0;
                count_value(b, s.occurs, digits<T>::digit(m, p), j < n && digits<T>::agree(m, bound, p));
            }
            b.sync();
            s.find(b, s.occurs, wanted);
            bound |= static_cast<magnitude_t<T>>(s.find.value) << digits<T>::shift(p);
            wanted = s.find.rank;
            b.sync();
        }
        // Zeros are no candidates: where the bound is as low, nearly all would be some.
        if (b.thread() == 0 && bound != 0) state->from = bound;
    }
};

} // namespace terse::kernel
