// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/compressor/top_k.hpp>
#include <terse/loop/drifting.hpp>
#include <terse/mixing/partial_average.hpp>
#include <terse/step/nesterov_step.hpp>
#include <terse/step/plain_step.hpp>
#include <terse/step/polyak_step.hpp>

namespace terse {

struct cser_options {
    schedule ratio = 0.01;
    std::size_t count = 0; ///< of C2, the compressor of every step
    schedule ratio1 = 0.04;
    std::size_t count1 = 0;   ///< of C1, the compressor of the error reset
    std::uint64_t period = 4; ///< H: steps between two error resets
    schedule beta = 0.9;      ///< m_cser
    bool block_averaging =
        false; ///< as the authors' own code: every step resets errors, the H-th with C1 in place of C2
};

namespace detail {
template <class C1, class C2>
constexpr partial_average<C1, C2> partial_average_of(C1 c1, C2 c2, cser_options const& o) {
    return {.of_errors = c1, .of_steps = c2, .period = o.period, .block_averaging = o.block_averaging};
}
} // namespace detail

/// CSER with any compressors, C1 of the error reset and C2 of every step.
template <class C1, class C2>
constexpr auto cser(C1 c1, C2 c2, cser_options o = {}) {
    return drifting(plain_step{}, detail::partial_average_of(c1, c2, o));
}
/// M-CSER, with Polyak's momentum.
template <class C1, class C2>
constexpr auto m_cser(C1 c1, C2 c2, cser_options o = {}) {
    return drifting(polyak_step{.beta = o.beta}, detail::partial_average_of(c1, c2, o));
}
/// M-CSER, with Nesterov's.
template <class C1, class C2>
constexpr auto m_cser_nesterov(C1 c1, C2 c2, cser_options o = {}) {
    return drifting(nesterov_step{.beta = o.beta}, detail::partial_average_of(c1, c2, o));
}
constexpr auto cser(cser_options o = {}) {
    return cser(top_k{.ratio = o.ratio1, .count = o.count1}, top_k{.ratio = o.ratio, .count = o.count}, o);
}
constexpr auto m_cser(cser_options o = {}) {
    return m_cser(top_k{.ratio = o.ratio1, .count = o.count1}, top_k{.ratio = o.ratio, .count = o.count}, o);
}

} // namespace terse
