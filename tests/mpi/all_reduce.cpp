// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Sums by MPI: close to the exact ones, the same on all ranks, and refused where messages differ in their coordinates.
#include "mpi/world.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/any_of.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/saef.hpp>

BOOST_AUTO_TEST_SUITE(all_reduce)

namespace {

constexpr auto all_reduce_way = terse::mpi::exchange::all_reduce;

// Another order of a sum of 8 numbers changes it by 7 epsilon of the sum of their magnitudes, which are below 40 here;
// momentum and the step multiply that by lr / (1 - beta) = 0.2 each round, and the problem does not amplify it.
template <class T, class Method>
void check(char const* name, Method const& method, std::size_t chunk = std::size_t{1} << 30) {
    constexpr int rounds = 40;
    std::vector<T> w(world::dimension, T(1)), exact(world::dimension, T(1));
    auto run = terse::train(
        method, terse::mpi::cluster{.workers = world::workers, .exchange = all_reduce_way, .chunk_bytes = chunk}, w);
    auto reference = terse::train(method, terse::simulated{.workers = world::workers}, exact);
    double largest = 0;
    world::hash h;
    for (int t = 0; t < rounds; ++t) {
        run.step(world::rate(t), world::gradient{});
        reference.step(world::rate(t), world::gradient{});
        for (std::size_t i = 0; i < w.size(); ++i)
            largest = std::max(largest, std::abs(static_cast<double>(w[i]) - static_cast<double>(exact[i])));
        for (auto const x : w) h.add(x);
    }
    double const bound = 7 * static_cast<double>(std::numeric_limits<T>::epsilon()) * 40 * 0.2 * rounds;
    BOOST_TEST(largest <= bound, name << ": " << largest << " off, more than " << bound);
    if (world::size() == 1) BOOST_TEST(largest == 0, name);
    BOOST_TEST((run.traffic().total == reference.traffic().total), name);
    std::uint64_t const mine = h.value();
    std::uint64_t smallest = 0, greatest = 0;
    MPI_Allreduce(&mine, &smallest, 1, MPI_UINT64_T, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(&mine, &greatest, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD);
    BOOST_TEST(smallest == greatest, name << ": the ranks differ");
    if (world::rank() == 0) std::printf("%-24s off by at most %.2g\n", name, largest);
}

} // namespace

BOOST_AUTO_TEST_CASE(is_close_to_the_exact_sum) {
    check<double>("dmsgd", terse::dmsgd());
    check<float>("dmsgd, float", terse::dmsgd());
    check<double>("dmsgd, in chunks", terse::dmsgd(), 100);
    check<double>("gmc, random_block", terse::gmc(terse::random_block{.ratio = 0.2}));
    check<double>("gmc, random_k", terse::gmc(terse::random_k{.ratio = 0.2}));
    check<float>("saef, random_block", terse::saef(terse::random_block{.ratio = 0.2}, {.period = 3}));
    terse::layout const layout({{"weights", 15, 10}, {"bias", 23, 1}});
    check<double>("gmc, per_segment", terse::gmc(terse::per_segment<terse::random_k>{
                                          .inner = {.ratio = 0.3}, .layout = layout, .dense_below = 30}));
    using any = terse::any_of<terse::identity, terse::top_k, terse::random_block>;
    check<double>("gmc, any_of", terse::gmc(any(terse::random_block{.ratio = 0.2})));
}

BOOST_AUTO_TEST_CASE(needs_the_same_coordinates) {
    auto const refuses = [](auto const& method) {
        std::vector<double> w(world::dimension, 1);
        auto run = terse::train(method, terse::mpi::cluster{.workers = world::workers, .exchange = all_reduce_way}, w);
        BOOST_CHECK_EXCEPTION(run.step(0.1, world::gradient{}), terse::configuration_error,
                              [](auto const& e) { return world::contains(e.what(), "the same coordinates"); });
    };
    refuses(terse::gmc(terse::top_k{.ratio = 0.1}));
    refuses(terse::gmc(terse::random_k{.ratio = 0.1, .shared_support = false}));
    refuses(terse::ef_sgd(terse::composed<terse::top_k, terse::qsgd>{}));
}

BOOST_AUTO_TEST_SUITE_END()
