// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Methods in which every worker has a model, in every way of exchange.
#include "mpi/same_bits.hpp"

#include "oracle/drift_methods.hpp"

BOOST_AUTO_TEST_SUITE(same_bits_drift)

namespace {

using terse::mpi::cluster;
using terse::mpi::exchange;

} // namespace

BOOST_AUTO_TEST_CASE(on_all_ranks) {
    oracle::for_each_drift_method(
        [](char const* name, auto const& method) { world::same_bits<float>(name, "its own", method); });
    oracle::for_each_decentralized_method(
        world::workers, [](char const* name, auto const& method) { world::same_bits<float>(name, "its own", method); });
}

BOOST_AUTO_TEST_CASE(with_a_parameter_server) {
    oracle::for_each_drift_method([](char const* name, auto const& method) {
        auto const alone = world::trajectory<double>(method, terse::simulated{.workers = world::workers});
        for (std::size_t const chunk : {std::size_t{1} << 30, std::size_t{1000}}) {
            cluster const ranks{
                .workers = world::workers, .exchange = exchange::parameter_server, .chunk_bytes = chunk};
            BOOST_TEST((world::trajectory<double>(method, ranks) == alone), name << " on rank " << world::rank());
        }
    });
}

BOOST_AUTO_TEST_CASE(nearly_with_all_reduce) {
    constexpr int rounds = 40;
    auto const check = [](char const* name, auto const& method) {
        std::vector<double> w(world::dimension, 1), exact(w), mean(w), exact_mean(w);
        auto run = terse::train(method, cluster{.workers = world::workers, .exchange = exchange::all_reduce}, w);
        auto reference = terse::train(method, terse::simulated{.workers = world::workers}, exact);
        double largest = 0;
        for (int t = 0; t < rounds; ++t) {
            run.step(world::rate(t), world::gradient{});
            reference.step(world::rate(t), world::gradient{});
            run.mean(mean);
            reference.mean(exact_mean);
            for (std::size_t i = 0; i < w.size(); ++i)
                largest = std::max({largest, std::abs(w[i] - exact[i]), std::abs(mean[i] - exact_mean[i])});
        }
        // As for lockstep methods: 7 epsilon of a sum of magnitudes below 40 in every round, times 2 for two averages.
        BOOST_TEST(largest <= 2 * 7 * std::numeric_limits<double>::epsilon() * 40 * rounds, name << ": " << largest);
        BOOST_TEST((run.traffic().total == reference.traffic().total), name);
    };
    check("local_sgd", terse::local_sgd({.period = 3}));
    check("pr_sgd_m", terse::pr_sgd_m({.period = 2}));
}

// A worker's gradient that is not finite changes nothing anywhere.
BOOST_AUTO_TEST_CASE(fail_on_all_ranks_alike) {
    std::vector<double> w(world::dimension, 1), v(w);
    auto run = terse::train(terse::pr_sgd_m({.period = 2}), cluster{.workers = world::workers}, w);
    auto reference = terse::train(terse::pr_sgd_m({.period = 2}), cluster{.workers = world::workers}, v);
    for (int t = 0; t < 6; ++t) {
        BOOST_CHECK_EXCEPTION(run.step(0.1,
                                       [](terse::worker_context at, auto x, auto g) {
                                           world::gradient{}(at, x, g);
                                           if (at.worker == 5) g[7] = std::numeric_limits<double>::quiet_NaN();
                                       }),
                              terse::non_finite_error,
                              [](auto const& e) { return e.worker == 5 && e.coordinate == 7; });
        run.step(0.1, world::gradient{});
        reference.step(0.1, world::gradient{});
        BOOST_TEST((w == v));
        for (std::size_t k = 0; k < run.session().hosted(); ++k)
            BOOST_TEST(std::ranges::equal(run.model(k), reference.model(k)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
