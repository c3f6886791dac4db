// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cuda/selection.cuh>
#include <terse/backend/thrust/philox.cuh>
#include <terse/backend/thrust/select.cuh> // magnitude_of

namespace terse::kernel {

/// A sample of d numbers that shows which are candidates for the k largest: short runs of neighbours, one at a random
/// place in each of many equal parts.
struct sample_plan {
    static constexpr std::size_t run = 8; ///< neighbours: what memory transfers at once
    static constexpr std::size_t most_parts = 2048;

    std::size_t parts = 0;
    std::uint64_t width = 0; ///< of a part, in runs, times 2^20
    /// Of the magnitude in the sample that almost surely is not above the k-th largest, which makes a candidate; 0 if
    /// sampling does not pay.
    std::uint64_t rank = 0;
    std::size_t capacity = 0; ///< what the candidates are almost surely not more than

    static sample_plan of(std::size_t d, std::size_t k) {
        if (d < 1024 || k > d / 4) return {};
        constexpr double deviations = 3;
        auto const parts = std::min(most_parts, d / (2 * run));
        auto const share = static_cast<double>(k) / static_cast<double>(d);
        auto const expected = static_cast<double>(parts * run) * share;
        auto const spread = deviations * std::sqrt(expected * (1 - share)) + deviations;
        auto const rank = std::floor(expected + spread) + 1;
        // The rank in d of what has a rank r in a sample is some d r / n, give or take a part of 1 / sqrt(r).
        auto const most = rank + deviations * std::sqrt(rank) + deviations;
        auto const candidates = most * static_cast<double>(d) / static_cast<double>(parts * run);
        return {parts, (std::uint64_t{d / run} << 20) / parts, static_cast<std::uint64_t>(rank),
                std::min(d, static_cast<std::size_t>(candidates) + 4096)};
    }

    /// Coordinate of number j of the sample, where `draw` is random.
    __device__ std::size_t coordinate(std::size_t j, std::uint32_t draw) const {
        auto const part = j / run;
        auto const first = part * width >> 20, runs = ((part + 1) * width >> 20) - first;
        return (first + (runs * draw >> 32)) * run + j % run;
    }
};

/// Begins a selection. One block looks at a sample of the source, and takes the magnitude of the plan's rank there,
/// rounded down to its first digits, as what makes a candidate. Nothing else runs meanwhile, so the block is as large
/// as can be, and its threads have their numbers in registers, many of which are on their way at the same time.
template <class T, class Source>
struct sample_bound {
    static constexpr unsigned threads = 1024;
    static constexpr unsigned each = 16;
    static constexpr unsigned at_once = 8;  ///< numbers that a thread waits for together
    static constexpr unsigned looks_at = 2; ///< digits
    static_assert(threads * each == sample_plan::most_parts * sample_plan::run);
    struct shared {
        std::uint32_t occurs[digits<T>::values];
        find_rank<threads, digits<T>::values, std::uint32_t> find;
    };

    Source source;
    sample_plan plan;
    element::philox random;
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
        if (plan.rank == 0) return;

        auto const n = plan.parts * sample_plan::run;
        auto const j_of = [&](unsigned u) { return std::size_t{u} * threads + b.thread(); };
        magnitude_t<T> sample[each];
        for (unsigned first = 0; first < each; first += at_once) {
            T x[at_once];
            for (unsigned u = 0; u < at_once; u += 4) { // the threads of a run draw the same
                auto const draws =
                    random(((first + u) / 4) * (threads / sample_plan::run) + b.thread() / sample_plan::run);
                for (unsigned w = 0; w < 4; ++w) {
                    auto const j = j_of(first + u + w);
                    x[u + w] = j < n ? source(plan.coordinate(j, draws.word[w])) : T(0);
                }
            }
            for (unsigned u = 0; u < at_once; ++u) sample[first + u] = magnitude_of<T>()(x[u]);
        }
        magnitude_t<T> bound = 0;
        auto wanted = plan.rank;
        for (unsigned p = 0; p < looks_at; ++p) {
            for (auto v = b.thread(); v < digits<T>::values; v += threads) s.occurs[v] = 0;
            b.sync();
            for (unsigned u = 0; u < each; ++u)
                count_value(b, s.occurs, digits<T>::digit(sample[u], p),
                            j_of(u) < n && digits<T>::agree(sample[u], bound, p));
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
