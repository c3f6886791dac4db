// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Methods that are easily taken for each other, and must differ.
#include <boost/test/unit_test.hpp>

#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/saef.hpp>

#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

// A run in which momentum and residuals matter.
random_run lively(std::uint64_t seed) {
    random_run run(0, kind::top_k);
    do run = random_run(seed += 1000, kind::top_k);
    while (run.dimension < 6 || run.workers < 2 || run.lr.back() > 0.5 * run.lr.front());
    run.k = run.dimension / 4;
    run.beta = 0.9;
    run.lambda = 0.5;
    return run;
}

// make(run) gives two methods; nearly all runs must tell them apart.
template <class Change, class Make>
void require_different(Change change, Make make) {
    int different = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        random_run const run = change(lively(seed));
        auto const pair = make(run);
        if (difference(trajectory(run, pair.first), trajectory(run, pair.second)) > 1e-4) ++different;
    }
    BOOST_TEST(different >= 19);
}
template <class Make>
void require_different(Make make) {
    require_different([](random_run run) { return run; }, make);
}

} // namespace

BOOST_AUTO_TEST_SUITE(negative)

BOOST_AUTO_TEST_CASE(the_rate_inside_or_outside_the_residual_when_it_drops) {
    require_different([](random_run const& run) {
        return std::pair(terse::gmc({.count = run.k}), terse::gmc_lr_inside({.count = run.k}));
    });
}

BOOST_AUTO_TEST_CASE(momentum_before_or_after_compression) {
    require_different(at_constant_rate, [](random_run const& run) {
        return std::pair(terse::gmc({.count = run.k}), terse::gmc_server({.count = run.k}));
    });
}

BOOST_AUTO_TEST_CASE(torch_and_heavy_ball_when_the_rate_drops) {
    require_different([](random_run const&) {
        return std::pair(terse::dmsgd(), terse::dmsgd({.lr = terse::momentum_lr::previous}));
    });
    require_different([](random_run const& run) {
        return std::pair(terse::gmc({.count = run.k}),
                         terse::gmc({.count = run.k, .lr = terse::momentum_lr::previous}));
    });
    require_different([](random_run const& run) {
        return std::pair(terse::gmc_server({.count = run.k}),
                         terse::gmc_server({.count = run.k, .lr = terse::momentum_lr::previous}));
    });
}

BOOST_AUTO_TEST_CASE(global_and_local_momentum_under_compression) {
    require_different(at_constant_rate, [](random_run const& run) {
        return std::pair(terse::gmc({.count = run.k}), terse::dgc({.count = run.k, .factor_masking = false}));
    });
}

BOOST_AUTO_TEST_CASE(with_and_without_factor_masking) {
    require_different([](random_run const& run) {
        return std::pair(terse::dgc({.count = run.k}), terse::dgc({.count = run.k, .factor_masking = false}));
    });
}

BOOST_AUTO_TEST_CASE(with_and_without_nesterov) {
    require_different([](random_run const& run) {
        return std::pair(terse::dgc({.count = run.k}), terse::dgc({.count = run.k, .nesterov = true}));
    });
}

BOOST_AUTO_TEST_CASE(with_and_without_detaching) {
    require_different([](random_run const& run) {
        return std::pair(terse::gmc({.count = run.k}), terse::gmc_plus({.count = run.k}));
    });
    require_different([](random_run const& run) {
        return std::pair(terse::ef_sgdm({.count = run.k}), terse::def_a({.count = run.k}));
    });
}

BOOST_AUTO_TEST_CASE(with_and_without_averaging) {
    require_different([](random_run const& run) {
        return std::pair(terse::saef({.count = run.k}), terse::saef({.count = run.k, .period = 4}));
    });
}

BOOST_AUTO_TEST_CASE(one_way_and_both_ways) {
    require_different([](random_run const& run) {
        return std::pair(terse::ef_sgdm({.count = run.k}), terse::ef_sgdm_dc({.count = run.k}));
    });
}

BOOST_AUTO_TEST_CASE(gradient_units_with_and_without_the_ratio_of_rates) {
    require_different([](random_run const& run) {
        auto const with = [&](terse::units units) {
            return terse::compose(terse::top_k{.count = run.k}, terse::local_momentum{},
                                  terse::standard_feedback{.units = units});
        };
        return std::pair(with(terse::units::gradient), with(terse::units::gradient_rescaled));
    });
}

BOOST_AUTO_TEST_SUITE_END()
