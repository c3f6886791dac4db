// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "adjusted_rounds.hpp"

#include "host/reference.hpp"
#include "round_counts.cuh"

// What is done for all workers before and after they take: they have the host's bits, and the launches of one worker.
BOOST_AUTO_TEST_SUITE(adjusted_rounds_tests)

using namespace terse;
using namespace terse_test;

BOOST_AUTO_TEST_CASE(adjusted_methods_in_float) {
    check_same(adjusted_methods<counted_device, float>(), on_host<float>::adjusted_methods());
}
BOOST_AUTO_TEST_CASE(adjusted_methods_in_double) {
    check_same(adjusted_methods<counted_device, double>(), on_host<double>::adjusted_methods());
}
BOOST_AUTO_TEST_CASE(adjusted_failures_in_float) {
    check_same(adjusted_failures<counted_device, float>(), on_host<float>::adjusted_failures());
}

// Looked at, clipped, decayed, measured.
BOOST_AUTO_TEST_CASE(gradients_are_adjusted_once) {
    auto const adjusts_once = [](char const* name, auto method, std::vector<char const*> const& kernels,
                                 std::size_t accumulates, std::vector<std::string> const& grows = {}) {
        takes_once(name, method, grows, kernels);
        BOOST_TEST(of(of_a_round(method, {.workers = 8}), "kernel accumulate") == accumulates, name);
    };
    auto clipped = gmc({.ratio = 0.001});
    clipped.clip = {.norm = 0.01};
    std::vector<char const*> const norms{"kernel squares_of_blocks"};
    adjusts_once("gmc, clipped", clipped, norms, 1);
    adjusts_once("dgc, clipped", dgc({.ratio = 0.001, .clip_norm = 0.01}), norms, 1); // NaN is in the norms too
    clipped.clip = {.norm = 1e9};
    adjusts_once("gmc, clipped in vain", clipped, norms, 0);
    clipped.decay = {.rate = 0.1};
    adjusts_once("gmc, clipped and decayed", clipped, norms, 1);
    auto decayed = dgc({.ratio = 0.001});
    decayed.decay = {.rate = 0.1};
    adjusts_once("dgc, decayed", decayed, {"kernel collect"}, 2); // looked at before
    auto detached = gmc_plus({.ratio = 0.001});
    detached.clip = {.norm = 0.01};
    adjusts_once("gmc_plus, clipped", detached, norms, 1, {"combine"});
    detached.decay = {.rate = 0.1}; // at a point that is gone then
    auto const each = of_a_round(detached, {.workers = 8});
    for (auto const* verb : {"first_non_finite", "sum_of_squares", "axpy"}) BOOST_TEST(of(each, verb) == 8u, verb);
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_forgotten_once) {
    takes_once("dgc", dgc({.ratio = 0.001}), {}, {"kernel fill_coordinates"});
    BOOST_TEST(of(of_a_round(dgc({.ratio = 0.001}), {.workers = 8}), "scatter_fill") == 0u);
}

BOOST_AUTO_TEST_CASE(gradients_that_are_not_finite_are_not_measured) {
    for (bool const clips : {false, true}) {
        auto method = dgc({.ratio = 0.01});
        method.clip = {.norm = clips ? 1.0 : 0.0};
        auto w = upload<counted_device>(std::vector<float>(100, 1.0F));
        auto run = train(method, simulated{.workers = 3}, view<counted_device, float>(w),
                         {.on_non_finite = non_finite::skip_round});
        run.measure_health();
        auto const good = quadratics{100}.gradient<counted_device, float>(3);
        run.step(0.1, good);
        run.step(0.1, [&](worker_context at, view<counted_device, float const> x, view<counted_device, float> g) {
            good(at, x, g);
            if (at.worker == 1) counted_device::fill(g, std::numeric_limits<float>::quiet_NaN());
        });
        BOOST_TEST(run.round() == 2u);
        BOOST_TEST(std::isfinite(run.health().gradient_norm));
    }
}

BOOST_AUTO_TEST_SUITE_END()
