// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A step that fails leaves the run as it was.
#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>

#include <terse/run/checkpoint.hpp>
#include <terse/work/local_steps.hpp>

#include "oracle/all_methods.hpp"
#include "oracle/drift_methods.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

bool contains(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

// Before every good step come steps that fail in two ways; the trajectory must be that of the good steps alone.
template <class Method>
void survives(char const* name, random_run const& run, Method const& method, unsigned threads) {
    auto const reference = trajectory(run, method);
    numbers w = run.start;
    numbers all;
    auto sgd = terse::train(method, run.cluster(threads), w, {.seed = run.seed});
    for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
        auto const before = terse::save_state(sgd, "");
        auto const bad_worker = t % run.workers;
        auto const bad_coordinate = (3 * t) % run.dimension;
        constexpr double kinds[] = {not_a_number, infinity, -infinity};
        bool thrown = false;
        try {
            sgd.step(2 * run.lr[t], [&](terse::worker_context at, auto x, auto g) {
                run.callback()(at, x, g);
                if (at.worker >= bad_worker) g[bad_coordinate] = kinds[t % 3]; // the lowest worker is named
            });
        } catch (terse::non_finite_error const& e) {
            thrown = true;
            BOOST_TEST(e.worker == bad_worker);
            BOOST_TEST(e.round == t);
            BOOST_TEST(e.coordinate == bad_coordinate);
            BOOST_TEST(contains(e.what(), "worker " + std::to_string(bad_worker) + ","));
            BOOST_TEST(contains(e.what(), "round " + std::to_string(t) + ":"));
            BOOST_TEST(contains(e.what(), "coordinate " + std::to_string(bad_coordinate) + ";"));
        }
        BOOST_TEST(thrown);
        BOOST_TEST((terse::save_state(sgd, "") == before), name << " after a NaN in round " << t);

        BOOST_CHECK_THROW(sgd.step(3 * run.lr[t],
                                   [&](terse::worker_context at, auto x, auto g) {
                                       run.callback()(at, x, g);
                                       if (at.worker == bad_worker) throw std::runtime_error("the user's own");
                                   }),
                          std::runtime_error);
        BOOST_TEST((terse::save_state(sgd, "") == before), name << " after an exception in round " << t);

        for (double const bad_lr : {0.0, -0.1, not_a_number, infinity})
            BOOST_CHECK_THROW(sgd.step(bad_lr, run.callback()), terse::configuration_error);
        BOOST_TEST((terse::save_state(sgd, "") == before), name << " after a bad rate in round " << t);

        sgd.step(run.lr[t], run.callback());
        all.insert(all.end(), w.begin(), w.end());
    }
    BOOST_TEST((all == reference), name);
}

random_run some_run(kind compressor) {
    std::uint64_t seed = 3;
    random_run run(seed, compressor, 8);
    while (run.workers < 3 || run.dimension < 8) run = random_run(++seed, compressor, 8);
    return run;
}

void good(terse::worker_context, terse::view<terse::cpu, double const> x, terse::view<terse::cpu, double> g) {
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] + static_cast<double>(i);
}

} // namespace

BOOST_AUTO_TEST_SUITE(failed_steps)

BOOST_AUTO_TEST_CASE(change_nothing) {
    for (auto const compressor : every_kind) {
        auto const run = some_run(compressor);
        for_each_compressed_method(run.library_compressor(), [&](char const* name, auto method) {
            for (unsigned const threads : {1u, 3u}) survives(name, run, run.around(method), threads);
        });
    }
    auto const run = some_run(kind::identity);
    for_each_fixed_method([&](char const* name, auto method) {
        for (unsigned const threads : {1u, 3u}) survives(name, run, run.around(method), threads);
    });
    for_each_talking_method(run.dimension, [&](char const* name, auto method) {
        for (unsigned const threads : {1u, 3u}) survives(name, run, run.around(method), threads);
    });
    for_each_drift_method([&](char const* name, auto method) {
        for (unsigned const threads : {1u, 3u}) survives(name, run, run.around(method), threads);
    });
    for_each_decentralized_method(run.workers, [&](char const* name, auto method) {
        for (unsigned const threads : {1u, 3u}) survives(name, run, run.around(method), threads);
    });
    survives("streamed", run, terse::saef_dc(terse::identity{}, {.period = 2}), 2);
    // The residuals are averaged in every round.
    survives("saef", some_run(kind::top_k), terse::saef(terse::top_k{.count = 2}, {.period = 1}), 2);
}

