// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What goes wrong on one rank is the same typed error on all of them, before anything has changed.
#include "mpi/world.hpp"

#include <limits>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(failures)

using world::contains;

namespace {

/// The workers of this rank.
struct hosted_workers {
    std::uint32_t first, count;

    hosted_workers() {
        auto const session = terse::mpi::cluster{.workers = world::workers}.attach();
        first = session.first();
        count = static_cast<std::uint32_t>(session.hosted());
    }
    bool contain(std::uint32_t worker) const { return worker >= first && worker < first + count; }
};

template <class Run>
world::hash everything(Run const& run, hosted_workers const& hosted) {
    world::hash h;
    for (auto const x : run.w()) h.add(x);
    for (std::size_t k = 0; k < hosted.count; ++k)
        for (auto const x : run.residual(k)) h.add(x);
    for (auto const x : {run.round(), run.traffic().total.total(), run.traffic().round.total()}) h.add(x);
    return h;
}

/// Fails in its compressor.
struct failing_compressor {
    std::uint32_t worker = 0;
    std::uint64_t round = 0;

    template <class B, class T>
    using message = terse::sparse_message<B, T>;
    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B> at) const {
        if (at.worker >= worker && at.round == round) throw std::runtime_error("cannot compress this");
        terse::top_k{.count = 3}.compress(in, out, at);
    }
};

