// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/loop/meeting.hpp>
#include <terse/mixing/concept.hpp>

namespace terse {

/// QSparse-local-SGD: every `period` local steps e_k <- e_k + x_k - w; c_k = C(e_k) is sent and leaves e_k;
/// w <- w + mean c, and every worker starts again from w. Each worker keeps e_k, in steps of the model.
template <class C>
struct compressed_average {
    static constexpr bool takes_outer_rule = false;

    C compressor{};
    std::uint64_t period = 1; ///< H

    template <class B, class T>
    struct worker_state {
        buffer<B, T> residual;
        void reset(std::size_t d) { residual.assign(d, T(0)); }
        template <class A>
        void state(A& archive) {
            archive("residual", residual);
        }
    };
    template <class B, class T>
    struct shared_state : meeting<message_of<C, B, T>, B, T> {
        void host(std::size_t workers) { this->messages.resize(workers); }
    };

    void validate(std::size_t d) const {
        terse::validate(compressor, d);
        if (period == 0) throw configuration_error("compressed_average: the period must be at least 1");
    }

    template <class Workers, class B, class T, class Outer, class State>
    void mix(Workers& all, shared_state<B, T>& shared, Outer const&, State&) const {
        if ((all.round() + 1) % period != 0) return;
        auto const w = all.w();
        all.for_each([&](std::size_t i, context<B> at) {
            auto const x = all.model(i);
            all.add(-1, w, x);
            terse::take<B, T>(compressor, T(1), view<B, T const>(x), T(1), all.own(i).residual, shared.messages[i], at);
        });
        meeting<message_of<C, B, T>, B, T>& all_messages = shared;
        all.mean(all_messages).add_to(T(1), w);
        all.for_each([&](std::size_t i) { all.copy(w, all.model(i)); });
    }
};

} // namespace terse
