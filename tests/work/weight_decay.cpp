// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <limits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/work/weight_decay.hpp>

using terse::cpu;

namespace {

struct model {
    terse::weight_decay decay;
    std::vector<double> w{8};
    terse::buffer<cpu, double> momentum{}, change{};

    double step(double lr) {
        if (momentum.empty()) momentum.assign(w.size(), 0.0);
        decay.apply_outside(lr, momentum, change, terse::view<cpu, double>(w.data(), w.size()));
        return w[0];
    }
    double coupled(double g) const {
        std::vector<double> gradient{g};
        decay.couple(terse::view<cpu, double const>(w.data(), 1), terse::view<cpu, double>(gradient.data(), 1));
        return gradient[0];
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(weight_decay_tests)

BOOST_AUTO_TEST_CASE(is_off_by_default) {
    model m;
    BOOST_TEST(m.coupled(3) == 3);
    BOOST_TEST(m.step(0.5) == 8);
}

BOOST_AUTO_TEST_CASE(coupled_is_part_of_the_gradient_alone) {
    model m{{.rate = 0.25}};
    BOOST_TEST(m.coupled(3) == 5);
    BOOST_TEST(m.step(0.5) == 8);
}

BOOST_AUTO_TEST_CASE(outside_shrinks_the_model_alone) {
    model m{{.rate = 0.25, .outside = true}};
    BOOST_TEST(m.coupled(3) == 3);
    BOOST_TEST(m.step(0.5) == 7); // 8 - 0.5 (8 / 4)
    BOOST_TEST(m.step(1) == 7 - 1.75);
}

BOOST_AUTO_TEST_CASE(outside_with_momentum) {
    model m{{.rate = 0.25, .outside = true, .beta = 0.5}};
    BOOST_TEST(m.step(0.5) == 7);          // b = 2
    BOOST_TEST(m.step(1) == 7 - 1 - 1.75); // b = 1 + 7 / 4
}

BOOST_AUTO_TEST_CASE(outside_with_nesterovs_momentum) {
    model m{{.rate = 0.25, .outside = true, .beta = 0.5, .nesterov = true}};
    BOOST_TEST(m.step(0.5) == 8 - 0.5 * (1 + 2));                         // b = 2
    BOOST_TEST(m.step(1) == 6.5 - (0.5 * (1 + 0.25 * 6.5) + 0.25 * 6.5)); // b = 1 + 6.5 / 4
}

BOOST_AUTO_TEST_CASE(options_have_ranges) {
    using terse::configuration_error;
    for (double const bad : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
        BOOST_CHECK_THROW(terse::weight_decay{.rate = bad}.validate(1), configuration_error);
        BOOST_CHECK_THROW((terse::weight_decay{.rate = 1, .beta = bad}.validate(1)), configuration_error);
    }
    BOOST_CHECK_THROW((terse::weight_decay{.rate = 1, .beta = 1.5}.validate(1)), configuration_error);
    terse::weight_decay{.rate = 1, .beta = 1}.validate(1);
}

BOOST_AUTO_TEST_SUITE_END()
