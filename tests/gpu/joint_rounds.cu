// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "joint_rounds.hpp"

#include "host/reference.hpp"
#include "round_counts.cuh"

// Rounds in which workers take together: they have the host's bits, and the launches of one worker.
BOOST_AUTO_TEST_SUITE(joint_rounds_tests)

using namespace terse;
using namespace terse_test;

static_assert(joint_takes<decltype(gmc(top_k{})), counted_device, float>::of_offers);
static_assert(joint_takes<decltype(dgc(top_k{})), counted_device, float>::of_sends);
static_assert(
    joint_takes<decltype(compose(top_k{}, injected_momentum{}, standard_feedback{})), counted_device, float>::of_sends);
static_assert(joint_takes<decltype(gmc(qsgd{})), counted_device, float>::of_offers);
static_assert(joint_takes<decltype(gmc(scaled_sign{})), counted_device, float>::of_offers);
static_assert(joint_takes<decltype(dgc(scaled_sign{})), counted_device, float>::of_sends);

BOOST_AUTO_TEST_CASE(joint_methods_in_float) {
    check_same(joint_methods<counted_device, float>(), on_host<float>::joint_methods());
}
BOOST_AUTO_TEST_CASE(joint_clusters_in_float) {
    check_same(joint_clusters<counted_device, float>(), on_host<float>::joint_clusters());
}
BOOST_AUTO_TEST_CASE(joint_failures_in_float) {
    check_same(joint_failures<counted_device, float>(), on_host<float>::joint_failures());
}
BOOST_AUTO_TEST_CASE(joint_methods_in_double) {
    check_same(joint_methods<counted_device, double>(), on_host<double>::joint_methods());
}

namespace {

std::vector<char const*> const largest{"kernel sample_bound", "kernel collect", "kernel find_digit",
                                       "kernel count_selected", "kernel write_selected"};
std::vector<char const*> const levels{"kernel bucket_units", "kernel round_groups"};
std::vector<char const*> const signs{"kernel collect_signs"};

} // namespace

BOOST_AUTO_TEST_CASE(what_grows_with_the_number_of_workers_does_not_take) {
    takes_once("gmc, momentum spread", gmc({.ratio = 0.01}), {}, largest);
    takes_once("gmc, momentum of few entries", gmc({.ratio = 0.001}), {}, largest);
    takes_once("gmc, dense momentum", gmc({.ratio = 0.1}), {}, largest);      // the mean is dense
    takes_once("gmc_plus", gmc_plus({.ratio = 0.001}), {"combine"}, largest); // points
    takes_once("dgc", dgc({.ratio = 0.001, .factor_masking = false}), {}, largest);
    takes_once("dgc, masked", dgc({.ratio = 0.001}), {}, largest);
    takes_once("qsgd", compose(qsgd{}, no_momentum{}, standard_feedback{}), {}, levels);
    takes_once("qsgd, local momentum", compose(qsgd{}, local_momentum{}, standard_feedback{}), {}, levels);
    takes_once("signs", gmc(scaled_sign{}), {}, signs);
    takes_once("signs, points", gmc_plus(scaled_sign{}), {"combine"}, signs);
    takes_once("signs, local momentum", dgc(scaled_sign{}), {"fill"}, signs); // masks
}

BOOST_AUTO_TEST_CASE(nan_is_looked_for_once) {
    simulated const eight{.workers = 8};
    BOOST_TEST(of(of_a_round(gmc({.ratio = 0.01}), eight), "first_non_finite") == 0u);
    auto const looked = of_a_round(dgc({.ratio = 0.01}), eight);
    BOOST_TEST(of(looked, "first_non_finite") == 0u);
    BOOST_TEST(of(looked, "kernel accumulate") == 1u);
}

BOOST_AUTO_TEST_CASE(entries_are_added_to_each_of_many_vectors) {
    std::vector<buffer<thrust_device, float>> memory;
    std::vector<view<thrust_device, float>> each;
    for (int k = 0; k < 131; ++k)
        memory.push_back(upload<thrust_device>(std::vector<float>(50, static_cast<float>(k))));
    for (auto& y : memory) each.push_back(y);
    auto const indices = upload<thrust_device>(std::vector<index_t>{3, 20, 49});
    auto const values = upload<thrust_device>(std::vector<float>{0.1F, -7, 1e-3F});
    thrust_device::scatter_axpy<float>(0.3F, indices, values, std::span<view<thrust_device, float> const>(each));
    for (int k = 0; k < 131; ++k) {
        auto alone = upload<thrust_device>(std::vector<float>(50, static_cast<float>(k)));
        thrust_device::scatter_axpy<float>(0.3F, indices, values, view<thrust_device, float>(alone));
        BOOST_TEST(download(each[static_cast<std::size_t>(k)]) == download(view<thrust_device, float>(alone)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
