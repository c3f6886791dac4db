// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Compressors that talk while they compress: the same bits and bytes on ranks, and with a server on one of them; sums
// by MPI_Allreduce are close.
#include "mpi/same_bits.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "oracle/all_methods.hpp"

BOOST_AUTO_TEST_SUITE(conference)

namespace {

using terse::mpi::exchange;

template <class F>
void for_each_method(F f) {
    oracle::for_each_talking_method(world::dimension, f);
}

} // namespace

BOOST_AUTO_TEST_CASE(has_the_same_bits) {
    for_each_method([](char const* name, auto const& method) { world::same_bits<float>(name, "-", method); });
}

BOOST_AUTO_TEST_CASE(has_the_same_bits_with_one_server) {
    for_each_method([](char const* name, auto const& method) {
        auto const alone = world::trajectory<double>(method, terse::simulated{.workers = world::workers});
        auto const served = world::trajectory<double>(
            method, terse::mpi::cluster{
                        .workers = world::workers, .exchange = exchange::parameter_server, .chunk_bytes = 1000});
        BOOST_TEST((served == alone), name << " on rank " << world::rank());
    });
}

BOOST_AUTO_TEST_CASE(is_close_when_mpi_adds_up) {
    for_each_method([](char const* name, auto const& method) {
        std::vector<double> w(world::dimension, 1), exact(world::dimension, 1);
        auto run =
            terse::train(method, terse::mpi::cluster{.workers = world::workers, .exchange = exchange::all_reduce}, w);
        auto reference = terse::train(method, terse::simulated{.workers = world::workers}, exact);
        double largest = 0;
        for (int t = 0; t < 10; ++t) {
            run.step(world::rate(t), world::gradient{});
            reference.step(world::rate(t), world::gradient{});
            for (std::size_t i = 0; i < w.size(); ++i) largest = std::max(largest, std::abs(w[i] - exact[i]));
        }
        BOOST_TEST(largest < 1e-9, name << ": " << largest);
        BOOST_TEST((run.traffic().total == reference.traffic().total), name);
    });
}

BOOST_AUTO_TEST_SUITE_END()
