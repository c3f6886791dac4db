// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A run that stops after any round and goes on from its saved state ends as if it had not stopped.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/run/checkpoint.hpp>
#include <terse/terse.hpp>

#include "oracle/all_methods.hpp"
#include "oracle/drift_methods.hpp"

namespace {

constexpr std::uint64_t rounds = 50;
constexpr std::size_t d = 23;
constexpr terse::simulated cluster{.workers = 4};

// A stochastic gradient that differs between workers and is a pure function of the context.
void noisy(terse::worker_context at, terse::view<terse::cpu, double const> x, terse::view<terse::cpu, double> g) {
    auto const random = at.random(terse::purpose::user);
    for (std::size_t i = 0; i < x.size(); ++i)
        g[i] = (1 + static_cast<double>(i % 3)) * (x[i] - static_cast<double>(at.worker)) + random.uniform(i) - 0.5;
}

double rate(std::uint64_t round) { return round < 20 ? 0.1 : 0.02; }

template <class Method>
void resumes_everywhere(char const* name, char const* compressor, Method const& method) {
    std::vector<double> w(d, 1.0);
    auto whole = terse::train(method, cluster, w, {.seed = 5});
    std::vector<std::vector<std::byte>> states;
    for (; whole.round() < rounds; whole.step(rate(whole.round()), noisy))
        states.push_back(terse::save_state(whole, "test"));
    auto const last = terse::save_state(whole, "test");
    std::size_t different = 0;
    for (auto const& state : states) {
        std::vector<double> v(d, -7.0);
        auto resumed = terse::train(method, cluster, v, {.seed = 5});
        terse::load_state(resumed, state, "test");
        while (resumed.round() < rounds) resumed.step(rate(resumed.round()), noisy);
        if (v != w || terse::save_state(resumed, "test") != last) ++different;
    }
    BOOST_TEST(different == 0u, name << " with " << compressor);
    BOOST_TEST(whole.round() == rounds);
}

using any = terse::any_of<terse::identity, terse::top_k, terse::sampled_top_k, terse::threshold, terse::random_k,
                          terse::random_block, terse::scaled_sign, terse::blockwise<terse::top_k>,
                          terse::blockwise<terse::scaled_sign>, terse::per_segment<terse::top_k>>;

void check(char const* compressor, any const& c) {
    oracle::for_each_compressed_method(
        c, [&](char const* name, auto const& method) { resumes_everywhere(name, compressor, method); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(resume)

BOOST_AUTO_TEST_CASE(at_every_round_of_every_method_with_every_compressor) {
    check("identity", terse::identity{});
    check("top_k", terse::top_k{.ratio = 0.1});
    check("top_k, ramp", terse::top_k{.ratio = terse::schedule::linear(0.5, 0.1, 30)});
    check("sampled_top_k", terse::sampled_top_k{.ratio = 0.1, .sample = 0.4});
    check("threshold", terse::threshold{.at_least = 0.5});
    check("random_k shared", terse::random_k{.ratio = 0.2});
    check("random_k own", terse::random_k{.ratio = 0.2, .shared_support = false});
    check("random_block", terse::random_block{.ratio = 0.2});
    check("random_block, grid", terse::random_block{.ratio = 0.2, .at = terse::random_block::placement::grid});
    check("scaled_sign", terse::scaled_sign{});
    check("blockwise top_k", terse::blockwise<terse::top_k>{.inner = {.ratio = 0.1}, .size = 10});
    check("blockwise scaled_sign", terse::blockwise<terse::scaled_sign>{.inner = {}, .size = 10});
    check("per_segment top_k", terse::per_segment<terse::top_k>{.inner = {.ratio = 0.1},
                                                                .layout = terse::layout({{"a", 5, 4}, {"b", 3, 1}}),
                                                                .dense_below = 5});
    oracle::for_each_fixed_method(
        [](char const* name, auto const& method) { resumes_everywhere(name, "its own", method); });
    oracle::for_each_talking_method(
        d, [](char const* name, auto const& method) { resumes_everywhere(name, "its own", method); });
    oracle::for_each_drift_method(
        [](char const* name, auto const& method) { resumes_everywhere(name, "its own", method); });
}

// Messages whose kind is known when the program is compiled take other paths.
BOOST_AUTO_TEST_CASE(at_every_round_of_other_messages) {
    resumes_everywhere("gmc", "top_k", terse::gmc({.ratio = 0.1}));
    resumes_everywhere("saef_dc", "identity", terse::saef_dc(terse::identity{}, {.period = 4}));
    resumes_everywhere("gmc_plus", "random_block", terse::gmc_plus(terse::random_block{.ratio = 0.2}));
    resumes_everywhere("dist_ef_sgdm", "its own", terse::dist_ef_sgdm({.weight_decay = 0.01}));
    resumes_everywhere(
        "local steps", "scaled_sign",
        terse::compose(terse::scaled_sign{}, terse::global_momentum{.beta = terse::schedule::linear(0, 0.9, 30)},
                       terse::standard_feedback{}, terse::uncompressed{}, terse::local_steps{.count = 3}));
}

// Another cluster, another number of threads or of gradients in flight change no bit.
BOOST_AUTO_TEST_CASE(in_another_cluster) {
    auto const method = terse::saef_dc(terse::top_k{.ratio = 0.1}, {.period = 4});
    std::vector<double> w(d, 1.0), v(d);
    auto run = terse::train(method, cluster, w);
    for (int t = 0; t < 10; ++t) run.step(rate(run.round()), noisy);
    auto other = terse::train(method, terse::simulated{.workers = 4, .threads = 3, .gradients_in_flight = 2}, v);
    terse::load_state(other, terse::save_state(run, ""), "");
    for (int t = 0; t < 10; ++t) {
        run.step(rate(run.round()), noisy);
        other.step(rate(other.round()), noisy);
    }
    BOOST_TEST((v == w));
}

BOOST_AUTO_TEST_SUITE_END()
