// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/step/concept.hpp>

namespace terse {

/// SGD: v_k = g_k.
struct plain_step {
    static constexpr bool keeps_momentum = false;

    template <class B, class T>
    view<B, T const> direction(view<B, T>, view<B, T> g, std::uint64_t) const {
        return g;
    }
};

} // namespace terse
