// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Methods that must be equal: what is left of a method when one of its parts does nothing.
#include <boost/test/unit_test.hpp>

#include <terse/feedback/no_feedback.hpp>
#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dmsgd_local.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/saef.hpp>

#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

constexpr terse::momentum_lr conventions[] = {terse::momentum_lr::current, terse::momentum_lr::previous};

template <class A, class B>
void require_equal(random_run const& run, A a, B b) {
    BOOST_TEST(difference(trajectory(run, run.around(a)), trajectory(run, run.around(b))) <= 1e-11);
}
template <class A, class B>
void require_same_bits(random_run const& run, A a, B b) {
    BOOST_TEST((trajectory(run, run.around(a)) == trajectory(run, run.around(b))));
}

} // namespace

BOOST_AUTO_TEST_SUITE(degenerations)

BOOST_AUTO_TEST_CASE(without_compression_global_momentum_methods_are_dmsgd_at_any_rate) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        for (auto const lr : conventions) {
            auto const reference = terse::dmsgd({.beta = run.beta, .lr = lr});
            terse::identity const c;
            require_equal(run, reference, terse::gmc(c, {.beta = run.beta, .lr = lr}));
            require_equal(run, reference, terse::gmc_plus(c, {.beta = run.beta, .lambda = run.lambda, .lr = lr}));
            require_equal(run, reference, terse::gmc_server(c, {.beta = run.beta, .lr = lr}));
            require_equal(run, reference, terse::gmc_lr_inside(c, {.beta = run.beta, .lr = lr}));
        }
    });
}

BOOST_AUTO_TEST_CASE(without_compression_local_momentum_methods_are_torch_momentum_at_any_rate) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const reference = terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous});
        terse::identity const c;
        require_equal(run, reference, terse::dmsgd_local({.beta = run.beta}));
        require_equal(run, reference, terse::dgc(c, {.beta = run.beta, .factor_masking = false}));
        require_equal(run, reference, terse::ef_sgdm(c, {.beta = run.beta}));
        require_equal(run, reference, terse::ef_sgdm_dc(c, {.beta = run.beta}));
        require_equal(run, reference, terse::def_a(c, {.beta = run.beta, .lambda = run.lambda}));
        require_equal(run, reference, terse::saef(c, {.beta = run.beta, .period = run.period}));
        require_equal(run, reference, terse::saef_dc(c, {.beta = run.beta, .period = run.period}));
    });
}

BOOST_AUTO_TEST_CASE(without_compression_nesterov_methods_are_nesterov_at_any_rate) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const reference = terse::nesterov({.beta = run.beta});
        terse::identity const c;
        require_equal(run, reference, terse::dgc(c, {.beta = run.beta, .factor_masking = false, .nesterov = true}));
        require_equal(run, reference, terse::dist_ef_sgdm(c, {.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_CASE(without_compression_factor_masking_wipes_out_momentum) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        require_equal(run, terse::dsgd(), terse::dgc(terse::identity{}, {.beta = run.beta}));
        require_equal(run, terse::dsgd(), terse::ef_sgd(terse::identity{}));
    });
}

BOOST_AUTO_TEST_CASE(without_compression_residuals_stay_zero) {
    random_run const run(3, kind::identity);
    auto const check = [&](auto method) {
        numbers w = run.start;
        auto sgd = terse::train(run.around(method), run.cluster(), w);
        for (double const lr : run.lr) {
            sgd.step(lr, run.callback());
            for (std::size_t k = 0; k < run.workers; ++k)
                for (double const e : sgd.residual(k)) BOOST_TEST(e == 0);
        }
    };
    check(terse::gmc(terse::identity{}));
    check(terse::dgc(terse::identity{}));
    check(terse::dist_ef_sgdm(terse::identity{}));
    check(terse::saef_dc(terse::identity{}));
}