template <class Error, class F>
void refuses(F const& start, char const* words) {
    try {
        start();
        BOOST_ERROR("not refused: " << words);
    } catch (Error const& e) {
        BOOST_TEST(contains(e.what(), words), e.what() << " does not say " << words);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(of_a_gradient_change_nothing) {
    hosted_workers const hosted;
    std::vector<double> w(world::dimension, 1), v(world::dimension, 1);
    auto const method = terse::saef_dc(terse::random_k{.count = 9}, {.period = 2});
    auto run = terse::train(method, terse::mpi::cluster{.workers = world::workers}, w);
    auto reference = terse::train(method, terse::simulated{.workers = world::workers}, v);
    for (std::uint64_t t = 0; t < 16; ++t) {
        auto const bad = static_cast<std::uint32_t>(t % world::workers);
        auto const before = everything(run, hosted);
        int caught = 0;
        try { // all workers from `bad` on, so on several ranks; the lowest is named
            run.step(0.5, [&](terse::worker_context at, auto x, auto g) {
                world::gradient{}(at, x, g);
                if (at.worker >= bad) g[3 + at.worker] = std::numeric_limits<double>::quiet_NaN();
            });
        } catch (terse::non_finite_error const& e) {
            ++caught;
            BOOST_TEST(e.worker == bad);
            BOOST_TEST(e.round == t);
            BOOST_TEST(e.coordinate == 3 + bad);
        }
        BOOST_TEST((everything(run, hosted) == before));
        try {
            run.step(0.5, [&](terse::worker_context at, auto, auto g) {
                std::fill(g.begin(), g.end(), 0.0);
                if (at.worker == bad) throw std::out_of_range("no more data");
            });
        } catch (terse::mpi::worker_failed const& e) {
            ++caught;
            BOOST_TEST(e.worker == bad);
            BOOST_TEST(contains(e.what(), "worker " + std::to_string(bad) + " on rank " + std::to_string(e.rank) +
                                              ", round " + std::to_string(t) + ": no more data"));
            bool nested = false;
            try {
                std::rethrow_if_nested(e);
            } catch (std::out_of_range const&) {
                nested = true;
            }
            BOOST_TEST(nested == (e.rank == world::rank()));
            BOOST_TEST(nested == hosted.contain(bad));
        }
        BOOST_TEST(caught == 2);
        BOOST_TEST((everything(run, hosted) == before));
        run.step(0.02, world::gradient{});
        reference.step(0.02, world::gradient{});
        BOOST_TEST((w == v));
    }
}

BOOST_AUTO_TEST_CASE(skip_their_round_if_told_so) {
    std::vector<float> w(world::dimension, 1);
    auto run = terse::train(terse::gmc(), terse::mpi::cluster{.workers = world::workers}, w,
                            {.on_non_finite = terse::non_finite::skip_round});
    run.step(0.1, [](terse::worker_context at, auto x, auto g) {
        world::gradient{}(at, x, g);
        if (at.worker == 5) g[0] = std::numeric_limits<float>::infinity();
    });
    BOOST_TEST(run.round() == 1u);
    BOOST_TEST(w[0] == 1);
    run.step(0.1, world::gradient{});
    BOOST_TEST(run.round() == 2u);
    BOOST_TEST(run.traffic().total.up > 0u);
}

BOOST_AUTO_TEST_CASE(of_a_gradient_may_be_anything) {
    std::vector<float> w(world::dimension, 1);
    auto run = terse::train(terse::gmc(), terse::mpi::cluster{.workers = world::workers, .threads = 2}, w);
    refuses<terse::mpi::worker_failed>([&] { run.step(0.1, [](terse::worker_context, auto, auto) { throw 17; }); },
                                       "no std::exception");
    refuses<terse::mpi::worker_failed>(
        [&] {
            run.step(0.1,
                     [](terse::worker_context, auto, auto) { throw std::runtime_error(std::string(100'000, 'x')); });
        },
        "xxxx");
    refuses<terse::mpi::worker_failed>(
        [&] { run.step(0.1, [](terse::worker_context, auto, auto) { throw std::runtime_error(""); }); }, "worker 0");
    run.step(0.1, world::gradient{});
    BOOST_TEST(run.round() == 1u);
}

BOOST_AUTO_TEST_CASE(of_a_compressor_change_nothing) {
    hosted_workers const hosted;
    std::vector<float> w(world::dimension, 1);
    auto run = terse::train(terse::gmc(failing_compressor{.worker = 6, .round = 2}),
                            terse::mpi::cluster{.workers = world::workers}, w);
    run.step(0.1, world::gradient{});
    run.step(0.1, world::gradient{});
    auto const before = everything(run, hosted);
    for (int again = 0; again < 2; ++again) {
        refuses<terse::mpi::worker_failed>([&] { run.step(0.1, world::gradient{}); }, "worker 6 on rank ");
        BOOST_TEST((everything(run, hosted) == before));
    }
}

BOOST_AUTO_TEST_CASE(of_ranks_that_do_not_do_the_same) {
    if (world::size() == 1) return;
    bool const odd = world::rank() == world::size() - 1;
    std::vector<float> w(world::dimension, 1);
    auto run = terse::train(terse::saef(terse::top_k{.count = 5}, {.period = 2}),
                            terse::mpi::cluster{.workers = world::workers}, w);
    run.step(0.1, world::gradient{});
    refuses<terse::error>([&] { odd ? void(run.health()) : run.step(0.1, world::gradient{}); }, "exchanges messages");
    refuses<terse::error>([&] { run.step(odd ? 0.2 : 0.1, world::gradient{}); }, "learning rate 0.2");
    run.step(0.1, world::gradient{}); // and they are still together
    BOOST_TEST(run.round() == 2u);
}

BOOST_AUTO_TEST_CASE(of_ranks_that_were_started_differently) {
    if (world::size() == 1) return;
    bool const odd = world::rank() == world::size() - 1;
    auto const train = [&](auto const& method, terse::mpi::cluster const& cluster, std::size_t d = 30, float x = 0,
                           terse::train_options const& options = {}) {
        std::vector<float> w(d, x);
        auto run = terse::train(method, cluster, w, options);
    };
    using terse::configuration_error;
    terse::mpi::cluster const all{};
    auto const gmc = terse::gmc({.count = 3});
    refuses<configuration_error>([&] { train(gmc, all, 30, 0, {.seed = odd ? 7u : 4u}); }, "seed: rank 0 has 4, rank ");
    refuses<configuration_error>([&] { train(gmc, all, odd ? 31 : 30); }, "dimension: rank 0 has 30, rank ");
    refuses<configuration_error>([&] { train(gmc, all, 30, odd ? 0.5f : 0.0f); }, "model at the start");
    refuses<configuration_error>([&] { train(terse::gmc({.beta = odd ? 0.8 : 0.9}), all); }, "options");
    refuses<configuration_error>([&] { train(terse::gmc({.count = odd ? 2u : 3u}), all); }, "options");
    refuses<configuration_error>([&] { odd ? train(terse::dgc(), all) : train(gmc, all); }, "type of the method");
    refuses<configuration_error>([&] { train(gmc, {.workers_per_rank = odd ? 1u : 2u}); },
                                 "workers per rank: rank 0 has 2");
    refuses<configuration_error>([&] { train(gmc, {.workers = odd ? 20u : 21u}); }, "number of workers: rank 0 has 21");
    refuses<configuration_error>(
        [&] {
            std::vector<float> f(30);
            std::vector<double> g(30);
            odd ? void(terse::train(gmc, all, f)) : void(terse::train(gmc, all, g));
        },
        "size of a scalar: rank 0 has 8");
    train(gmc, all); // and the ranks are still together
}

BOOST_AUTO_TEST_CASE(of_a_cluster_that_cannot_be) {
    using terse::configuration_error;
    using terse::mpi::cluster;
    auto const attach = [](cluster const& c) { return [&c] { void(c.attach()); }; };
    refuses<configuration_error>(attach({.comm = MPI_COMM_NULL}), "MPI_COMM_NULL");
    refuses<configuration_error>(attach({.workers_per_rank = 0}), "at least one worker");
    refuses<configuration_error>(attach({.workers_per_rank = 0xffffffffu}), "fewer than");
    refuses<configuration_error>(attach({.threads = 0}), "thread");
    refuses<configuration_error>(attach({.chunk_bytes = 0}), "chunk_bytes");
    refuses<configuration_error>(attach({.chunk_bytes = std::size_t{1} << 31}), "chunk_bytes");
    refuses<configuration_error>(attach({.workers_per_rank = 2, .workers = 99}), "contradict");
    if (world::size() > 1) refuses<configuration_error>(attach({.workers = 1}), "each rank must host one");
}

BOOST_AUTO_TEST_CASE(do_not_reach_other_communicators) {
    // Two runs at once, each on its own half of the ranks; one of them fails.
    MPI_Comm half = MPI_COMM_NULL;
    MPI_Comm_split(MPI_COMM_WORLD, world::rank() % 2, world::rank(), &half);
    {
        std::vector<float> w(world::dimension, 1), v(world::dimension, 1);
        auto run = terse::train(terse::gmc({.count = 9}), terse::mpi::cluster{.comm = half, .workers = 8}, w);
        auto reference = terse::train(terse::gmc({.count = 9}), terse::simulated{.workers = 8}, v);
        for (int t = 0; t < 10; ++t) {
            if (world::rank() % 2 == 1)
                refuses<terse::mpi::worker_failed>(
                    [&] { run.step(0.1, [](terse::worker_context, auto, auto) { throw std::runtime_error("odd"); }); },
                    "odd");
            run.step(0.02, world::gradient{});
            reference.step(0.02, world::gradient{});
        }
        BOOST_TEST((w == v));
    }
    MPI_Comm_free(&half);
}

BOOST_AUTO_TEST_SUITE_END()
