// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// NCCL's own sums: the same run up to rounding, the same bits on all ranks, the same account.
#include <algorithm>
#include <cmath>
#include <string>

#include "same_bits.hpp"

BOOST_AUTO_TEST_SUITE(all_reduce)

using namespace terse;
using namespace terse_test;

namespace {

template <class T, class Method>
void check_close(std::string const& name, Method const& method) {
    auto const run = [&](auto const& cluster) { return trajectory<thrust_device, T>(method, few, rounds, cluster); };
    auto const simulated = run(terse::simulated{.workers = 5});
    std::vector<std::vector<double>> by_rank(5);
    auto const thrown = emulated_nccl::on_ranks(5, [&](int rank, ncclComm_t comm) {
        by_rank[static_cast<std::size_t>(rank)] =
            run(nccl::cluster{.comm = comm, .exchange = nccl::exchange::all_reduce});
    });
    for (auto const& e : thrown)
        if (e) std::rethrow_exception(e);
    auto const account = few * rounds; // its three numbers come after the iterates
    double off = 0;
    for (std::size_t i = 0; i < simulated.size(); ++i)
        if (i < account || i >= account + 3) off = std::max(off, std::abs(simulated[i] - by_rank[0][i]));
    BOOST_TEST(off < 100 * static_cast<double>(std::numeric_limits<T>::epsilon()), name << " is off by " << off);
    for (std::size_t i = account; i < account + 3; ++i) BOOST_TEST(by_rank[0][i] == simulated[i], name);
    for (auto const& r : by_rank) BOOST_TEST((r == by_rank[0]), name);
}

/// A block of ten coordinates, on each worker another one.
struct own_block {
    template <class B, class T>
    using message = block_message<B, T>;
    template <class B, class T>
    void compress(input<B, T> in, block_message<B, T>& out, context<B> at) const {
        out.reset(in.size(), 10 * at.worker, 10);
        B::copy(in.part(10 * at.worker, 10), view<B, T>(out.values));
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(messages_of_the_same_coordinates) {
    check_close<double>("dmsgd", dmsgd());
    check_close<float>("dmsgd, float", dmsgd());
    check_close<double>("gmc, random_block", gmc(random_block{.ratio = 0.3}));
    check_close<double>("gmc, random_k", gmc(random_k{.ratio = 0.3}));
    check_close<float>("saef, random_block", saef(random_block{.ratio = 0.3}, {.period = 2}));
    check_close<double>("gmc, any_of", gmc(any_of<random_k, identity>{random_k{.ratio = 0.3}}));
    check_close<double>("gmc, per_segment",
                        gmc(per_segment<random_block>{.inner = {.ratio = 0.3}, .layout = oracle::some_matrices(few)}));
    check_close<double>("power_sgd", power_sgd_momentum(oracle::some_matrices(few)));
    check_close<double>("fetch_sgd", fetch_sgd({.ratio = 0.1, .table = {.rows = 3, .columns = 48}}));
    check_close<double>("slowmo", slowmo({.period = 2}));
}

BOOST_AUTO_TEST_CASE(others_are_refused_on_all_ranks) {
    auto const refused = [](auto const& method) {
        auto const thrown = emulated_nccl::on_ranks(3, [&](int, ncclComm_t comm) {
            trajectory<thrust_device, float>(method, few, 1,
                                             nccl::cluster{.comm = comm, .exchange = nccl::exchange::all_reduce});
        });
        for (auto const& e : thrown) {
            BOOST_TEST_REQUIRE((e != nullptr));
            BOOST_CHECK_EXCEPTION(std::rethrow_exception(e), configuration_error, [](auto const& error) {
                return std::string(error.what()).starts_with("nccl: all_reduce needs messages that have the same");
            });
        }
    };
    refused(gmc({.ratio = 0.1}));
    refused(sign_sgd());
    refused(gmc(any_of<top_k, scaled_sign>{top_k{.ratio = 0.1}}));
    refused(ef_sgd(composed<top_k, qsgd>{}));
    refused(ef_sgd(own_block{}));
}

BOOST_AUTO_TEST_SUITE_END()
