// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "device.cuh"
#include "host/reference.hpp"
#include "states.hpp"

BOOST_AUTO_TEST_SUITE(checkpoints)

using terse::thrust_device;
using namespace terse_test;

BOOST_AUTO_TEST_CASE(are_those_of_the_host) {
    auto const here = every_state<thrust_device, float>();
    check_same(here, on_host<float>::every_state());
    std::size_t straight = 0;
    for (std::size_t i = 1; i < here.size(); ++i)
        if (here[i].what.ends_with(", straight")) {
            BOOST_TEST((here[i].bits == here[i - 1].bits), here[i].what);
            ++straight;
        }
    BOOST_TEST(straight > 30u);
}

BOOST_AUTO_TEST_CASE(that_do_not_fit_change_nothing) {
    auto const gradient = quadratics{40}.gradient<thrust_device, float>(3);
    auto w = upload<thrust_device>(std::vector<float>(40, 1.0f));
    auto run =
        terse::train(terse::gmc({.ratio = 0.1}), terse::simulated{.workers = 3}, terse::view<thrust_device, float>(w));
    run.step(0.1, gradient);
    auto bytes = terse::save_state(run, "");
    run.step(0.1, gradient);
    auto const before = download(run.w());
    bytes[bytes.size() / 2] ^= std::byte{4};
    BOOST_CHECK_THROW(terse::load_state(run, bytes, ""), terse::checkpoint_error);
    BOOST_TEST(download(run.w()) == before);
    bytes[bytes.size() / 2] ^= std::byte{4};
    terse::load_state(run, bytes, "");
    BOOST_TEST(download(run.w()) != before);
    run.step(0.1, gradient);
    BOOST_TEST(download(run.w()) == before);
}

BOOST_AUTO_TEST_SUITE_END()
