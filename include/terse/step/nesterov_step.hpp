// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/momentum_step.hpp>
#include <terse/error.hpp>
#include <terse/run/schedule.hpp>
#include <terse/step/concept.hpp>

namespace terse {

/// Nesterov's momentum: m_k <- beta m_k + g_k; v_k = g_k + beta m_k (PR-SGD-Momentum paper, Option II).
struct nesterov_step {
    static constexpr bool keeps_momentum = true;

    schedule beta = 0.9;

    void validate(std::size_t) const {
        if (!beta.within(0, 1)) throw configuration_error("nesterov_step: beta must lie in [0, 1]");
    }

    template <class B, class T>
    view<B, T const> direction(view<B, T> m, view<B, T> g, std::uint64_t round) const {
        return momentum_step<B, T>{static_cast<T>(beta(round)), g, m, true}.make();
    }
};

} // namespace terse
