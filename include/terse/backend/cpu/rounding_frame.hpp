// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Rounding for one instruction set, as top_k_frame.hpp: how draws are made and a group is rounded are its own.
#if defined(TERSE_FORM)

namespace terse::TERSE_FORM {

TERSE_TARGET inline void make(group_draws& draws, std::uint64_t four) {
    make_blocks(draws.stream, draws.keys, four * philox_batch::blocks, draws.of_four(four));
}
/// Makes the draws of a group, if they are not there, and those of what comes after.
TERSE_TARGET inline void ask_for(group_draws& draws, std::uint64_t group) {
    auto const four = group / group_draws::groups;
    if (draws.made == four + 2) return;
    if (draws.made != four + 1) make(draws, four);
    make(draws, four + 1);
    draws.made = four + 2;
}

/// Whole groups of coordinates begin .. end - 1 of bucket k, whose unit is not tiny; returns where it stopped.
template <bool Takes, class T>
TERSE_TARGET std::size_t round_groups(T const* x, std::size_t begin, std::size_t end, T const* units, std::size_t k,
                                      level_grid const& grid, random_stream const& random, group_draws& draws,
                                      std::uint64_t* words, T* e, T const* ahead_x, T const* ahead_g) {
    rounding<T> const by(units[k], grid.levels);
    auto const width = grid.width();
    for (; begin + level_group <= end; begin += level_group) {
        auto const group = begin / level_group;
        ask_for(draws, group);
        portable::ask_for_group(ahead_x, ahead_g, begin);
        __builtin_prefetch(words + (group + 16) * width, 1);
        if (!round_group<Takes>(x + begin, by, draws.of(group), width, words + group * width, e + (Takes ? begin : 0)))
            portable::round_and_pack<T>(x, begin, begin + level_group, units, grid, random, words, e);
    }
    return begin;
}

} // namespace terse::TERSE_FORM

#endif
