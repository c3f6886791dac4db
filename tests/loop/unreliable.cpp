// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

#include <unistd.h>

#include <terse/cluster/simulated_clock.hpp>
#include <terse/cluster/unreliable.hpp>
#include <terse/run/checkpoint.hpp>

#include "oracle/all_methods.hpp"
#include "oracle/follow.hpp"
#include "oracle/unreliable_run.hpp"

BOOST_AUTO_TEST_SUITE(unreliable_tests)

namespace {

using namespace oracle;
using terse::attendance;
using terse::part;
using terse::unreliable;

template <class Cluster, class Method>
std::pair<numbers, terse::traffic_account> path(random_run const& run, Cluster const& cluster, Method method) {
    numbers x = run.start, all;
    auto sgd = terse::train(std::move(method), cluster, x, {.seed = run.seed});
    for (double const lr : run.lr) {
        sgd.step(lr, run.callback());
        all.insert(all.end(), x.begin(), x.end());
    }
    return {all, sgd.traffic()};
}

template <class F>
void for_some_methods(random_run const& run, F f) {
    for_each_compressed_method(run.library_compressor(), f);
    f("gmc, signs", terse::gmc(terse::scaled_sign{})); // leaves its subtraction to the next round
    f("dgc, signs", terse::dgc(terse::scaled_sign{}));
    f("saef_dc, signs", terse::saef_dc(terse::scaled_sign{}, {.period = 3}));
    for_each_fixed_method(f); // with dense messages
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_wrong_changes_no_bit) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        random_run const run(seed, kind::top_k, 20);
        for_some_methods(run, [&](char const* name, auto method) {
            auto const [plain, bytes] = path(run, run.cluster(), method);
            auto u = cluster_of(run, what::nothing);
            auto const [same, same_bytes] = path(run, u, method);
            BOOST_TEST((plain == same), name);
            BOOST_TEST((bytes.total == same_bytes.total), name);
            u.faults = {.duplicate = 0.5, .delay = 0.5}; // the server copes with these
            auto const [late, more_bytes] = path(run, u, method);
            BOOST_TEST((plain == late), name);
            BOOST_TEST(more_bytes.total.up > bytes.total.up, name);
            BOOST_TEST(more_bytes.total.down == bytes.total.down, name);
        });
    }
}

BOOST_AUTO_TEST_CASE(threads_and_gradients_in_flight_change_no_bit) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        random_run const run(seed, kind::top_k, 20);
        for_some_methods(run, [&](char const* name, auto method) {
            auto const one = path(run, cluster_of(run, what::both), method);
            auto u = cluster_of(run, what::both, 3);
            BOOST_TEST((one.first == path(run, u, method).first), name);
            u.cluster.gradients_in_flight = 2;
            auto const two = path(run, u, method);
            BOOST_TEST((one.first == two.first), name);
            BOOST_TEST((one.second.total == two.second.total), name);
        });
    }
}

// sum of all gradients = N sum of updates + residuals + what was declared lost
BOOST_AUTO_TEST_CASE(no_mass_gets_lost_undeclared) {
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        random_run const run(seed, seed % 2 == 0 ? kind::top_k : kind::random_k, 40);
        auto const u = cluster_of(run, what::both);
        numbers w = run.start, gradients = zeros(run), applied = zeros(run), lost = zeros(run);
        auto sgd = terse::train(compose(run.library_compressor(), terse::no_momentum{}, terse::standard_feedback{}), u,
                                w, {.seed = run.seed});
        double const n = static_cast<double>(run.workers - u.backups), lr = 0.01;
        bool any = false;
        for (std::uint64_t t = 0; t < 40; ++t) {
            auto const old = w;
            auto before = zeros_for_each_worker(run), g = before;
            for (std::size_t k = 0; k < run.workers; ++k)
                std::copy_n(sgd.residual(k).data(), run.dimension, before[k].begin());
            sgd.step(lr, [&](terse::worker_context at, auto x, auto out) {
                run.user_gradient(at.worker, at.round, x, out);
                std::copy_n(out.data(), run.dimension, g[at.worker].begin());
            });
            for (std::size_t k = 0; k < run.workers; ++k) {
                auto const here = sgd.attendances()[k];
                for (std::size_t i = 0; i < run.dimension; ++i) {
                    gradients[i] += g[k][i];
                    double const gone = before[k][i] + g[k][i] - sgd.residual(k)[i];
                    if (here.part == part::lost || here.part == part::crashed)
                        lost[i] += gone;
                    else if (!here.counts())
                        BOOST_REQUIRE_EQUAL(gone, before[k][i] + g[k][i] - (before[k][i] + g[k][i]));
                    any = any || (here.part == part::lost && gone != 0);
                }
                if (here.part == part::absent)
                    BOOST_REQUIRE(
                        std::ranges::equal(before[k], std::vector<double>(sgd.residual(k).data(),
                                                                          sgd.residual(k).data() + run.dimension)));
            }
            for (std::size_t i = 0; i < run.dimension; ++i) applied[i] += n * (old[i] - w[i]) / lr;
        }
        auto whole = applied;
        for (std::size_t i = 0; i < run.dimension; ++i) {
            whole[i] += lost[i];
            for (std::size_t k = 0; k < run.workers; ++k) whole[i] += sgd.residual(k)[i];
        }
        require_close("the mass", run, 40, gradients, whole, 1e-9);
        if (!u.faults.acknowledged && u.faults.lose > 0.2 && run.workers > 3) BOOST_TEST(any, seed);
    }
}

