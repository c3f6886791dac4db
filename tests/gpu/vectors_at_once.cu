// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "device.cuh"
#include "examples.cuh"

// What is done to vectors of several workers in launches that they share.
BOOST_AUTO_TEST_SUITE(vectors_at_once)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;
using device = thrust_device;

} // namespace

BOOST_AUTO_TEST_CASE(each_is_filled_where_its_own_indices_are) {
    std::vector<buffer<device, float>> memory;
    std::vector<buffer<device, index_t>> indices;
    std::vector<coordinates_of<device, float>> all;
    std::vector<outcome> here, there;
    for (std::size_t k = 0; k < 40; ++k) {
        std::vector<index_t> mine;
        for (index_t i = k; k % 5 != 3 && i < 1000; i += 1 + k) mine.push_back(i);
        std::vector<float> x(1000, 7.0F);
        memory.push_back(upload<device>(x));
        indices.push_back(upload<device>(mine));
        for (auto const i : mine) x[i] = -0.5F;
        there.push_back(make_outcome("vector " + std::to_string(k), x));
    }
    for (std::size_t k = 0; k < 40; ++k) all.push_back({memory[k], indices[k]});
    BOOST_TEST(counting_launcher::count([&] { verbs::scatter_fill_each<float>(all, -0.5F); }) == 1u);
    for (std::size_t k = 0; k < 40; ++k)
        here.push_back(make_outcome("vector " + std::to_string(k), download(all[k].y)));
    check_same(here, there);
}

BOOST_AUTO_TEST_CASE(nobody_says_nothing) {
    buffer<device, float> nothing;
    coordinates_of<device, float> const no_coordinates{nothing, {}};
    auto const launches = counting_launcher::count([&] {
        verbs::scatter_fill_each<float>({}, 0.0F);
        verbs::scatter_fill_each<float>(std::span(&no_coordinates, 1), 0.0F);
    });
    BOOST_TEST(launches == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
