// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/backend/view.hpp>
#include <terse/context.hpp>
#include <terse/momentum/concept.hpp>

namespace terse {

/// What is the same for all workers in a round of a lockstep run.
template <class Method, class B, class T>
struct lockstep_round {
    Method const& method;
    typename decltype(Method::momentum)::template shared_state<B, T> const& shared; ///< the momentum's
    view<B, T const> w;
    round_scales scales;
    worker_context all; ///< of no worker in particular
    bool checks;        ///< whether NaN and infinity are looked for
    bool measures;      ///< whether health will be asked for

    worker_context of(std::uint32_t worker) const {
        auto at = all;
        at.worker = worker;
        return at;
    }
};

} // namespace terse
