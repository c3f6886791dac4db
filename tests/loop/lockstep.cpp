// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include "oracle/all_methods.hpp"
#include "oracle/trajectory.hpp"

using namespace oracle;

namespace {

// w - unit (mean e_k + e_s), by hand.
template <class Run>
numbers expected_correction(random_run const& run, Run const& sgd, numbers const& w, double unit) {
    numbers out = w;
    for (std::size_t i = 0; i < run.dimension; ++i) {
        if constexpr (requires { sgd.residual(0); })
            for (std::size_t k = 0; k < run.workers; ++k)
                out[i] -= unit * sgd.residual(k)[i] / static_cast<double>(run.workers);
        if constexpr (requires { sgd.server_residual(); }) out[i] -= unit * sgd.server_residual()[i];
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lockstep)

BOOST_AUTO_TEST_CASE(corrected_is_w_less_what_is_held_back) {
    for (auto const compressor : every_kind) {
        random_run const run(21, compressor);
        auto const check = [&](char const*, auto method) {
            numbers w = run.start;
            numbers out(run.dimension);
            auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
            sgd.corrected(out);
            BOOST_TEST((out == run.start)); // nothing is held back yet
            bool const model = method.feedback.residual_units() == terse::units::model;
            for (std::uint64_t t = 0; t < run.lr.size(); ++t) {
                sgd.step(run.lr[t], run.callback());
                sgd.corrected(out);
                require_close("corrected", run, t, expected_correction(run, sgd, w, model ? 1 : run.lr[t]), out, 1e-13);
            }
        };
        for_each_compressed_method(run.library_compressor(), check);
        for_each_fixed_method(check);
        for_each_talking_method(run.dimension, check);
    }
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(compressors_that_talk_need_all_gradients_at_once) {
    numbers w(30, 1);
    auto const method = terse::power_sgd_momentum(terse::layout({{"m", 5, 6}}));
    BOOST_CHECK_THROW(terse::train(method, terse::simulated{.workers = 3, .gradients_in_flight = 2}, w),
                      terse::configuration_error);
    terse::train(method, terse::simulated{.workers = 3, .gradients_in_flight = 3}, w);
}

BOOST_AUTO_TEST_CASE(has_the_residuals_of_its_workers_and_no_others) {
    random_run const run(5);
    numbers w = run.start;
    auto sgd = terse::train(terse::gmc({.count = 1}), run.cluster(), w);
    for (std::size_t k = 0; k < run.workers; ++k) BOOST_TEST(sgd.residual(k).size() == run.dimension);
    BOOST_CHECK_THROW(sgd.residual(run.workers), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(schedules_of_the_method_follow_the_round) {
    // The density falls from all to one entry in round 2; momentum begins in round 3.
    random_run const run(6, kind::identity);
    numbers w = run.start;
    auto sgd = terse::train(
        terse::gmc({.ratio = terse::schedule::steps(1, 1e-9, {2}), .beta = terse::schedule::linear(0, 0.5, 1)}),
        run.cluster(), w);
    for (std::uint64_t t = 0; t < 4; ++t) {
        sgd.step(0.01, run.callback());
        std::size_t zeros = 0;
        for (double const e : sgd.residual(0)) zeros += e == 0 ? 1 : 0;
        BOOST_TEST(zeros == (t < 2 ? run.dimension : 1));
    }
}

BOOST_AUTO_TEST_CASE(clips_before_it_decays_and_compresses) {
    numbers w{3, 4};
    auto method = terse::gmc({.count = 1});
    method.clip = {.norm = 10};
    method.decay = {.rate = 1};
    auto sgd = terse::train(method, terse::simulated{.workers = 4}, w);
    sgd.step(1, [](terse::worker_context, auto, auto g) {
        g[0] = 60;
        g[1] = 80;
    });
    // 10 / sqrt(4) = 5: (60, 80) becomes (3, 4), and (6, 8) with the decay; 8 is sent.
    BOOST_TEST((w == numbers{3, -4}));
    BOOST_TEST(sgd.residual(0)[0] == 6);
}

BOOST_AUTO_TEST_SUITE_END()
