// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// The loops over signs for one instruction set, as top_k_frame.hpp.
#if defined(TERSE_FORM)

namespace terse::TERSE_FORM {

/// The signs of n numbers of the source from `first` on, and the lanes of the sum of their magnitudes, whole words at a
/// time; returns where it stopped.
template <class Source>
TERSE_TARGET std::size_t collect_signs(Source const& source, std::size_t first, std::size_t n, std::uint64_t* words,
                                       double* lane) {
    auto const own = source; // which what it writes cannot be part of
    sixteen_sums<magnitudes> sums(lane);
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        std::uint64_t word = 0;
        for (unsigned j = 0; j < 64; j += 16) word |= std::uint64_t{look_at_sixteen(own, first + i + j, sums)} << j;
        words[i / 64] = word;
    }
    sums.store(lane);
    return i;
}

/// y_i += a where the bit is 1, y_i -= a where it is 0, whole words at a time; returns where it stopped before n.
template <class T>
TERSE_TARGET std::size_t add_signs(T a, std::uint64_t const* words, T* y, std::size_t n) {
    using l = lanes<T>;
    auto const plus = l::all(a);
    auto const minus = l::all(-a);
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        auto const word = words[i / 64];
        for (std::size_t j = 0; j < 64; j += l::count)
            l::store(y + i + j, l::add(read(y + i + j), choose(word >> j, minus, plus)));
    }
    return i;
}

// The signs of the term at coordinates i, i + 1, ..
template <class T, class Term>
TERSE_TARGET typename lanes<T>::vector signed_at(Term const& term, std::size_t i, typename lanes<T>::vector minus,
                                                 typename lanes<T>::vector plus) {
    return choose(term.bits.data()[i / 64] >> i % 64, minus, plus);
}

/// y = c (the sum of the terms), eight vectors at a time, which stay in registers; returns where it stopped before n.
template <class T, class Terms>
TERSE_TARGET std::size_t sum_signs(Terms const& terms, T c, T* y, std::size_t n) {
    using l = lanes<T>;
    constexpr auto w = l::count;
    std::size_t i = 0;
    for (; i + 8 * w <= n; i += 8 * w) {
        auto s0 = l::all(T(0)), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (auto const& t : terms) {
            __builtin_prefetch(t.bits.data() + i / 64 + 32); // more terms than a processor follows by itself
            auto const plus = l::all(t.a);
            auto const minus = l::all(-t.a);
            s0 = l::add(s0, signed_at<T>(t, i, minus, plus));
            s1 = l::add(s1, signed_at<T>(t, i + w, minus, plus));
            s2 = l::add(s2, signed_at<T>(t, i + 2 * w, minus, plus));
            s3 = l::add(s3, signed_at<T>(t, i + 3 * w, minus, plus));
            s4 = l::add(s4, signed_at<T>(t, i + 4 * w, minus, plus));
            s5 = l::add(s5, signed_at<T>(t, i + 5 * w, minus, plus));
            s6 = l::add(s6, signed_at<T>(t, i + 6 * w, minus, plus));
            s7 = l::add(s7, signed_at<T>(t, i + 7 * w, minus, plus));
        }
        auto const by = l::all(c);
        l::store(y + i, l::multiply(by, s0));
        l::store(y + i + w, l::multiply(by, s1));
        l::store(y + i + 2 * w, l::multiply(by, s2));
        l::store(y + i + 3 * w, l::multiply(by, s3));
        l::store(y + i + 4 * w, l::multiply(by, s4));
        l::store(y + i + 5 * w, l::multiply(by, s5));
        l::store(y + i + 6 * w, l::multiply(by, s6));
        l::store(y + i + 7 * w, l::multiply(by, s7));
    }
    return i;
}

} // namespace terse::TERSE_FORM

#endif
