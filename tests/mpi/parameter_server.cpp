// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// One rank is the server: the same bits as without one, and what it broadcasts is what travels down.
#include "mpi/world.hpp"

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/saef.hpp>

BOOST_AUTO_TEST_SUITE(parameter_server)

namespace {

using terse::mpi::cluster;
constexpr auto server = terse::mpi::exchange::parameter_server;

template <class T, class Method>
void check(char const* name, Method const& method, int rounds = 30) {
    auto const alone = world::trajectory<T>(method, terse::simulated{.workers = world::workers}, rounds);
    for (std::size_t const chunk : {std::size_t{1} << 30, std::size_t{1000}})
        BOOST_TEST(
            (world::trajectory<T>(method, cluster{.workers = world::workers, .exchange = server, .chunk_bytes = chunk},
                                  rounds) == alone),
            name << " in chunks of " << chunk << " on rank " << world::rank());
}

template <class C>
void check_all(char const* name, C const& c) {
    check<double>(name, terse::gmc(c));                    // the update travels as it is
    check<double>(name, terse::gmc_server(c));             // with the server's momentum
    check<double>(name, terse::saef_dc(c, {.period = 3})); // compressed, and the mean residual travels too
}

/// Fails where the server compresses.
struct failing_downlink {
    template <class B, class T>
    using message = terse::sparse_message<B, T>;
    template <class B, class T>
    void compress(terse::input<B, T> in, terse::sparse_message<B, T>& out, terse::context<B> at) const {
        if (at.worker == terse::shared_by_all && at.round == 3 && world::rank() == 0)
            throw std::runtime_error("no more room");
        terse::top_k{.count = 3}.compress(in, out, at);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(gives_the_same_bits) {
    check<float>("dmsgd", terse::dmsgd());
    check_all("identity", terse::identity{});
    check_all("top_k", terse::top_k{.ratio = 0.05});
    check_all("top_k, dense sums", terse::top_k{.ratio = 0.2}); // travel as a bitmap
    check_all("random_k shared", terse::random_k{.ratio = 0.05});
    check_all("random_k own", terse::random_k{.ratio = 0.05, .shared_support = false});
    check_all("random_block", terse::random_block{.ratio = 0.1});
    check_all("scaled_sign", terse::scaled_sign{});
    check_all("blockwise", terse::blockwise<terse::top_k>{.inner = {.ratio = 0.1}, .size = 50});
    terse::layout const layout({{"weights", 15, 10}, {"bias", 23, 1}});
    check_all("per_segment",
              terse::per_segment<terse::random_k>{.inner = {.ratio = 0.1}, .layout = layout, .dense_below = 30});
}

BOOST_AUTO_TEST_CASE(fails_on_all_ranks) {
    auto method = terse::saef_dc(terse::top_k{.count = 5});
    auto const failing = terse::compose(method.compressor, method.momentum, method.feedback, failing_downlink{});
    std::vector<double> w(world::dimension, 1);
    auto run = terse::train(failing, cluster{.workers = world::workers, .exchange = server}, w);
    for (int t = 0; t < 3; ++t) run.step(0.1, world::gradient{});
    BOOST_CHECK_EXCEPTION(run.step(0.1, world::gradient{}), terse::mpi::worker_failed, [](auto const& e) {
        return e.worker == terse::shared_by_all && world::contains(e.what(), "the server on rank 0, round 3: no more");
    });
    BOOST_CHECK_THROW(run.step(0.1, world::gradient{}), terse::error);
}

BOOST_AUTO_TEST_CASE(is_there_for_all_ranks_or_none) {
    if (world::size() == 1) return;
    BOOST_CHECK_EXCEPTION(
        void(cluster{.exchange = world::rank() == 1 ? server : terse::mpi::exchange::collective}.attach()),
        terse::configuration_error,
        [](auto const& e) { return world::contains(e.what(), "way of exchange: rank 0 has 0, rank 1 has 1"); });
}

BOOST_AUTO_TEST_SUITE_END()
