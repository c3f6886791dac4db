// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <terse/work/local_steps.hpp>

#include "methods.hpp"

namespace terse_test {

/// Momentum of workers' own that cannot be left to the compressor.
struct injected_momentum : terse::local_momentum {
    template <class B, class T>
    void step(worker_state<B, T>&, terse::view<B, T>, std::uint64_t) const = delete;
    template <class B, class T>
    terse::view<B, T const> inject(worker_state<B, T>& own, terse::stateless const&, terse::view<B, T> g,
                                   terse::round_scales, std::uint64_t round) const {
        return terse::local_momentum{beta, nesterov}.step(own, g, round).make();
    }
};

/// Rounds of workers that take largest entries, in all the ways in which they can take them together.
template <class B, class T>
struct joint_rounds {
    static constexpr std::size_t d = 2503; // no multiple of anything
    std::vector<outcome> all{};

    template <class Method>
    void add(std::string const& name, Method const& method, terse::simulated const& cluster = {.workers = 3}) {
        all.push_back(make_outcome(name, trajectory<B, T>(method, d, 6, cluster)));
    }
    template <class Method>
    void add_unreliable(std::string const& name, Method const& method, terse::unreliable const& cluster) {
        all.push_back(make_outcome(name, trajectory<B, T>(method, d, 12, cluster)));
    }

    /// What health says after every round.
    template <class Method>
    void add_health(std::string const& name, Method const& method, terse::unreliable const& cluster) {
        auto w = upload<B>(std::vector<T>(d, T(1)));
        auto run = terse::train(method, cluster, terse::view<B, T>(w), {.seed = 7});
        run.measure_health();
        auto const gradient = quadratics{d}.gradient<B, T>(run.workers());
        std::vector<double> figures;
        for (int t = 0; t < 6; ++t) {
            run.step(0.2, gradient);
            auto const h = run.health();
            figures.insert(figures.end(), {h.gradient_norm, h.residual_norm, h.residual_ratio, h.contraction,
                                           h.residual_distance, h.model_distance});
        }
        all.push_back(make_outcome("health of " + name, figures));
    }

