// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <type_traits>

#include <terse/compressor/top_k.hpp>
#include <terse/feedback/detached_feedback.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/global_momentum.hpp>
#include <terse/work/local_steps.hpp>

BOOST_AUTO_TEST_SUITE(compose_tests)

BOOST_AUTO_TEST_CASE(keeps_what_it_is_given) {
    auto const m = terse::compose(terse::top_k{.count = 7}, terse::global_momentum{.beta = 0.5},
                                  terse::detached_feedback{.lambda = 0.25}, terse::top_k{.count = 3},
                                  terse::local_steps{.count = 4});
    BOOST_TEST(m.compressor.count == 7u);
    BOOST_TEST((m.momentum.beta == terse::schedule(0.5)));
    BOOST_TEST((m.feedback.lambda == terse::schedule(0.25)));
    BOOST_TEST(m.downlink.count == 3u);
    BOOST_TEST(m.work.count == 4u);
    BOOST_TEST(m.clip.norm == 0);
    BOOST_TEST(m.decay.rate == 0);
}

BOOST_AUTO_TEST_CASE(by_default_the_broadcast_is_whole_and_the_work_one_gradient) {
    auto const m = terse::compose(terse::top_k{}, terse::global_momentum{}, terse::no_feedback{});
    static_assert(std::is_same_v<decltype(m.downlink), terse::uncompressed>);
    static_assert(std::is_same_v<decltype(m.work), terse::one_gradient>);
    m.validate(100);
    BOOST_CHECK_THROW(m.validate(0), terse::dimension_error);
}

BOOST_AUTO_TEST_SUITE_END()