BOOST_AUTO_TEST_CASE(change_nothing_within_local_steps_either) {
    auto const run = some_run(kind::top_k);
    auto const method = terse::compose(terse::top_k{.count = 2}, terse::global_momentum{}, terse::standard_feedback{},
                                       terse::uncompressed{}, terse::local_steps{.count = 3});
    numbers w = run.start;
    numbers v = run.start;
    auto a = terse::train(method, run.cluster(), w);
    auto b = terse::train(method, run.cluster(), v);
    for (double const lr : run.lr) {
        BOOST_CHECK_THROW(a.step(lr,
                                 [&](terse::worker_context at, auto x, auto g) {
                                     run.callback()(at, x, g);
                                     if (at.local_step == 1 && at.worker == 2) g[3] = not_a_number;
                                 }),
                          terse::non_finite_error);
        BOOST_CHECK_THROW(a.step(lr,
                                 [&](terse::worker_context at, auto x, auto g) {
                                     run.callback()(at, x, g);
                                     if (at.local_step == 2) throw 17;
                                 }),
                          int);
        a.step(lr, run.callback());
        b.step(lr, run.callback());
        BOOST_TEST((w == v));
    }
}

// The gradients are finite, their sum with the residual is not.
BOOST_AUTO_TEST_CASE(change_nothing_when_a_residual_would_overflow) {
    std::vector<float> w(40, 1.0F);
    auto sgd = terse::train(terse::gmc({.count = 1}), terse::simulated{.workers = 2}, w);
    auto const huge = [](std::uint32_t bad_worker) {
        return [bad_worker](terse::worker_context at, auto, auto g) {
            for (auto& x : g) x = 1;
            g[7] = 4;
            if (at.worker == bad_worker) g[30] = 3e38F, g[31] = 3.1e38F;
        };
    };
    sgd.step(1e-30, huge(1)); // sends coordinate 31 and keeps 30
    auto const before = terse::save_state(sgd, "");
    try {
        sgd.step(1e-30, huge(1));
        BOOST_ERROR("nothing was thrown");
    } catch (terse::non_finite_error const& e) {
        BOOST_TEST(e.worker == 1u);
        BOOST_TEST(e.coordinate == 30u);
    }
    BOOST_TEST((terse::save_state(sgd, "") == before));
    sgd.step(1e-30, huge(2)); // nobody
}

struct breaks_down : terse::top_k {
    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B> at) const {
        if (at.worker == 1 && at.round == 2) throw std::runtime_error("the compressor's own");
        terse::top_k::compress<B, T>(in, out, at);
    }
    template <class B, class T>
    void take(std::type_identity_t<T>, terse::view<B, T const>, std::type_identity_t<T>, terse::view<B, T>,
              terse::sparse_message<B, T>&, terse::context<B>) const = delete;
};

BOOST_AUTO_TEST_CASE(change_nothing_when_a_compressor_throws) {
    numbers w{1, 2, 3};
    auto sgd =
        terse::train(terse::compose(breaks_down{{.count = 1}}, terse::global_momentum{}, terse::standard_feedback{}),
                     terse::simulated{.workers = 3}, w);
    sgd.step(0.1, good);
    sgd.step(0.1, good);
    auto const before = terse::save_state(sgd, "");
    for (int i = 0; i < 2; ++i) {
        BOOST_CHECK_THROW(sgd.step(0.1, good), std::runtime_error);
        BOOST_TEST((terse::save_state(sgd, "") == before));
    }
}

