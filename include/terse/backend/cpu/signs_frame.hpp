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
    sixteen_sums<magnitudes> sums(lane);
    std::size_t i = 0;
    for (; i + 64 <= n; i += 64) {
        std::uint64_t word = 0;
        for (unsigned j = 0; j < 64; j += 16) word |= std::uint64_t{look_at_sixteen(source, first + i + j, sums)} << j;
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

} // namespace terse::TERSE_FORM

#endif
