// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/loop/meeting.hpp>
#include <terse/mixing/concept.hpp>

namespace terse {

/// CSER's partial synchronization: of every local step q_k the part c_k = C2(q_k) is averaged, x_k <- x_k - (q_k - c_k)
/// - mean c, and every `period` steps the error x_k - w is reset: with c_k = C1(x_k - w), x_k <- x_k - c_k + mean c and
/// w <- w + mean c. w <- w - mean c in every step, so x_k - w is the paper's e_k and takes no memory.
///
/// With `block_averaging`, as the authors' own code has it, there is one stage: a local step is not compressed, and
/// every step resets the error, with C2, and every `period`-th step with C1 instead. Where all workers share the
/// support, as with random_block, this averages the models on it.
// In floating point too, e_k is what x_k has and w lacks: the difference of two near numbers is exact, and a rounding
// error of x_k, up to epsilon |x_k| / 2, becomes part of e_k and leaves with it in a reset. Were e_k kept apart, x_k -
// e_k would no longer be common: rounding errors of the models would part them, and no reset would find that. (Floats
// around 1 were 2e-5 apart after 20000 steps.) The price is that e_k has no digits below those of x_k; of entries that
// are equal but for these, top-k may take another one than an e_k kept apart would let it.
template <class C1, class C2>
struct partial_average {
    static constexpr bool takes_outer_rule = false;

    C1 of_errors{};
    C2 of_steps{};
    std::uint64_t period = 1; ///< H
    bool block_averaging = false;

    template <class B, class T>
    using worker_state = stateless;
    template <class B, class T>
    struct shared_state {
        meeting<message_of<C1, B, T>, B, T> errors;
        meeting<message_of<C2, B, T>, B, T> steps;

        void reset(std::size_t) {}
        void host(std::size_t workers) {
            errors.messages.resize(workers);
            steps.messages.resize(workers);
        }
        template <class A>
        void state(A&) {} // every round makes the messages anew
    };

    void validate(std::size_t d) const {
        terse::validate(of_errors, d);
        terse::validate(of_steps, d);
        if (period == 0) throw configuration_error("partial_average: the period must be at least 1");
    }

    template <class Workers, class B, class T>
    void step(Workers& all, shared_state<B, T>& shared, std::size_t i, view<B, T const> v, view<B, T> q,
              context<B> at) const {
        if (block_averaging) return B::axpy(-static_cast<T>(all.lr()), v, all.model(i));
        auto& c = shared.steps.messages[i];
        if (v.data() == q.data()) { // Nesterov's step, or a plain one, is where its gradient was
            B::scale(static_cast<T>(all.lr()), q);
            of_steps.compress(view<B, T const>(q), c, at);
            c.add_to(T(-1), q);
        } else {
            terse::take<B, T>(of_steps, static_cast<T>(all.lr()), v, T(0), q, c, at); // q = lr v, less c
        }
        B::axpy(T(-1), q, all.model(i));
    }

    template <class Workers, class B, class T, class Outer, class State>
    void mix(Workers& all, shared_state<B, T>& shared, Outer const&, State&) const {
        auto const last = (all.round() + 1) % period == 0;
        if (!block_averaging) {
            auto const& moved = all.mean(shared.steps);
            all.for_each([&](std::size_t i) { moved.add_to(T(-1), all.model(i)); });
            moved.add_to(T(-1), all.w());
        } else if (!last) {
            reset_errors<B, T>(all, of_steps, shared.steps);
        }
        if (last) reset_errors<B, T>(all, of_errors, shared.errors);
    }

private:
    template <class B, class T, class Workers, class C, class Meeting>
    static void reset_errors(Workers& all, C const& compressor, Meeting& errors) {
        auto const w = all.w();
        all.for_each([&](std::size_t i, context<B> at) { // part(1): not the draws of the step
            terse::take<B, T>(compressor, T(-1), view<B, T const>(w), T(1), all.model(i), errors.messages[i],
                              at.part(1)); // x_k - w, less c_k
        });
        all.mean(errors).add_to(T(1), w);
        all.for_each([&](std::size_t i) { all.add(1, w, all.model(i)); });
    }
};

} // namespace terse
