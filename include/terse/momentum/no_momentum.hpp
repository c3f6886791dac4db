// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/momentum/concept.hpp>

namespace terse {

/// Plain gradients.
struct no_momentum {
    template <class B, class T>
    using worker_state = stateless;
    template <class B, class T>
    using shared_state = stateless;

    template <class B, class T>
    view<B, T const> inject(stateless&, stateless const&, view<B, T> g, round_scales, std::uint64_t) const {
        return g;
    }
    template <class M>
    void forget(stateless&, M const&) const {}
    template <class B, class T>
    void serve(stateless&, update<B, T>&, round_scales, std::uint64_t) const {}
    template <class B, class T>
    void absorb(stateless&, update<B, T>&) const {}
};

} // namespace terse