// In the middle of a conference: the vectors are finite, their products are not.
BOOST_AUTO_TEST_CASE(change_nothing_when_factors_overflow) {
    std::vector<float> w(30, 1.0F);
    auto sgd = terse::train(terse::power_sgd_momentum(terse::layout({{"m", 5, 6}})), terse::simulated{.workers = 2}, w);
    auto const times = [](float a) {
        return [a](terse::worker_context at, auto, auto g) {
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = a * static_cast<float>((i * i + at.worker) % 7 + 1);
        };
    };
    sgd.step(1e-3, times(1));
    auto const before = terse::save_state(sgd, "");
    BOOST_CHECK_THROW(sgd.step(1e-3, times(1e37F)), terse::error);
    BOOST_TEST((terse::save_state(sgd, "") == before));
    sgd.step(1e-3, times(1));
    BOOST_TEST(sgd.round() == 2u);
}

BOOST_AUTO_TEST_CASE(skip_their_round_if_told_so) {
    auto const run = some_run(kind::top_k);
    auto const method = terse::gmc({.count = 2});
    numbers w = run.start;
    numbers v = run.start;
    auto a = terse::train(method, run.cluster(), w, {.on_non_finite = terse::non_finite::skip_round});
    auto b = terse::train(method, run.cluster(), v);
    // The gradient does not depend on the round, so that a skipped round is one that never was.
    auto const gradient = [&](terse::worker_context at, auto x, auto g) { run.user_gradient(at.worker, 0, x, g); };
    std::uint64_t rounds = 0;
    for (double const lr : run.lr) {
        auto const before = w;
        a.step(5 * lr, [&](terse::worker_context at, auto x, auto g) {
            gradient(at, x, g);
            if (at.worker == 1) g[0] = infinity;
        });
        BOOST_TEST(a.round() == ++rounds);
        BOOST_TEST((w == before));
        a.step(lr, gradient);
        BOOST_TEST(a.round() == ++rounds);
        b.step(lr, gradient);
        BOOST_TEST((w == v));
    }
    BOOST_TEST((a.traffic().total == b.traffic().total));
    // An exception of the user's own is not a round.
    BOOST_CHECK_THROW(a.step(0.1, [](terse::worker_context, auto, auto) { throw std::runtime_error("mine"); }),
                      std::runtime_error);
    BOOST_TEST(a.round() == rounds);
}

BOOST_AUTO_TEST_CASE(do_not_fail_if_nobody_looks) {
    numbers w{1, 2, 3};
    auto sgd =
        terse::train(terse::dsgd(), terse::simulated{.workers = 2}, w, {.on_non_finite = terse::non_finite::propagate});
    sgd.step(0.5, [](terse::worker_context at, auto, auto g) {
        for (double& x : g) x = 1;
        if (at.worker == 1) g[1] = not_a_number;
    });
    BOOST_TEST(w[0] == 0.5);
    BOOST_TEST(std::isnan(w[1]));
    BOOST_TEST(w[2] == 2.5);
    BOOST_TEST(sgd.round() == 1u);
}

BOOST_AUTO_TEST_CASE(end_the_run_when_gradients_were_used_already) {
    for (auto const policy : {terse::non_finite::error, terse::non_finite::skip_round}) {
        numbers w{1, 2, 3};
        auto sgd = terse::train(terse::gmc({.count = 1}), terse::simulated{.workers = 4, .gradients_in_flight = 2}, w,
                                {.on_non_finite = policy});
        auto const bad_at = [](std::uint32_t worker) {
            return [worker](terse::worker_context at, auto x, auto g) {
                good(at, x, g);
                if (at.worker == worker) g[0] = not_a_number;
            };
        };
        // Among the first gradients nothing has happened yet.
        if (policy == terse::non_finite::error)
            BOOST_CHECK_THROW(sgd.step(0.1, bad_at(1)), terse::non_finite_error);
        else
            sgd.step(0.1, bad_at(1));
        BOOST_TEST((w == numbers{1, 2, 3}));
        sgd.step(0.1, good);
        BOOST_CHECK_THROW(sgd.step(0.1, bad_at(3)), terse::non_finite_error);
        auto const after = w;
        BOOST_CHECK_THROW(sgd.step(0.1, good), terse::error);
        BOOST_TEST((w == after));
    }
}

BOOST_AUTO_TEST_SUITE_END()
