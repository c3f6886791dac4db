// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <span>
#include <utility>
#include <vector>

#include <terse/cluster/concept.hpp>
#include <terse/cluster/simulated.hpp>
#include <terse/cluster/solo.hpp>

BOOST_AUTO_TEST_SUITE(simulated_tests)

using namespace terse;

static_assert(Cluster<simulated, cpu, float> && Cluster<simulated, cpu, double>);
static_assert(Cluster<solo, cpu, float> && Cluster<solo, cpu, double>);

BOOST_AUTO_TEST_CASE(all_workers_are_hosted) {
    auto session = simulated{.workers = 5, .threads = 2}.attach();
    BOOST_TEST(session.workers() == 5u);
    BOOST_TEST(session.first() == 0u);
    BOOST_TEST(session.hosted() == 5u);
    BOOST_TEST(session.threads() == 2u);
    BOOST_TEST(session.in_flight() == 5u);
    BOOST_TEST(session.at_once() == 2u);
}

BOOST_AUTO_TEST_CASE(solo_is_one_worker) {
    auto session = solo{}.attach();
    BOOST_TEST(session.workers() == 1u);
    BOOST_TEST(session.hosted() == 1u);
    BOOST_TEST(session.threads() == 1u);
    BOOST_TEST(session.in_flight() == 1u);
}

BOOST_AUTO_TEST_CASE(no_more_threads_or_gradients_than_workers) {
    BOOST_TEST((simulated{.workers = 3, .threads = 16}.attach().threads()) == 3u);
    BOOST_TEST((simulated{.workers = 3, .gradients_in_flight = 16}.attach().in_flight()) == 3u);
    BOOST_TEST((simulated{.workers = 3, .gradients_in_flight = 2}.attach().in_flight()) == 2u);
}

BOOST_AUTO_TEST_CASE(nobody_is_refused) {
    BOOST_CHECK_THROW(simulated{.workers = 0}.attach(), configuration_error);
    BOOST_CHECK_THROW((simulated{.workers = 1, .threads = 0}.attach()), configuration_error);
}

BOOST_AUTO_TEST_CASE(messages_are_exchanged_in_worker_order) {
    auto session = simulated{.workers = 4, .threads = 2}.attach();
    std::vector<int> messages(4);
    session.for_each(4, [&](std::size_t i, unsigned) { messages[i] = static_cast<int>(10 * i); });
    std::vector<int> got;
    session.exchange(std::span(messages), [&](std::span<int const> all) { got.assign(all.begin(), all.end()); });
    BOOST_TEST((got == std::vector<int>{0, 10, 20, 30}));
}

BOOST_AUTO_TEST_CASE(agree_passes_the_lowest_exception_on) {
    auto session = simulated{.workers = 4, .threads = 3}.attach();
    for (int repeat = 0; repeat < 20; ++repeat)
        BOOST_CHECK_EXCEPTION(session.agree(4,
                                            [](std::size_t i, unsigned) {
                                                if (i > 0) throw i;
                                            }),
                              std::size_t, [](std::size_t i) { return i == 1; });
}

BOOST_AUTO_TEST_CASE(a_session_can_be_moved) {
    auto session = simulated{.workers = 4, .threads = 2}.attach();
    auto moved = std::move(session);
    std::vector<int> calls(4);
    moved.for_each(4, [&](std::size_t i, unsigned) { ++calls[i]; });
    BOOST_TEST((calls == std::vector<int>(4, 1)));
}

BOOST_AUTO_TEST_SUITE_END()
