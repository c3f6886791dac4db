// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <terse/method/d_psgd.hpp>
#include <terse/method/decentralized_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/local_sgd.hpp>
#include <terse/method/pr_sgd_m.hpp>

#include "oracle/follow_models.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

using matrix = std::vector<numbers>;

// Another graph for each seed. Metropolis weights from the list of edges, written a second time.
struct random_graph {
    std::vector<terse::topology::edge> edges;
    matrix w;

    random_graph(std::size_t n, std::uint64_t seed) : w(n, numbers(n)) {
        std::vector<std::size_t> degree(n);
        for (std::uint32_t a = 0; a < n; ++a)
            for (std::uint32_t b = a + 1; b < n; ++b)
                if (uniform({seed, a, b, 77}) < 0.4) {
                    edges.push_back({b, a});
                    ++degree[a];
                    ++degree[b];
                }
        for (std::size_t i = 0; i < n; ++i) w[i][i] = 1;
        for (auto const& [a, b] : edges) {
            double const x = 1.0 / static_cast<double>(1 + std::max(degree[a], degree[b]));
            w[a][b] = w[b][a] = x;
            w[a][a] -= x;
            w[b][b] -= x;
        }
    }
};

matrix one_peer(std::size_t n, std::size_t step) {
    matrix w(n, numbers(n));
    for (std::size_t k = 0; k < n; ++k) {
        w[k][k] += 0.5;
        w[(k + step) % n][k] += 0.5;
    }
    return w;
}

// PR-SGD-Momentum paper, eq. 16: u~ = beta u + g, x~ = x - eta u~; eq. 18: u = W u~ (or u~ itself), x = W x~.
struct paper {
    random_run const& run;
    std::vector<matrix> rounds;
    double beta;
    bool mixes_momenta;
    std::vector<numbers> x = std::vector<numbers>(run.workers, run.start);
    std::vector<numbers> m = zeros_for_each_worker(run);
    numbers w = run.start; // never moves

    std::vector<numbers> mixed(matrix const& by, std::vector<numbers> const& y) const {
        auto z = zeros_for_each_worker(run);
        for (std::size_t i = 0; i < run.workers; ++i)
            for (std::size_t j = 0; j < run.workers; ++j)
                for (std::size_t c = 0; c < run.dimension; ++c) z[i][c] += by[i][j] * y[j][c];
        return z;
    }
    void step(std::uint64_t t, double lr) {
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, x[k]);
            for (std::size_t i = 0; i < run.dimension; ++i) {
                m[k][i] = beta * m[k][i] + g[i];
                x[k][i] -= lr * m[k][i];
            }
        }
        auto const& by = rounds[t % rounds.size()];
        if (mixes_momenta) m = mixed(by, m);
        x = mixed(by, x);
    }
};

std::uint32_t workers_of(random_run const& run) { return static_cast<std::uint32_t>(run.workers); }

std::vector<matrix> one_peer_rounds(std::size_t n) {
    std::vector<matrix> rounds;
    for (std::size_t step = 1; step < n; step *= 2) rounds.push_back(one_peer(n, step));
    if (rounds.empty()) rounds.push_back({{1}});
    return rounds;
}

} // namespace

BOOST_AUTO_TEST_SUITE(decentralized_sgdm_tests)

BOOST_AUTO_TEST_CASE(follows_the_paper) {
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
        random_run const run(seed);
        random_graph const graph(run.workers, seed);
        terse::topology const g(workers_of(run), graph.edges);
        follow_models(run, run.around(terse::decentralized_sgdm(g, {.beta = run.beta})),
                      paper{run, {graph.w}, run.beta, true});
        follow_models(run, run.around(terse::d_psgd(g)), paper{run, {graph.w}, 0, false});
        follow_models(run, run.around(terse::d_psgd(g, {.beta = run.beta})), paper{run, {graph.w}, run.beta, false});
        follow_models(
            run,
            run.around(terse::decentralized_sgdm(terse::one_peer_exponential(workers_of(run)), {.beta = run.beta})),
            paper{run, one_peer_rounds(run.workers), run.beta, true});
    }
}

