// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/backend/cpu/instruction_set.hpp>
#include <terse/backend/cpu/top_k_avx2.hpp>
#include <terse/backend/cpu/top_k_avx512.hpp>
#include <terse/backend/cpu/top_k_portable.hpp>
#include <terse/backend/view.hpp>

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
        if (form == instruction_set::avx512)
            begin = cut.dense ? avx512::collect_four<true>(source, cut, lists, begin, end)
                              : avx512::collect_four<false>(source, cut, lists, begin, end);
        if (form == instruction_set::avx2)
            begin = cut.dense ? avx2::collect_four<true>(source, cut, lists, begin, end)
                              : avx2::collect_four<false>(source, cut, lists, begin, end);
#endif
        portable::collect_four(source, cut, lists, begin, end);
    }

    template <class T>
    std::size_t count_at_least(view<cpu, T const> x, magnitude_t<T> from) const {
        std::size_t begin = 0;
        std::size_t n = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::count_at_least(x.data(), x.size(), from, n);
        if (form == instruction_set::avx2) begin = avx2::count_at_least(x.data(), x.size(), from, n);
#endif
        return n + portable::count_at_least(x.data() + begin, x.size() - begin, from);
    }

    template <class T>
    std::size_t copy_between(view<cpu, T const> x, magnitude_t<T> low, magnitude_t<T> last, T* to) const {
        std::size_t begin = 0;
        std::size_t n = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::copy_between(x.data(), x.size(), low, last, to, n);
        if (form == instruction_set::avx2) begin = avx2::copy_between(x.data(), x.size(), low, last, to, n);
#endif
        return n + portable::copy_between(x.data() + begin, x.size() - begin, low, last, to + n);
    }

    template <class T>
    void write(candidates<T> const& list, T* e, magnitude_t<T> cleared, selected<T>& out) const {
        std::size_t begin = 0;
#if defined(__x86_64__)
        if (form == instruction_set::avx512) begin = avx512::write(list, e, cleared, out);
        if (form == instruction_set::avx2) begin = avx2::write(list, e, cleared, out);
#endif
        portable::write(list, e, cleared, out, begin);
    }
};

} // namespace terse
