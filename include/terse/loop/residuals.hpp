// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/loop/worker.hpp>
#include <terse/wire/dense.hpp>

namespace terse {

/// Whether the server of a session may be in one process. Then what it makes of the messages travels to the others.
template <class Session>
inline constexpr bool one_server = requires(Session& s) {
    s.serves();
};

/// Gives all processes what the server has in y.
template <class Session, class B, class T>
void share_from_server([[maybe_unused]] Session& session, [[maybe_unused]] view<B, T> y) {
    if constexpr (one_server<Session>) {
        dense_message<B, T> there;
        there.values.assign(y.size(), T(0));
        B::copy(view<B, T const>(y), view<B, T>(there.values));
        session.from_server(there, y.size());
        B::copy(view<B, T const>(there.values), y);
    }
}

/// f(e_k) for all workers of the cluster, in their order, where the server is. All processes must call it.
template <class Session, class Method, class B, class T, class F>
void for_each_residual(Session& session, std::span<lockstep_worker<Method, B, T> const> hosted, F f) {
    if (session.hosted() == session.workers()) {
        for (auto const& k : hosted) f(view<B, T const>(k.residual()));
    } else {
        std::vector<dense_message<B, T>> messages;
        for (auto const& k : hosted) messages.push_back({k.residual()});
        session.exchange(std::span(messages), [&](std::span<dense_message<B, T> const> all) {
            for (auto const& m : all) f(view<B, T const>(m.values));
        });
    }
}

/// mean = the mean of the e_k with takes_part(k), of dimension d, in all processes, which must all call it. Returns how
/// many they are.
template <class Session, class Method, class B, class T, class F>
std::uint32_t mean_residual(Session& session, std::span<lockstep_worker<Method, B, T> const> hosted, std::size_t d,
                            buffer<B, T>& mean, F takes_part) {
    std::uint32_t n = 0;
    for (std::uint32_t k = 0; k < session.workers(); ++k) n += takes_part(k) ? 1 : 0;
    mean.assign(d, T(0));
    for_each_residual(session, hosted, [&, k = std::uint32_t{0}](view<B, T const> e) mutable {
        if (takes_part(k++)) B::axpy(T(1), e, view<B, T>(mean));
    });
    if (n > 0) B::scale(T(1) / static_cast<T>(n), view<B, T>(mean));
    share_from_server(session, view<B, T>(mean));
    return n;
}

} // namespace terse
