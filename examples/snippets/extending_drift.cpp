// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#local-step, #mixing and #outer-rule
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

// [step]
/// Normalized momentum (Cutkosky and Mehta 2020): m <- beta m + (1 - beta) g; v = m / ||m||.
struct normalized_step {
    static constexpr bool keeps_momentum = true;

    terse::schedule beta = 0.9;

    template <class B, class T>
    terse::view<B, T const> direction(terse::view<B, T> m, terse::view<B, T> g, std::uint64_t round) const {
        auto const b = static_cast<T>(beta(round));
        B::axpby(1 - b, g, b, m);
        auto const norm = std::sqrt(B::sum_of_squares(terse::view<B, T const>(m)));
        B::copy(m, g);
        B::scale(static_cast<T>(norm > 0 ? 1 / norm : 0), g);
        return g;
    }
};
// [step]

// [mixing]
/// Post-local SGD (Lin et al. 2020): models are averaged after every step at first, and later every `period` steps.
struct post_local_average {
    static constexpr bool takes_outer_rule = true;

    std::uint64_t together = 1000; ///< so many steps at first
    std::uint64_t period = 8;

    template <class B, class T>
    using worker_state = terse::stateless;
    template <class B, class T>
    using shared_state = terse::stateless;

    void validate(std::size_t) const {
        if (period == 0) throw terse::configuration_error("post_local_average: the period must be at least 1");
    }

    template <class Workers, class Outer, class State>
    void mix(Workers& all, terse::stateless&, Outer const& outer, State& state) const {
        static_assert(Outer::restarts && !Outer::pulls, "post_local_average needs a rule from which workers restart");
        auto const done = all.round() + 1;
        if (done > together && (done - together) % period != 0) return;
        outer.move(state, all.mean(all.models()), all.w(), all.lr(), all.round());
        all.for_each([&](std::size_t i) { all.copy(all.w(), all.model(i)); });
    }
};
// [mixing]

// [outer]
/// w goes to the mean, but by no more than `radius`.
struct bounded_move {
    static constexpr bool restarts = true;
    static constexpr bool pulls = false;

    double radius = 1;

    template <class B, class T>
    using shared_state = terse::stateless;

    void validate(std::size_t) const {
        if (!(radius > 0)) throw terse::configuration_error("bounded_move: the radius must be positive");
    }

    template <class B, class T>
    void move(terse::stateless&, terse::input<B, T> mean, terse::view<B, T> w, double, std::uint64_t) const {
        B::axpby(T(1), mean, T(-1), w); // G = mean - w, until the last line
        auto const norm = std::sqrt(B::sum_of_squares(terse::view<B, T const>(w)));
        auto const part = norm > radius ? radius / norm : 1.0;
        B::axpby(T(1), mean, static_cast<T>(part - 1), w); // mean - (1 - part) G
    }
};
// [outer]

namespace {

auto const problem = terse::random_quadratic({.seed = 3, .workers = 4, .dimension = 6});
int wrong = 0;

template <class Method>
std::vector<double> path(Method const& of) {
    std::vector<double> w(6, 5.0), all;
    auto run = terse::train(of, terse::simulated{.workers = 4}, w);
    for (int t = 0; t < 40; ++t) {
        run.step(0.05, [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
        all.insert(all.end(), w.begin(), w.end());
    }
    return all;
}

double distance(double const* a, double const* b) {
    double squares = 0;
    for (int i = 0; i < 6; ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(squares);
}

void check(char const* what, bool good) {
    if (!good) std::printf("WRONG: %s\n", what);
    wrong += !good;
}

} // namespace

int main() {
    // [use]
    auto method = terse::drifting(normalized_step{.beta = 0.5}, post_local_average{.together = 10, .period = 5},
                                  bounded_move{.radius = 0.2});
    // [use]
    auto const w = path(method);
    auto const optimum = problem.optimum();
    std::vector<double> const start(6, 5.0);
    check("it comes closer", distance(&w[39 * 6], optimum.data()) < distance(start.data(), optimum.data()));
    for (std::size_t t = 1; t < 40; ++t) {
        double const moved = distance(&w[t * 6], &w[t * 6 - 6]);
        bool const meets = t < 10 || (t + 1) % 5 == 0;
        check("w moves when models meet, and not too far", meets ? moved > 0 && moved < 0.2 + 1e-12 : moved == 0);
    }

    bounded_move const unbounded{.radius = std::numeric_limits<double>::infinity()};
    check("without a bound", path(terse::drifting(terse::plain_step{}, post_local_average{.together = 0}, unbounded)) ==
                                 path(terse::local_sgd({.period = 8})));
    return wrong;
}
