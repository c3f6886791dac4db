// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <span>

#include <Eigen/Core>

#include <terse/cluster/solo.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/momentum/no_momentum.hpp>
#include <terse/work/local_steps.hpp>

#include "oracle/random_run.hpp"

using namespace oracle;

namespace {

// Two rounds on any vector type; returns the coordinates afterwards.
template <class V>
auto run_on(V&& w) {
    auto const view = terse::vector_traits<std::remove_reference_t<V>>::of(w);
    using T = typename terse::vector_traits<std::remove_reference_t<V>>::scalar;
    auto sgd = terse::train(terse::gmc({.count = 2}), terse::simulated{.workers = 2}, std::forward<V>(w));
    BOOST_TEST(sgd.w().data() == view.data()); // the user's own memory
    for (int t = 0; t < 2; ++t)
        sgd.step(0.5, [](terse::worker_context at, auto x, auto g) {
            for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] + static_cast<T>(i * (1 + at.worker));
        });
    return std::vector<T>(view.begin(), view.end());
}

template <class F>
std::string message_of_error(F f) {
    try {
        f();
    } catch (terse::error const& e) {
        return e.what();
    }
    return "nothing was thrown";
}

// Throws E, whose message names `what`.
template <class E, class Method>
void refuses(char const* what, Method method, std::size_t d = 10, terse::simulated cluster = {.workers = 2}) {
    std::vector<double> w(d, 1.0);
    BOOST_CHECK_THROW(terse::train(method, cluster, w), E);
    auto const message = message_of_error([&] { terse::train(method, cluster, w); });
    BOOST_TEST(message.find(what) != std::string::npos, message << " does not name " << what);
    BOOST_TEST((w == std::vector<double>(d, 1.0)));
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

BOOST_AUTO_TEST_SUITE(train_tests)

BOOST_AUTO_TEST_CASE(works_in_the_users_memory_whatever_it_is) {
    auto const check = []<class T>(T) {
        std::vector<T> const start{1, 2, 3, 4};
        auto vector = start;
        auto const expected = run_on(vector);
        BOOST_TEST((expected != start));
        BOOST_TEST((vector == expected));

        std::array<T, 4> array{1, 2, 3, 4};
        BOOST_TEST((run_on(array) == expected));
        auto memory = start;
        BOOST_TEST((run_on(std::span<T>(memory)) == expected));
        BOOST_TEST((memory == expected));
        memory = start;
        std::span<T> span(memory);
        BOOST_TEST((run_on(span) == expected));
        memory = start;
        BOOST_TEST((run_on(terse::view<terse::cpu, T>(memory.data(), 4)) == expected));

        using eigen = Eigen::Matrix<T, Eigen::Dynamic, 1>;
        eigen column = Eigen::Map<eigen const>(start.data(), 4);
        BOOST_TEST((run_on(column) == expected));
        Eigen::Matrix<T, 1, Eigen::Dynamic> row = Eigen::Map<eigen const>(start.data(), 4).transpose();
        BOOST_TEST((run_on(row) == expected));
        Eigen::Matrix<T, 4, 1> fixed = Eigen::Map<eigen const>(start.data(), 4);
        BOOST_TEST((run_on(fixed) == expected));
        memory = start;
        BOOST_TEST((run_on(Eigen::Map<eigen>(memory.data(), 4)) == expected));
        BOOST_TEST((memory == expected));

        std::vector<T> longer{9, 1, 2, 3, 4, 9};
        BOOST_TEST((run_on(Eigen::Map<eigen>(longer.data() + 1, 4)) == expected));
        BOOST_TEST(longer.front() == T(9));
        BOOST_TEST(longer.back() == T(9));
    };
    check(double{});
    check(float{});
}

BOOST_AUTO_TEST_CASE(corrected_writes_to_any_vector) {
    std::vector<float> w{1, 2, 3};
    auto sgd = terse::train(terse::gmc({.count = 1}), terse::solo{}, w);
    sgd.step(0.5, [](terse::worker_context, auto, auto g) { std::fill(g.begin(), g.end(), 2.0f); });
    std::vector<float> vector(3);
    Eigen::VectorXf eigen(3);
    std::span<float> const span(vector);
    sgd.corrected(vector);
    sgd.corrected(eigen);
    BOOST_TEST((vector == std::vector<float>{0, 1, 2}));
    BOOST_TEST(eigen[2] == 2.0f);
    sgd.corrected(span);
    std::vector<float> wrong(2);
    BOOST_CHECK_THROW(sgd.corrected(wrong), terse::dimension_error);
}

BOOST_AUTO_TEST_CASE(one_coordinate_and_one_worker_do) {
    std::vector<double> w{8};
    auto sgd = terse::train(terse::gmc(), terse::solo{}, w);
    sgd.step(0.5, [](terse::worker_context at, auto x, auto g) {
        BOOST_TEST(at.workers == 1u);
        g[0] = x[0];
    });
    BOOST_TEST(w[0] == 4);
}

BOOST_AUTO_TEST_CASE(tells_the_gradient_who_and_when) {
    std::vector<double> w{1, 2};
    auto sgd = terse::train(terse::dsgd(), terse::simulated{.workers = 3}, w, {.seed = 77});
    for (std::uint64_t t = 0; t < 4; ++t) {
        std::vector<std::uint32_t> seen;
        BOOST_TEST(sgd.round() == t);
        sgd.step(0.1, [&](terse::worker_context at, auto x, auto g) {
            seen.push_back(at.worker);
            BOOST_TEST(at.round == t);
            BOOST_TEST(at.workers == 3u);
            BOOST_TEST(at.seed == 77u);
            BOOST_TEST(at.local_step == 0u);
            BOOST_TEST(x.size() == 2u);
            std::copy(x.begin(), x.end(), g.begin());
        });
        BOOST_TEST((seen == std::vector<std::uint32_t>{0, 1, 2}));
    }
}

BOOST_AUTO_TEST_CASE(refuses_options_outside_their_range) {
    using terse::configuration_error;
    using terse::dimension_error;
    for (double const ratio : {0.0, -0.1, 1.5, not_a_number, std::numeric_limits<double>::infinity()}) {
        refuses<configuration_error>("top_k", terse::gmc({.ratio = ratio}));
        refuses<configuration_error>("random_block", terse::gmc(terse::random_block{.ratio = ratio}));
        refuses<configuration_error>("random_k", terse::gmc(terse::random_k{.ratio = ratio}));
    }
    refuses<configuration_error>("count 11 exceeds the dimension 10", terse::gmc({.count = 11}));
    refuses<configuration_error>("count 11", terse::gmc(terse::random_block{.count = 11}));
    refuses<configuration_error>("count 11", terse::gmc(terse::random_k{.count = 11}));
    refuses<configuration_error>("blockwise", terse::gmc(terse::blockwise<terse::scaled_sign>{.inner = {}, .size = 0}));
    refuses<configuration_error>("top_k", terse::gmc(any_compressor{terse::top_k{.count = 11}}));
    refuses<configuration_error>("global_momentum", terse::gmc({.beta = 1.1}));
    refuses<configuration_error>("detached_feedback", terse::gmc_plus({.lambda = -0.1}));
    refuses<configuration_error>("simulated", terse::dsgd(), 10, {.workers = 0});
    refuses<configuration_error>("thread", terse::dsgd(), 10, {.workers = 1, .threads = 0});
    refuses<dimension_error>("empty", terse::dsgd(), 0);

    auto clipped = terse::dsgd();
    clipped.clip.norm = -1;
    refuses<configuration_error>("clipping", clipped);
    auto decayed = terse::dsgd();
    decayed.decay.rate = not_a_number;
    refuses<configuration_error>("weight_decay", decayed);
    refuses<configuration_error>("local_steps",
                                 terse::compose(terse::identity{}, terse::no_momentum{}, terse::no_feedback{},
                                                terse::uncompressed{}, terse::local_steps{.count = 0}));
    // The downlink is looked at too.
    refuses<configuration_error>("top_k", terse::compose(terse::identity{}, terse::no_momentum{}, terse::no_feedback{},
                                                         terse::top_k{.count = 11}));
}

BOOST_AUTO_TEST_CASE(refuses_rates_that_are_not_positive_numbers) {
    std::vector<double> w{1, 2};
    auto sgd = terse::train(terse::dsgd(), terse::solo{}, w);
    auto const never = [](terse::worker_context, auto, auto) { BOOST_FAIL("the gradient was asked for"); };
    for (double const lr : {0.0, -1.0, not_a_number, std::numeric_limits<double>::infinity()})
        BOOST_CHECK_THROW(sgd.step(lr, never), terse::configuration_error);
    BOOST_TEST(sgd.round() == 0u);
    BOOST_TEST((w == std::vector<double>{1, 2}));
}

BOOST_AUTO_TEST_SUITE_END()
