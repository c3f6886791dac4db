// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <algorithm>
#include <cmath>

#include <terse/compressor/qsgd.hpp>
#include <terse/error.hpp>

BOOST_AUTO_TEST_SUITE(qsgd_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_on_the_grid_are_sent_as_they_are, T, checks::scalars) {
    std::vector<T> const v{7, -7, 0, 3, -1, -T(0), 5, 6};
    qsgd const c{.bits = 4, .norm = terse::norm::linf, .bucket = 0};
    for (std::uint64_t round = 0; round < 100; ++round) BOOST_TEST((checks::compressed(c, v, round).decoded == v));
}

// E ||C(v) - v||^2 = (norm / s)^2 sum f (1 - f), f being the fractions of s |v_i| / norm.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_variance_is_as_stated, T, checks::scalars) {
    constexpr std::size_t d = 100;
    for (std::uint32_t const s : {1u, 3u, 20u}) {
        auto const v = testing::normal_vector<T>(d, s);
        double const norm = std::sqrt(checks::squared(v));
        double expected = 0;
        for (auto const x : v) {
            double const r = s * std::fabs(static_cast<double>(x)) / norm;
            expected += (r - std::floor(r)) * (1 - r + std::floor(r)) * norm * norm / s / s;
        }
        testing::average lost;
        for (std::uint64_t round = 0; round < 4000; ++round)
            lost.add(checks::squared_distance(checks::compressed(qsgd{.levels = s, .bucket = 0}, v, round).decoded, v));
        BOOST_TEST(std::fabs(lost.mean() - expected) < 5 * lost.error());
    }
}

// The same for the largest magnitude, bucket by bucket.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_variance_with_the_largest_magnitude_is_as_stated, T, checks::scalars) {
    constexpr std::size_t d = 100, bucket = 30;
    auto const v = testing::normal_vector<T>(d, 11);
    for (std::uint32_t const s : {1u, 7u}) {
        double expected = 0;
        for (std::size_t first = 0; first < d; first += bucket) {
            double norm = 0;
            auto const end = std::min(d, first + bucket);
            for (auto i = first; i < end; ++i) norm = std::fmax(norm, std::fabs(static_cast<double>(v[i])));
            for (auto i = first; i < end; ++i) {
                double const r = s * std::fabs(static_cast<double>(v[i])) / norm;
                expected += (r - std::floor(r)) * (1 - r + std::floor(r)) * norm * norm / s / s;
            }
        }
        qsgd const c{.levels = s, .norm = terse::norm::linf, .bucket = bucket};
        testing::average lost;
        for (std::uint64_t round = 0; round < 4000; ++round)
            lost.add(checks::squared_distance(checks::compressed(c, v, round).decoded, v));
        BOOST_TEST(std::fabs(lost.mean() - expected) < 5 * lost.error());
    }
}

// A number of two thirds of the unit among zeros: omega is attained at sparse vectors, not exceeded.
BOOST_AUTO_TEST_CASE(each_bucket_has_its_own_norm) {
    std::vector<float> v(130, 0.0F);
    v[3] = 1;
    v[70] = 1000;
    auto const t = checks::compressed(qsgd{.bucket = 64}, v);
    BOOST_TEST(std::fabs(t.decoded[3] - 1) < 1e-6F);
    BOOST_TEST(t.out.units.size() == 3u);
    BOOST_TEST(t.out.units[2] == 0.0F);
}

BOOST_AUTO_TEST_CASE(what_is_drawn_depends_on_worker_and_round) {
    auto const v = testing::normal_vector<float>(500, 1);
    qsgd const c{.bits = 4};
    auto const first = checks::compressed(c, v, 7, 1);
    BOOST_TEST((first.decoded == checks::compressed(c, v, 7, 1).decoded));
    BOOST_TEST((first.decoded != checks::compressed(c, v, 8, 1).decoded));
    BOOST_TEST((first.decoded != checks::compressed(c, v, 7, 2).decoded));
}

BOOST_AUTO_TEST_CASE(sizes) {
    for (std::size_t d = 1; d < 200; ++d) {
        auto const v = testing::normal_vector<float>(d, 3);
        BOOST_TEST(checks::compressed(qsgd{.bits = 5, .bucket = 50}, v).out.bytes() ==
                   32 + 10 + (d + 49) / 50 * 4 + (d * 5 + 7) / 8);
    }
    // A zero takes a bit in Elias' code, and s = 1 two more for what is not zero, and its sign.
    std::vector<float> v(800, 0.0F);
    v[5] = v[6] = 1;
    qsgd const c{.levels = 1, .norm = terse::norm::linf, .bucket = 0, .coding = level_coding::elias};
    BOOST_TEST(checks::compressed(c, v).out.bytes() == 32 + 10 + 4 + 101);
}

BOOST_AUTO_TEST_CASE(bad_options) {
    checks::refuses<configuration_error>(qsgd{.bits = 1}, 5, "qsgd");
    checks::refuses<configuration_error>(qsgd{.bits = 17}, 5, "qsgd");
    checks::refuses<configuration_error>(qsgd{.levels = 32768}, 5, "qsgd");
    checks::refuses<configuration_error>(qsgd{.norm = terse::norm::given}, 5, "qsgd");
}

BOOST_AUTO_TEST_SUITE_END()
