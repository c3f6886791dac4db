// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "joint_rounds.hpp"

namespace terse_test {

/// Rounds of workers that take together what is clipped or decayed before, and forget some of it afterwards.
template <class B, class T>
struct adjusted_rounds : joint_rounds<B, T> {
    /// Clipped such that some of the gradients are longer, and decayed.
    template <class Method>
    void add_adjusted(std::string const& name, Method method, double norm) {
        method.clip = {.norm = norm, .by_worker_count = false};
        this->add(name + ", clipped", method);
        add_huge(name, method);
        method.decay = {.rate = 0.1};
        this->add(name + ", clipped and decayed", method);
        method.clip = {};
        this->add(name + ", decayed", method);
    }

private:
    // The gradients of one worker are so long that squares of doubles leave the range of numbers.
    template <class Method>
    void add_huge(std::string const& name, Method const& method) {
        auto w = upload<B>(std::vector<T>(this->d, T(1)));
        auto run = terse::train(method, terse::simulated{.workers = 3}, terse::view<B, T>(w), {.seed = 7});
        auto const good = quadratics{this->d}.template gradient<B, T>(run.workers());
        for (int t = 0; t < 2; ++t)
            run.step(0.2, [&](terse::worker_context at, terse::view<B, T const> x, terse::view<B, T> g) {
                good(at, x, g);
                if (at.worker == 1) B::scale(std::numeric_limits<T>::max() / 1000, g);
            });
        this->all.push_back(make_outcome("huge, " + name, download(run.w())));
    }
};

template <class B, class T>
std::vector<outcome> adjusted_methods() {
    using namespace terse;
    adjusted_rounds<B, T> r;
    top_k const some{.ratio = 0.05};
    qsgd const levels{.bits = 4, .bucket = 100};
    injected_momentum const masked{{.factor_masking = true}};
    r.add_adjusted("gmc", gmc(some), 77);
    r.add_adjusted("dgc", dgc(some), 77);
    r.add_adjusted("gmc_plus", gmc_plus(some), 71.2);
    r.add("dgc, unmasked", dgc(some, {.factor_masking = false}));
    r.add("injected and masked", compose(some, masked, standard_feedback{}));
    r.add("levels, masked", compose(levels, masked, standard_feedback{}));
    return std::move(r.all);
}

template <class B, class T>
std::vector<outcome> adjusted_failures() {
    using namespace terse;
    adjusted_rounds<B, T> r;
    auto const adjusted = [](auto method) {
        method.clip = {.norm = 3};
        method.decay = {.rate = 0.1};
        return method;
    };
    top_k const one{.count = 1};
    unreliable const away{.cluster = {.workers = 4}, .faults = {.drop_out = 0.3, .lose = 0.3}};
    for (auto const& [name, what] :
         {std::pair(", error", non_finite::error), std::pair(", skip", non_finite::skip_round),
          std::pair(", propagate", non_finite::propagate)}) {
        r.add_failing(std::string("gmc") + name, adjusted(gmc(one)), what);
        r.add_failing(std::string("gmc, some away") + name, adjusted(gmc(one)), what, away);
        r.add_failing(std::string("gmc_plus") + name, adjusted(gmc_plus(one)), what);
        r.add_failing(std::string("dgc, in waves") + name, adjusted(dgc(one)), what,
                      {.workers = 3, .gradients_in_flight = 2});
        r.add_failing(std::string("dgc, threads") + name, adjusted(dgc(one)), what, {.workers = 3, .threads = 2});
        r.add_failing(std::string("dgc, some away") + name, adjusted(dgc(one)), what, away);
    }
    r.add_health("gmc, some away", adjusted(gmc(one)), away);
    r.add_health("dgc, some away", adjusted(dgc(one)), away);
    return std::move(r.all);
}

} // namespace terse_test
