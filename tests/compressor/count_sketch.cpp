// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/cluster/solo.hpp>
#include <terse/compressor/count_sketch.hpp>
#include <terse/loop/train.hpp>
#include <terse/method/fetch_sgd.hpp>

#include "oracle/random_run.hpp"

namespace {

using cpu = terse::cpu;
using message = terse::sketch_message<cpu, double>;

std::vector<double> laplace(std::size_t d, std::uint64_t seed) {
    std::vector<double> x(d);
    for (std::size_t i = 0; i < d; ++i)
        x[i] = (oracle::uniform({seed, i, 1}) < 0.5 ? -1 : 1) * std::log(1 - oracle::uniform({seed, i}));
    return x;
}

message sketch_of(terse::count_sketch const& c, std::vector<double> v, std::uint64_t seed) {
    message m;
    c.sketch(1.0, terse::view<cpu, double const>(), 1.0, terse::view<cpu, double>(v.data(), v.size()), c.plan(seed), m);
    return m;
}

std::vector<double> estimates(terse::count_sketch const& c, message const& m, std::uint64_t seed) {
    std::vector<double> y(m.size);
    cpu::estimate_from_sketch(terse::view<cpu, double const>(m.values), c.plan(seed),
                              terse::view<cpu, double>(y.data(), y.size()));
    return y;
}

} // namespace

BOOST_AUTO_TEST_SUITE(count_sketch)

BOOST_AUTO_TEST_CASE(is_linear) {
    for (auto const how : {terse::sketch_hashing::blocks, terse::sketch_hashing::classic}) {
        terse::count_sketch const c{.rows = 3, .columns = 48, .hashing = how};
        auto const x = laplace(1000, 1), y = laplace(1000, 2);
        auto z = x;
        for (std::size_t i = 0; i < z.size(); ++i) z[i] = 2 * x[i] + y[i];
        auto const a = sketch_of(c, x, 5), b = sketch_of(c, y, 5), sum = sketch_of(c, z, 5);
        for (std::size_t j = 0; j < sum.values.size(); ++j)
            BOOST_TEST(std::fabs(2 * a.values[j] + b.values[j] - sum.values[j]) < 1e-10);
    }
}

// The error of a row is ||v||_2 / sqrt(columns), root mean square, and the median of five is closer; with blocks as
// with the classic hash.
BOOST_AUTO_TEST_CASE(errs_as_the_classic_sketch_does) {
    constexpr std::size_t d = 20'000, columns = 800;
    double errors[2][2]{}; // by hashing: root mean square, 99.9 %
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        auto const v = laplace(d, seed);
        double norm = 0;
        for (double const x : v) norm += x * x;
        for (int how = 0; how < 2; ++how) {
            for (std::size_t const rows : {1u, 5u}) {
                terse::count_sketch const c{.rows = rows, .columns = columns, .hashing = terse::sketch_hashing(how)};
                auto const y = estimates(c, sketch_of(c, v, seed), seed);
                std::vector<double> off(d);
                double square = 0;
                for (std::size_t i = 0; i < d; ++i) off[i] = std::fabs(y[i] - v[i]), square += off[i] * off[i] / d;
                if (rows == 1) {
                    BOOST_TEST(std::fabs(square / (norm / columns) - 1) < 0.15); // a deviation is about 3 %
                    continue;
                }
                std::nth_element(off.begin(), off.begin() + d / 1000, off.end(), std::greater<>());
                errors[how][0] += std::sqrt(square / (norm / columns)) / 20;
                errors[how][1] += off[d / 1000] / std::sqrt(norm / columns) / 20;
            }
        }
    }
    BOOST_TEST(errors[1][0] < 0.6); // the median of five normal numbers: 0.536
    BOOST_TEST(std::fabs(errors[0][0] / errors[1][0] - 1) < 0.03);
    BOOST_TEST(std::fabs(errors[0][1] / errors[1][1] - 1) < 0.05);
}

BOOST_AUTO_TEST_CASE(finds_heavy_hitters_and_the_norm) {
    for (auto const how : {terse::sketch_hashing::blocks, terse::sketch_hashing::classic}) {
        terse::count_sketch const c{.rows = 5, .columns = 960, .hashing = how};
        auto v = laplace(10'000, 3);
        std::vector<std::size_t> const heavy{0, 17, 4000, 9999};
        for (auto const i : heavy) v[i] = i % 2 == 0 ? 60 : -70;
        auto const m = sketch_of(c, v, 8);
        terse::sparse_message<cpu, double> found;
        terse::scratch<cpu> temporary;
        terse::count_sketch::heavy_hitters(m, c.plan(8), 4, found, temporary);
        for (std::size_t j = 0; j < 4; ++j) {
            BOOST_TEST(found.indices[j] == heavy[j]);
            BOOST_TEST(std::fabs(found.values[j] - v[heavy[j]]) < 20);
        }
        double norm = 0;
        for (double const x : v) norm += x * x;
        BOOST_TEST(std::fabs(terse::count_sketch::norm(m) / std::sqrt(norm) - 1) < 0.1);
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_median_or_does_not_fit) {
    using terse::configuration_error;
    for (std::size_t const rows : {0u, 2u, 4u, 256u, 257u})
        BOOST_CHECK_THROW((terse::count_sketch{.rows = rows}.validate(10)), configuration_error);
    BOOST_CHECK_THROW((terse::count_sketch{.columns = 0}.validate(10)), configuration_error);
    BOOST_CHECK_THROW((terse::count_sketch{.columns = 100}.validate(10)), configuration_error);
    terse::count_sketch{.rows = 255, .columns = 100, .hashing = terse::sketch_hashing::classic}.validate(10);
    std::vector<float> w(10);
    BOOST_CHECK_THROW(terse::train(terse::fetch_sgd({.table = {.rows = 2}}), terse::solo{}, w), configuration_error);
    BOOST_CHECK_THROW(terse::train(terse::fetch_sgd({.count = 11}), terse::solo{}, w), configuration_error);
    BOOST_CHECK_THROW(terse::train(terse::fetch_sgd({.rho = 1.5}), terse::solo{}, w), configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