BOOST_AUTO_TEST_CASE(without_compression_momentum_is_the_same_everywhere_at_a_constant_rate) {
    for_many_runs({kind::identity}, [](random_run const& any) {
        auto const run = at_constant_rate(any);
        auto const with = [&](auto momentum) {
            return terse::compose(terse::identity{}, momentum, terse::no_feedback{});
        };
        auto const reference = with(terse::global_momentum{.beta = run.beta});
        require_equal(run, reference, with(terse::local_momentum{.beta = run.beta}));
        require_equal(run, reference, with(terse::server_momentum{.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_CASE(top_k_of_everything_is_no_compression) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        terse::top_k const all{.ratio = 1.0};
        terse::top_k const d{.count = run.dimension};
        terse::identity const c;
        require_same_bits(run, terse::gmc(all, {.beta = run.beta}), terse::gmc(c, {.beta = run.beta}));
        require_same_bits(run, terse::gmc(d, {.beta = run.beta}), terse::gmc(c, {.beta = run.beta}));
        require_same_bits(run, terse::gmc_server(all), terse::gmc_server(c));
        require_same_bits(run, terse::dgc(all, {.beta = run.beta}), terse::dgc(c, {.beta = run.beta}));
        require_same_bits(run, terse::saef_dc(all, {.period = run.period}), terse::saef_dc(c, {.period = run.period}));
    });
}

BOOST_AUTO_TEST_CASE(detached_by_zero_is_standard) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const c = run.library_compressor();
        require_same_bits(run, terse::gmc_plus(c, {.beta = run.beta, .lambda = 0}), terse::gmc(c, {.beta = run.beta}));
        require_same_bits(run, terse::def_a(c, {.beta = run.beta, .lambda = 0}), terse::ef_sgdm(c, {.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_CASE(def_a_by_one_is_saef_without_averaging) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const c = run.library_compressor();
        require_same_bits(run, terse::def_a(c, {.beta = run.beta, .lambda = 1}), terse::saef(c, {.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_CASE(averaging_the_residual_of_one_worker_changes_nothing) {
    for_many_runs(every_kind, [](random_run const& any) {
        if (any.workers != 1) return;
        require_same_bits(any, terse::saef_dc(any.library_compressor(), {.period = 2}),
                          terse::saef_dc(any.library_compressor()));
    });
}

BOOST_AUTO_TEST_CASE(without_momentum_they_are_error_feedback) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const c = run.library_compressor();
        auto const gradient_units = terse::compose(c, terse::no_momentum{}, terse::standard_feedback{});
        require_same_bits(run, gradient_units, terse::gmc(c, {.beta = 0}));
        require_same_bits(run, gradient_units, terse::dgc(c, {.beta = 0, .factor_masking = true}));
        require_same_bits(run, gradient_units, terse::dgc(c, {.beta = 0, .factor_masking = false}));
        require_equal(run, gradient_units, terse::gmc_server(c, {.beta = 0}));
        require_same_bits(run, terse::ef_sgd(c), terse::ef_sgdm(c, {.beta = 0}));
        require_same_bits(run, terse::ef_sgd(c), terse::gmc_lr_inside(c, {.beta = 0}));
        require_equal(run, terse::ef_sgdm_dc(c, {.beta = 0}), terse::dist_ef_sgdm(c, {.beta = 0}));
    });
}

BOOST_AUTO_TEST_CASE(algorithms_1_and_4_of_gmc_agree_at_a_constant_rate) {
    for_many_runs(every_kind, [](random_run const& any) {
        auto const run = at_constant_rate(any);
        auto const c = run.library_compressor();
        require_equal(run, terse::gmc(c, {.beta = run.beta}), terse::gmc_lr_inside(c, {.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_CASE(model_units_are_rescaled_gradient_units) {
    for_many_runs(every_kind, [](random_run const& run) {
        auto const c = run.library_compressor();
        auto const with = [&](terse::units units, auto downlink) {
            return terse::compose(c, terse::local_momentum{.beta = run.beta},
                                  terse::detached_feedback{.lambda = run.lambda, .units = units}, downlink);
        };
        require_equal(run, with(terse::units::model, terse::uncompressed{}),
                      with(terse::units::gradient_rescaled, terse::uncompressed{}));
        require_equal(run, with(terse::units::model, c), with(terse::units::gradient_rescaled, c));
    });
}

BOOST_AUTO_TEST_CASE(with_a_shared_support_many_workers_are_one_on_the_mean_gradient) {
    auto const check = [](random_run const& run, auto method) {
        numbers many = run.start;
        numbers one = run.start;
        auto a = terse::train(method, run.cluster(), many, {.seed = run.seed});
        auto b = terse::train(method, terse::simulated{}, one, {.seed = run.seed});
        for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
            a.step(run.lr[t], run.callback());
            b.step(run.lr[t], [&](terse::worker_context at, auto x, auto g) {
                numbers part(run.dimension);
                for (double& y : g) y = 0;
                for (std::size_t k = 0; k < run.workers; ++k) {
                    run.user_gradient(k, at.round, x, part);
                    for (std::size_t i = 0; i < run.dimension; ++i) g[i] += part[i] / static_cast<double>(run.workers);
                }
            });
            require_close("w", run, t, many, one, 1e-11);
        }
        BOOST_TEST(true);
    };
    for_many_runs({kind::block, kind::grid}, [&](random_run const& run) {
        auto const c = run.library_compressor();
        check(run, terse::ef_sgd(c));
        check(run, terse::gmc(c, {.beta = run.beta}));
        check(run, terse::dgc(c, {.beta = run.beta}));
        check(run, terse::gmc(terse::random_k{.count = run.k}, {.beta = run.beta}));
    });
}

BOOST_AUTO_TEST_SUITE_END()
