// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Rounding to powers of two for one instruction set, as top_k_frame.hpp: a loop that compilers know what to do with.
#if defined(TERSE_FORM)

namespace terse::TERSE_FORM {

/// y = to_power(x) for whole groups; returns where it stopped before n.
template <class T>
TERSE_TARGET std::size_t round_to_powers(T const* x, std::size_t n, T* y, random_stream const& random) {
    group_draws draws(random);
    std::size_t begin = 0;
    for (; begin + level_group <= n; begin += level_group) {
        ask_for(draws, begin / level_group);
        if (!detail::group_to_powers(x + begin, draws.of(begin / level_group), y + begin))
            detail::round_to_powers(x, begin, begin + level_group, y, random);
    }
    return begin;
}

} // namespace terse::TERSE_FORM

#endif
