// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/top_k_avx2.hpp>
#include <terse/backend/cpu/top_k_avx512.hpp>
#include <terse/backend/cpu/top_k_portable.hpp>

namespace terse {

/// The loops of the top-k selection in one of their forms. Where a form stops short of the end, because it does whole
/// vectors only, the portable one goes on.
struct top_k_kernels {
    instruction_set form;

    template <class Source, class T>
    void collect(Source source, cutoff<T> cut, candidates<T>& list, std::size_t begin, std::size_t end) const {
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::collect(source, cut, list, begin, end);
        if (form == instruction_set::avx2) begin = avx2::collect(source, cut, list, begin, end);
#endif
        portable::collect(source, cut, list, begin, end);
    }

    template <class Source, class T>
    void collect_four(Source source, cutoff<T> cut, candidates<T>* lists, std::size_t begin, std::size_t end) const {
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::collect_four(source, cut, lists, begin, end);
        if (form == instruction_set::avx2) begin = avx2::collect_four(source, cut, lists, begin, end);
#endif
        portable::collect_four(source, cut, lists, begin, end);
    }

    template <class T>
    std::size_t copy_below(candidates<T> const& list, magnitude_t<T> high, T* to) const {
        std::size_t begin = 0;
        std::size_t n = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::copy_below(list, high, to, n);
        if (form == instruction_set::avx2) begin = avx2::copy_below(list, high, to, n);
#endif
        portable::copy_below(list, high, to, n, begin);
        return n;
    }

    template <class Source, class T>
    void write(candidates<T> const& list, Source source, magnitude_t<T> cleared, selected<T>& out) const {
        std::size_t begin = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::write(list, source, cleared, out);
        if (form == instruction_set::avx2) begin = avx2::write(list, source, cleared, out);
#endif
        portable::write(list, source, cleared, out, begin);
    }
};

} // namespace terse
