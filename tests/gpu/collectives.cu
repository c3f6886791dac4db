// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <terse/loop/collectives.hpp>

#include "counted_device.cuh"

// What compressors that talk add up among workers, at once.
BOOST_AUTO_TEST_SUITE(collectives_tests)

using namespace terse;
using namespace terse_test;

namespace {

using numbers = std::vector<float>;

numbers noise(std::size_t d, std::uint32_t worker) {
    numbers x(d);
    random_stream const random(3, purpose::user, worker);
    for (std::size_t i = 0; i < d; ++i) // the sum of many -0 is -0 from the first on, and +0 from +0 on
        x[i] = i % 5 == 0 ? -0.0F : static_cast<float>(random.normal(i));
    return x;
}

} // namespace

BOOST_AUTO_TEST_CASE(means_are_one_launch_for_many_workers) {
    constexpr std::size_t d = 1003;
    for (std::uint32_t const n : {1u, 2u, 8u, 130u}) {
        auto session = simulated{.workers = n}.attach();
        std::vector<dense_message<counted_device, float>> messages(n);
        auto wanted = noise(d, 0);
        for (std::uint32_t k = 0; k < n; ++k) {
            auto const x = noise(d, k);
            messages[k].values = upload<counted_device>(x);
            for (std::size_t i = 0; k > 0 && i < d; ++i) wanted[i] += x[i];
        }
        for (auto& x : wanted) x *= 1.0F / static_cast<float>(n);
        traffic_account traffic;
        collectives<simulated_session, counted_device, float> cluster(
            session, {}, {}, {.seed = 1, .round = 0, .worker = shared_by_all, .workers = n}, {}, true, traffic);
        dense_message<counted_device, float> mean;
        start_counts::take();
        cluster.reduce(std::span(messages), mean);
        auto const started = start_counts::take();
        auto const name = "mean of " + std::to_string(n);
        check_same({make_outcome(name, download(view<counted_device, float const>(mean.values)))},
                   {make_outcome(name, wanted)});
        BOOST_TEST(started.count("axpy") == 0u);
        BOOST_TEST(started.count("scale") == 0u);
        BOOST_TEST(started.count("kernel sum_of_terms") == (n > 1 ? 1u : 0u));
        if (n > 1) BOOST_TEST(started.at("kernel sum_of_terms") == (n > 129 ? 2u : 1u));
    }
}

BOOST_AUTO_TEST_SUITE_END()