// The mean of residuals is that of the workers that are there, and only they get it.
BOOST_AUTO_TEST_CASE(residuals_are_averaged_by_those_that_are_there) {
    random_run const run(3, kind::top_k, 1);
    unreliable const u{.cluster = {.workers = 3}, .faults = {.outages = {{.worker = 1, .first = 3, .rounds = 2}}}};
    numbers w(run.dimension, 1.0);
    auto sgd = terse::train(terse::saef(terse::top_k{.count = 1}, {.beta = 0, .period = 4}), u, w);
    auto const gradient = [](terse::worker_context at, auto x, auto g) {
        for (std::size_t i = 0; i < x.size(); ++i) g[i] = x[i] * (1.0 + at.worker) + 0.1 * static_cast<double>(i);
    };
    for (int t = 0; t < 3; ++t) sgd.step(0.1, gradient);
    numbers away(sgd.residual(1).data(), sgd.residual(1).data() + run.dimension);
    auto const up = sgd.traffic().averaging.up;
    sgd.step(0.1, gradient);
    BOOST_TEST(sgd.traffic().averaging.up - up == 2 * (32 + 8 * run.dimension));
    for (std::size_t i = 0; i < run.dimension; ++i) BOOST_TEST(sgd.residual(1)[i] == away[i]);
}

BOOST_AUTO_TEST_CASE(a_step_that_throws_changes_nothing) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        random_run const run(seed, kind::top_k, 20);
        for_some_methods(run, [&](char const* name, auto method) {
            auto const u = cluster_of(run, what::both);
            auto const expected = path(run, u, method).first;
            numbers x = run.start, all;
            auto sgd = terse::train(method, u, x, {.seed = run.seed});
            for (double const lr : run.lr) {
                try { // the last worker's gradient throws, if it has one
                    sgd.step(lr, [&](terse::worker_context at, auto y, auto g) {
                        if (at.worker + 1 == at.workers) throw std::runtime_error("no");
                        run.user_gradient(at.worker, at.round, y, g);
                    });
                } catch (std::runtime_error const&) {
                    sgd.step(lr, run.callback());
                }
                all.insert(all.end(), x.begin(), x.end());
            }
            BOOST_TEST((all == expected), name);
        });
    }
}

BOOST_AUTO_TEST_CASE(a_resumed_run_has_the_same_bits) {
    auto const file = std::filesystem::temp_directory_path() / ("terse-unreliable-" + std::to_string(getpid()));
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        random_run const run(seed, kind::top_k, 20);
        for_some_methods(run, [&](char const* name, auto method) {
            auto const u = cluster_of(run, what::both);
            auto const expected = path(run, u, method).first;
            numbers x = run.start, y(run.dimension, 0.0);
            auto first = terse::train(method, u, x, {.seed = run.seed});
            for (std::size_t t = 0; t < 9; ++t) first.step(run.lr[t], run.callback());
            terse::save_checkpoint(first, file.string(), "");
            auto second = terse::train(method, u, y, {.seed = run.seed});
            terse::load_checkpoint(second, file.string(), "");
            for (std::size_t t = 9; t < 20; ++t) second.step(run.lr[t], run.callback());
            BOOST_TEST(std::equal(y.begin(), y.end(), expected.end() - static_cast<std::ptrdiff_t>(run.dimension)),
                       name);
        });
    }
    std::filesystem::remove(file);
}

BOOST_AUTO_TEST_CASE(the_account_and_the_clock_know_who_sent) {
    random_run const run(4, kind::top_k, 30);
    auto const u = cluster_of(run, what::both);
    numbers x = run.start;
    auto sgd = terse::train(terse::gmc(run.library_compressor()), u, x, {.seed = run.seed});
    terse::simulated_clock clock({.worker = {0, 1e3}}, u.compute, u.cluster.workers, run.seed);
    BOOST_CHECK_THROW(clock.advance(sgd), terse::configuration_error);
    double now = 0;
    for (double const lr : run.lr) {
        sgd.step(lr, run.callback());
        std::uint64_t sum = 0;
        double slowest = 0;
        for (std::uint32_t k = 0; k < run.workers; ++k) {
            auto const here = sgd.attendances()[k];
            sum += sgd.sent()[k];
            BOOST_TEST((sgd.sent()[k] > 0) == here.computes());
            if (here.counts())
                slowest = std::max(slowest, u.compute.seconds({run.seed, sgd.round() - 1, k, u.cluster.workers}));
        }
        BOOST_TEST(sum == sgd.traffic().round.up);
        auto const r = clock.advance(sgd);
        BOOST_TEST(r.compute + r.wait == slowest, boost::test_tools::tolerance(1e-12));
        now += r.total();
    }
    BOOST_TEST(clock.now() == now, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(nobody_counts) {
    for_some_methods(random_run(1), [](char const* name, auto method) {
        method.decay = {}; // outside the compressed stream it goes on
        unreliable const u{.cluster = {.workers = 2}, .faults = {.lose = 1}};
        std::vector<float> w(50, 1.0F);
        auto sgd = terse::train(method, u, w);
        for (int t = 0; t < 3; ++t)
            sgd.step(0.1, [](terse::worker_context, auto x, auto g) { std::copy_n(x.data(), x.size(), g.data()); });
        BOOST_TEST((w == std::vector<float>(50, 1.0F)), name);
        BOOST_TEST(sgd.traffic().total.up > 0u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
