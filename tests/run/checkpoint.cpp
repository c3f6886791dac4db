// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <terse/run/checkpoint.hpp>
#include <terse/terse.hpp>

namespace {

using terse::checkpoint_error;

// A stochastic gradient that differs between workers and is a pure function of the context.
struct noisy {
    void operator()(terse::worker_context at, std::span<double const> x, std::span<double> g) const {
        auto const random = at.random(terse::purpose::user);
        for (std::size_t i = 0; i < x.size(); ++i)
            g[i] = (1 + static_cast<double>(i % 3)) * (x[i] - static_cast<double>(at.worker)) + random.uniform(i) - 0.5;
    }
};

double rate(std::uint64_t round) { return round < 20 ? 0.1 : 0.02; }

template <class Method>
auto start(Method const& method, std::vector<double>& w, std::uint64_t seed = 5) {
    return terse::train(method, terse::simulated{.workers = 3}, w, {.seed = seed});
}

// Stops after every number of rounds, goes on in a fresh run, and compares the end with the uninterrupted run's.
template <class Method>
void resumes_everywhere(Method const& method) {
    constexpr std::uint64_t rounds = 30;
    std::vector<double> w(37, 1.0);
    auto whole = start(method, w);
    std::vector<std::vector<std::byte>> states;
    while (whole.round() < rounds) {
        states.push_back(terse::save_state(whole, "test"));
        whole.step(rate(whole.round()), noisy{});
    }
    for (auto const& state : states) {
        std::vector<double> v(37, -7.0);
        auto resumed = start(method, v);
        terse::load_state(resumed, state, "test");
        while (resumed.round() < rounds) resumed.step(rate(resumed.round()), noisy{});
        BOOST_TEST((v == w));
        BOOST_TEST((resumed.traffic().total == whole.traffic().total));
        BOOST_TEST((resumed.traffic().round == whole.traffic().round));
        BOOST_TEST(resumed.traffic().rcc() == whole.traffic().rcc());
        BOOST_TEST((terse::save_state(resumed, "test") == terse::save_state(whole, "test")));
    }
}

template <class Method>
void resumes_with_every_compressor(Method const& recipe) {
    resumes_everywhere(recipe(terse::top_k{.ratio = 0.1}));
    resumes_everywhere(recipe(terse::random_block{.ratio = 0.2}));
    resumes_everywhere(recipe(terse::random_k{.ratio = 0.2}));
    resumes_everywhere(recipe(terse::blockwise<terse::top_k>{.inner = {.ratio = 0.1}, .size = 10}));
    resumes_everywhere(recipe(terse::scaled_sign{}));
}

std::string section_of(auto&& call) {
    try {
        call();
    } catch (checkpoint_error const& e) {
        return e.section;
    }
    return "no error";
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_CASE(resumes_at_every_round) {
    resumes_everywhere(terse::dmsgd());
    resumes_everywhere(terse::nesterov());
    resumes_with_every_compressor([](auto c) { return terse::gmc(c); });
    resumes_with_every_compressor([](auto c) { return terse::gmc_plus(c); });
    resumes_with_every_compressor([](auto c) { return terse::gmc_server(c); });
    resumes_with_every_compressor([](auto c) { return terse::dgc(c, {.weight_decay = 0.01}); });
    resumes_with_every_compressor([](auto c) { return terse::def_a(c); });
    resumes_with_every_compressor([](auto c) { return terse::saef_dc(c, {.period = 4}); });
    resumes_everywhere(terse::dist_ef_sgdm({.weight_decay = 0.01}));
}

// A flipped bit anywhere is noticed, and the run stays as it was.
BOOST_AUTO_TEST_CASE(damage_is_noticed_before_anything_changes) {
    std::vector<double> w(5, 1.0);
    auto run = start(terse::gmc({.ratio = 0.4}), w);
    for (int t = 0; t < 3; ++t) run.step(0.1, noisy{});
    auto const saved = terse::save_state(run, "label");
    run.step(0.1, noisy{});
    auto const now = terse::save_state(run, "label");
    for (std::size_t bit = 0; bit < 8 * saved.size(); ++bit) {
        auto damaged = saved;
        damaged[bit / 8] ^= std::byte(1u << bit % 8);
        BOOST_CHECK_THROW(terse::load_state(run, damaged, "label"), checkpoint_error);
    }
    for (std::size_t n = 0; n < saved.size(); ++n)
        BOOST_CHECK_THROW(terse::load_state(run, std::span(saved).first(n), "label"), checkpoint_error);
    auto longer = saved;
    longer.push_back(std::byte{0});
    BOOST_CHECK_THROW(terse::load_state(run, longer, "label"), checkpoint_error);
    BOOST_TEST((terse::save_state(run, "label") == now));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_named) {
    std::vector<double> w(5, 1.0);
    auto run = start(terse::gmc({.ratio = 0.4}), w);
    auto const saved = terse::save_state(run, "a");
    BOOST_TEST(section_of([&] { terse::load_state(run, saved, "b"); }) == "label");
    std::vector<double> longer(6);
    auto other = start(terse::gmc({.ratio = 0.4}), longer);
    BOOST_TEST(section_of([&] { terse::load_state(other, saved, "a"); }) == "dimension");
    auto seeded = start(terse::gmc({.ratio = 0.4}), w, 6);
    BOOST_TEST(section_of([&] { terse::load_state(seeded, saved, "a"); }) == "seed");
    auto more = terse::train(terse::gmc({.ratio = 0.4}), terse::simulated{.workers = 4}, w, {.seed = 5});
    BOOST_TEST(section_of([&] { terse::load_state(more, saved, "a"); }) == "workers");
    auto method = start(terse::dgc({.ratio = 0.4}), w);
    BOOST_TEST(section_of([&] { terse::load_state(method, saved, "a"); }) == "local momentum");
}

BOOST_AUTO_TEST_CASE(files_are_replaced_whole) {
    auto const folder = std::filesystem::temp_directory_path() / "terse_checkpoint_test";
    std::filesystem::create_directories(folder);
    auto const path = folder / "run.ckpt";
    std::vector<double> w(5, 1.0);
    auto run = start(terse::gmc({.ratio = 0.4}), w);
    run.step(0.1, noisy{});
    terse::save_checkpoint(run, path);
    // What a crash while writing the next one leaves behind does not matter.
    std::ofstream(path.string() + ".new") << "half a fi";
    auto const before = w;
    run.step(0.1, noisy{});
    terse::load_checkpoint(run, path);
    BOOST_TEST((w == before));
    BOOST_TEST(run.round() == 1u);
    terse::save_checkpoint(run, path);
    BOOST_TEST(!std::filesystem::exists(path.string() + ".new"));
    std::filesystem::remove_all(folder);
    BOOST_CHECK_THROW(terse::load_checkpoint(run, path), checkpoint_error);
    BOOST_CHECK_THROW(terse::save_checkpoint(run, path), checkpoint_error);
}

BOOST_AUTO_TEST_SUITE_END()