    /// Steps in which gradients, or their sums with the residual, are not finite, or callbacks throw; who is blamed,
    /// and where the run is then.
    template <class Method, class Cluster = terse::simulated>
    void add_failing(std::string const& name, Method const& method, terse::non_finite what,
                     Cluster const& cluster = {.workers = 3}, int first = 0) {
        auto w = upload<B>(std::vector<T>(d, T(1)));
        auto run = terse::train(method, cluster, terse::view<B, T>(w), {.seed = 7, .on_non_finite = what});
        auto const good = quadratics{d}.gradient<B, T>(run.workers());
        std::vector<double> events;
        for (int t = first; t < 9; ++t) {
            try {
                run.step(0.01, [&](terse::worker_context at, terse::view<B, T const> x, terse::view<B, T> g) {
                    good(at, x, g);
                    spoil(t, at.worker, g);
                });
                events.push_back(0);
            } catch (terse::non_finite_error const& e) {
                events.insert(events.end(), {1.0, static_cast<double>(e.worker), static_cast<double>(e.round),
                                             static_cast<double>(e.coordinate)});
            } catch (std::string const&) {
                events.push_back(2);
            } catch (terse::error const&) { // the run is over
                events.push_back(3);
            }
            events.push_back(static_cast<double>(run.round()));
            for (auto const x : download(run.w())) events.push_back(static_cast<double>(x));
        }
        all.push_back(make_outcome(name, events));
    }

private:
    static void spoil(int t, std::uint32_t worker, terse::view<B, T> g) {
        constexpr auto huge = std::numeric_limits<T>::max(), infinity = std::numeric_limits<T>::infinity();
        auto const put = [&](std::size_t i, T x) { B::fill(g.part(i, 1), x); };
        if (t == 1 && worker >= 1) put(2000 - worker, infinity);
        if (t == 2 && worker == 2) put(2, std::numeric_limits<T>::quiet_NaN());
        if (t == 4 && worker == 1) put(40, T(0.6) * huge), put(30, T(0.7) * huge); // one of them stays
        if (t == 5 && worker == 1) put(40, T(0.6) * huge);
        if (t == 5 && worker == 2) put(10, infinity);
        if (t == 6 && worker == 1) put(50, infinity);
        if ((t == 6 && worker == 2) || (t == 7 && worker == 0)) throw std::string("the user's own");
        if (t == 7 && worker == 1) put(50, infinity);
    }
};

template <class B, class T>
std::vector<outcome> joint_methods() {
    using namespace terse;
    joint_rounds<B, T> r;
    top_k const some{.ratio = 0.01}, many{.ratio = 0.05};
    oracle::for_each_compressed_method(some, [&](std::string const& name, auto const& m) { r.add(name, m); });
    // Momentum joins the take where it is dense, or spread because there are many entries and workers.
    r.add("gmc, spread", gmc(many), {.workers = 5});
    r.add("gmc, dense", gmc(top_k{.ratio = 0.9}));
    r.add("gmc, one worker", gmc(many), {.workers = 1});
    r.add("gmc, averaged", compose(many, global_momentum{}, standard_feedback{.average_every = 2}));
    r.add("dgc, averaged", compose(many, local_momentum{}, standard_feedback{.average_every = 2}));
    r.add("injected", compose(many, injected_momentum{}, standard_feedback{}));
    r.add("local steps",
          compose(some, global_momentum{}, detached_feedback{}, top_k{.ratio = 0.1}, local_steps{.count = 2}));
    auto clipped = gmc(many);
    clipped.clip = {.norm = 3};
    clipped.decay = {.rate = 0.1};
    r.add("gmc, clipped", clipped);
    qsgd const levels{.bits = 4, .bucket = 100};
    r.add("qsgd", compose(levels, no_momentum{}, standard_feedback{}));
    r.add("qsgd, one bucket", compose(qsgd{.bucket = 0}, global_momentum{}, standard_feedback{}));
    r.add("qsgd, injected", compose(levels, injected_momentum{}, standard_feedback{}));
    r.add("qsgd, dgc", dgc(levels));
    scaled_sign const signs{};
    oracle::for_each_compressed_method(signs,
                                       [&](std::string const& name, auto const& m) { r.add(name + ", signs", m); });
    r.add("signs, averaged", compose(signs, global_momentum{}, standard_feedback{.average_every = 2}));
    r.add("signs, local, averaged", compose(signs, local_momentum{}, standard_feedback{.average_every = 2}));
    r.add("signs, injected", compose(signs, injected_momentum{}, standard_feedback{}));
    r.add_failing("signs, in double a sum that overflows", gmc(signs), non_finite::error, {.workers = 3}, 4);
    r.add_failing("signs, local, the same", dgc(signs), non_finite::error, {.workers = 3}, 4);
    return std::move(r.all);
}

template <class B, class T>
std::vector<outcome> joint_clusters() {
    using namespace terse;
    joint_rounds<B, T> r;
    top_k const many{.ratio = 0.05};
    r.add("gmc, in waves", gmc(many), {.workers = 5, .gradients_in_flight = 2});
    r.add("dgc, in waves", dgc(many), {.workers = 5, .gradients_in_flight = 2});
    r.add("gmc, threads", gmc(many), {.workers = 5, .threads = 3});
    r.add("dgc, threads", dgc(many), {.workers = 5, .threads = 3});
    scaled_sign const signs{};
    r.add("signs, in waves", gmc(signs), {.workers = 5, .gradients_in_flight = 2});
    r.add("signs, threads", gmc(signs), {.workers = 5, .threads = 3});
    r.add("signs, local, in waves", dgc(signs), {.workers = 5, .gradients_in_flight = 2});
    r.add("signs, local, threads", dgc(signs), {.workers = 5, .threads = 3});
    faults const often{.drop_out = 0.1, .crash = 0.1, .lose = 0.3, .corrupt = 0.1};
    auto silent = often;
    silent.acknowledged = false;
    unreliable const keeping{.cluster = {.workers = 4}, .faults = often},
        losing{.cluster = {.workers = 4}, .faults = silent},
        backup{.cluster = {.workers = 4, .gradients_in_flight = 3}, .backups = 1};
    auto const averaged = compose(many, no_momentum{}, standard_feedback{.average_every = 3});
    for (auto const& [name, cluster] :
         {std::pair(", keeping", keeping), std::pair(", losing", losing), std::pair(", backup", backup)}) {
        r.add_unreliable(std::string("gmc") + name, gmc(many), cluster);
        r.add_unreliable(std::string("dgc") + name, dgc(many), cluster);
        r.add_unreliable(std::string("averaged") + name, averaged, cluster);
        r.add_unreliable(std::string("signs") + name, gmc(signs), cluster);
        r.add_unreliable(std::string("signs, local") + name, dgc(signs), cluster);
        r.add_health(std::string("signs") + name, gmc(signs), cluster);
        r.add_health(std::string("signs, local") + name, dgc(signs), cluster);
        r.add_health(std::string("gmc") + name, gmc(many), cluster);
        r.add_health(std::string("dgc") + name, dgc(many), cluster);
    }
    return std::move(r.all);
}

template <class B, class T>
std::vector<outcome> joint_failures() {
    using namespace terse;
    joint_rounds<B, T> r;
    top_k const one{.count = 1};
    unreliable const late{.cluster = {.workers = 4}, .backups = 3},
        away{.cluster = {.workers = 4}, .faults = {.drop_out = 0.3}};
    auto decayed = dgc(one);
    decayed.decay = {.rate = 2e38}; // a gradient that is large and finite overflows
    auto clipped_one = gmc(one);
    clipped_one.clip = {.norm = 3};
    for (auto const& [name, what] :
         {std::pair(", error", non_finite::error), std::pair(", skip", non_finite::skip_round),
          std::pair(", propagate", non_finite::propagate)}) {
        r.add_failing(std::string("gmc") + name, gmc(one), what);
        r.add_failing(std::string("gmc, clipped") + name, clipped_one, what);
        r.add_failing(std::string("gmc, in waves") + name, gmc(one), what, {.workers = 3, .gradients_in_flight = 2});
        r.add_failing(std::string("gmc, threads") + name, gmc(one), what, {.workers = 3, .threads = 2});
        r.add_failing(std::string("gmc, most late") + name, gmc(one), what, late);
        r.add_failing(std::string("gmc, some away") + name, gmc(one), what, away);
        r.add_failing(std::string("dgc") + name, dgc(one), what);
        r.add_failing(std::string("dgc, most late") + name, dgc(one), what, late);
        r.add_failing(std::string("dgc, some away") + name, dgc(one), what, away);
        r.add_failing(std::string("dgc, clipped") + name, dgc(one, {.clip_norm = 3}), what);
        r.add_failing(std::string("dgc, decayed") + name, decayed, what, {.workers = 3}, 4);
        r.add_failing(std::string("signs") + name, gmc(scaled_sign{}), what);
        r.add_failing(std::string("signs, in waves") + name, gmc(scaled_sign{}), what,
                      {.workers = 3, .gradients_in_flight = 2});
        r.add_failing(std::string("signs, some away") + name, gmc(scaled_sign{}), what, away);
        r.add_failing(std::string("signs, local") + name, dgc(scaled_sign{}), what);
        r.add_failing(std::string("signs, points") + name, gmc_plus(scaled_sign{}), what);
        if (what != non_finite::propagate) // where a NaN stays in what is made of levels is not said
            r.add_failing(std::string("qsgd") + name, compose(qsgd{}, no_momentum{}, standard_feedback{}), what);
    }
    return std::move(r.all);
}

} // namespace terse_test