BOOST_AUTO_TEST_CASE(the_averaging_matrix_is_distributed_momentum_sgd) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const complete = terse::topology::complete(workers_of(run));
        auto const torch =
            trajectory(run, run.around(terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous})));
        for (auto const& method : {run.around(terse::decentralized_sgdm(complete, {.beta = run.beta})),
                                   run.around(terse::d_psgd(complete, {.beta = run.beta}))}) {
            auto const far = difference(torch, mean_trajectory(run, method));
            BOOST_TEST(far <= 1e-9, "differs by " << far << " with seed " << seed);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_edges_every_worker_is_alone) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        terse::topology const none(workers_of(run), {});
        BOOST_TEST((mean_trajectory(run, terse::decentralized_sgdm(none, {.beta = run.beta})) ==
                    mean_trajectory(run, terse::pr_sgd_m({.beta = run.beta, .period = 1'000'000}))));
        BOOST_TEST((mean_trajectory(run, terse::d_psgd(none)) ==
                    mean_trajectory(run, terse::local_sgd({.period = 1'000'000}))));
    }
}

// Equation 10 holds for every doubly stochastic W: the means move by momentum SGD on the mean gradient.
BOOST_AUTO_TEST_CASE(means_follow_momentum_sgd_on_the_mean_gradient) {
    auto const check = [](random_run const& run, auto method) {
        numbers w = run.start, u = zeros(run), x = run.start, found = zeros(run);
        auto sgd = terse::train(method, run.cluster(), w);
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            numbers gradient = zeros(run);
            for (std::size_t k = 0; k < run.workers; ++k) {
                numbers g = zeros(run);
                run.user_gradient(k, t, numbers(sgd.model(k).begin(), sgd.model(k).end()), g);
                for (std::size_t i = 0; i < run.dimension; ++i) gradient[i] += g[i] / static_cast<double>(run.workers);
            }
            sgd.step(run.lr[t], run.callback());
            for (std::size_t i = 0; i < run.dimension; ++i) {
                u[i] = run.beta * u[i] + gradient[i];
                x[i] -= run.lr[t] * u[i];
            }
            sgd.mean(found);
            require_close("mean x", run, t, x, found, 1e-10);
        }
    };
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        random_run const run(seed);
        auto const n = workers_of(run);
        terse::topology const graph(n, random_graph(run.workers, seed).edges);
        check(run, terse::decentralized_sgdm(graph, {.beta = run.beta}));
        check(run, terse::decentralized_sgdm(terse::topology::star(n), {.beta = run.beta}));
        check(run, terse::decentralized_sgdm(terse::one_peer_exponential(n), {.beta = run.beta}));
        check(run, terse::d_psgd(terse::topology::ring(n), {.beta = run.beta}));
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(counts_what_neighbours_send) {
    std::vector<float> w(100, 1);
    auto const floats = [&](auto method, std::uint32_t workers) { // a worker's, in a round, up
        auto run = terse::train(method, terse::simulated{.workers = workers}, w);
        for (int t = 0; t < 4; ++t)
            run.step(0.1, [](terse::worker_context, auto x, auto g) { std::ranges::copy(x, g.begin()); });
        auto const& bytes = run.traffic().total;
        BOOST_TEST(bytes.up == bytes.down);
        return static_cast<double>(bytes.up) / (4.0 * workers * (32 + 4 * 100)) * 100;
    };
    using terse::topology;
    BOOST_TEST(floats(terse::decentralized_sgdm(topology::ring(8)), 8) == 2 * 100 * 2); // 2 d degree
    BOOST_TEST(floats(terse::decentralized_sgdm(topology::hypercube(8)), 8) == 2 * 100 * 3);
    BOOST_TEST(floats(terse::decentralized_sgdm(terse::one_peer_exponential(8)), 8) == 2 * 100); // one way
    BOOST_TEST(floats(terse::d_psgd(topology::torus(3, 4)), 12) == 100 * 4);
}

BOOST_AUTO_TEST_CASE(refuses_matrices_of_other_workers) {
    std::vector<float> w(10, 1);
    auto const start = [&](auto method) { terse::train(method, terse::simulated{.workers = 4}, w); };
    BOOST_CHECK_NO_THROW(start(terse::d_psgd(terse::topology::ring(4))));
    BOOST_CHECK_THROW(start(terse::d_psgd(terse::topology::ring(5))), terse::configuration_error);
    auto rounds = terse::one_peer_exponential(4);
    rounds.push_back(terse::metropolis(terse::topology::ring(3)));
    BOOST_CHECK_THROW(start(terse::decentralized_sgdm(rounds)), terse::configuration_error);
    BOOST_CHECK_THROW(start(terse::d_psgd(std::vector<terse::mixing_matrix>())), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
