// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <terse/cluster/worker_threads.hpp>
#include <terse/terse.hpp>

BOOST_AUTO_TEST_SUITE(worker_threads_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE(threads_go_to_workers_first) {
    worker_threads const few(3, 8);
    BOOST_TEST(few.at_once() == 3u);
    BOOST_TEST(few.team(2) == nullptr);
    worker_threads const some(7, 4); // not two for each
    BOOST_TEST(some.at_once() == 4u);
    BOOST_TEST(some.team(0) == nullptr);
    worker_threads const many(7, 3);
    BOOST_TEST(many.at_once() == 3u);
    for (unsigned i = 0; i < 3; ++i) {
        BOOST_TEST_REQUIRE(many.team(i) != nullptr);
        BOOST_TEST(many.team(i)->threads() == 2u);
    }
    BOOST_TEST(many.team(0) != many.team(1));
    worker_threads const one(4, 1);
    BOOST_TEST(one.at_once() == 1u);
    BOOST_TEST(one.team(0)->threads() == 4u);
}

BOOST_AUTO_TEST_CASE(sessions_lend_them) {
    BOOST_TEST((simulated{.workers = 1, .threads = 1}.attach().team(0)) == nullptr);
    auto const session = simulated{.workers = 1, .threads = 3}.attach();
    BOOST_TEST(team_of(session, 0)->threads() == 3u);
    BOOST_TEST(team_of(0, 0) == nullptr); // of something without teams
}

namespace {

constexpr std::size_t d = 2 * division::least_part + 4096 + 77; // two parts

enum class numbers { random, few_values, zeros };

template <class Method>
std::vector<float> trained(Method const& method, simulated cluster, numbers kind) {
    std::vector<float> w(d, 1.0F);
    auto run = train(method, cluster, w, {.seed = 3});
    for (int t = 0; t < 2; ++t)
        run.step(0.1, [&](worker_context at, auto, auto g) {
            auto state = at.worker * 977 + at.round * 131 + 1;
            for (std::size_t i = 0; i < d; ++i) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                auto const x = static_cast<float>(static_cast<std::int64_t>(state)) * 0x1p-63F;
                g[i] = kind == numbers::random       ? x
                       : kind == numbers::few_values ? (x < 0 ? -0.5F : 0.25F)
                                                     : (i % 1000 == 0 ? x : 0.0F);
            }
        });
    return w;
}

template <class Method>
void compare(char const* name, Method const& method) {
    for (auto const kind : {numbers::random, numbers::few_values, numbers::zeros}) {
        auto const alone = trained(method, {.workers = 2, .threads = 1}, kind);
        auto const helped = trained(method, {.workers = 2, .threads = 5}, kind);
        BOOST_TEST((std::memcmp(alone.data(), helped.data(), d * sizeof(float)) == 0),
                   name << ", numbers of kind " << static_cast<int>(kind));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(their_number_does_not_change_the_bits) {
    compare("gmc, few entries", gmc({.ratio = 0.001}));
    compare("gmc, many entries", gmc({.ratio = 0.2}));
    compare("dgc", dgc({.ratio = 0.01}));
    compare("random_block", ef_sgd(random_block{.ratio = 0.01}));
    compare("threshold", ef_sgd(threshold{.at_least = 0.9}));
    compare("sampled_top_k", ef_sgd(sampled_top_k{.ratio = 0.01}));
    compare("scaled_sign", ef_sgd(scaled_sign{}));
    compare("qsgd, l2", ef_sgd(qsgd{.bits = 4}));
    compare("qsgd, linf", ef_sgd(qsgd{.bits = 8, .norm = norm::linf, .bucket = 1024}));
    compare("qsgd, one bucket", ef_sgd(qsgd{.bucket = 0}));
    compare("qsgd, odd buckets", ef_sgd(qsgd{.bucket = 100}));
}

BOOST_AUTO_TEST_CASE(the_lowest_coordinate_is_named) {
    auto const check = [](auto const& method, std::size_t first) {
        std::vector<float> w(d, 1.0F);
        auto run = train(method, simulated{.workers = 1, .threads = 2}, w);
        auto const step = [&] {
            run.step(0.1, [&](worker_context, auto x, auto g) {
                std::copy(x.begin(), x.end(), g.begin());
                g[first] = g[d - 3] = std::numeric_limits<float>::quiet_NaN();
            });
        };
        BOOST_CHECK_EXCEPTION(step(), non_finite_error,
                              [&](non_finite_error const& e) { return e.coordinate == first; });
    };
    for (std::size_t const first : {std::size_t{70}, d / 2, d - 50, d - 4}) {
        check(ef_sgd(qsgd{}), first);
        check(ef_sgd(random_block{}), first);
        check(ef_sgd(top_k{}), first);
        check(ef_sgd(scaled_sign{}), first);
    }
}

BOOST_AUTO_TEST_SUITE_END()
