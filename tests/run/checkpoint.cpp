// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
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

template <class Method>
auto start(Method const& method, std::vector<double>& w, std::uint64_t seed = 5) {
    return terse::train(method, terse::simulated{.workers = 3}, w, {.seed = seed});
}

std::string section_of(auto&& call) {
    try {
        call();
    } catch (checkpoint_error const& e) {
        return e.section;
    }
    return "no error";
}

// Of the last worker's part, which begins with the name "worker".
std::ptrdiff_t worker_length(std::vector<std::byte> const& bytes) {
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    return static_cast<std::ptrdiff_t>(text.size() - text.rfind("\x06worker"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint)

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
    BOOST_CHECK_EXCEPTION(terse::load_state(method, saved, "a"), checkpoint_error, [](checkpoint_error const& e) {
        return std::string(e.what()).find("found section \"global momentum\"") != std::string::npos;
    });
    // Nor may the workers be in another order, each whole.
    for (int t = 0; t < 3; ++t) run.step(0.1, noisy{});
    auto const sections = terse::save_state(run, "a");
    auto const length = worker_length(sections);
    auto swapped = sections;
    std::swap_ranges(swapped.end() - 2 * length, swapped.end() - length, swapped.end() - length);
    BOOST_TEST((swapped != sections));
    BOOST_TEST(section_of([&] { terse::load_state(run, swapped, "a"); }) == "worker");
}

// A step that failed half-way ends the run, but a saved state revives it; a state that is refused does not.
BOOST_AUTO_TEST_CASE(a_broken_run_lives_again) {
    std::vector<double> w(5, 1.0);
    auto run = terse::train(terse::gmc({.ratio = 0.4}), terse::simulated{.workers = 3, .gradients_in_flight = 1}, w);
    auto const saved = terse::save_state(run, "");
    auto const fails = [](terse::worker_context at, auto x, auto g) {
        if (at.worker == 2) throw std::runtime_error("out of data");
        noisy{}(at, x, g);
    };
    BOOST_CHECK_THROW(run.step(0.1, fails), std::runtime_error);
    auto damaged = saved;
    damaged.back() ^= std::byte{1};
    BOOST_CHECK_THROW(terse::load_state(run, damaged, ""), checkpoint_error);
    BOOST_CHECK_THROW(run.step(0.1, noisy{}), terse::error);
    terse::load_state(run, saved, "");
    run.step(0.1, noisy{});
    BOOST_TEST(run.round() == 1u);
}

// Bytes with good checksums are still looked at: no update reaches beyond the model.
BOOST_AUTO_TEST_CASE(of_an_update_everything_is_checked) {
    using form = terse::update<terse::cpu, double>::form;
    terse::update<terse::cpu, double> u;
    auto const refused = [&](char const* why) {
        terse::state_writer out;
        out("u", u);
        terse::state_reader in(out.bytes(), 5);
        auto loaded = u;
        BOOST_TEST_CONTEXT(why) { BOOST_CHECK_THROW(in("u", loaded), checkpoint_error); }
    };
    u.become_dense(6);
    terse::cpu::fill(terse::view<terse::cpu, double>(u.dense.values), 0.0);
    refused("of another dimension");
    u.become_dense(5);
    u.support = 6;
    refused("more coordinates than there are");
    u.shape = form::block;
    u.block.reset(5, 0, 2);
    u.block.first = 5;
    refused("a block that begins after the end");
    u.shape = form::sparse;
    u.sparse.reset(5, 2, false);
    for (auto const& [i, j] : {std::pair{0u, 5u}, std::pair{2u, 2u}, std::pair{3u, 1u}}) {
        u.sparse.indices[0] = i;
        u.sparse.indices[1] = j;
        refused("indices");
    }
    u.become_dense(5);
    for (int depth = 0; depth < 20; ++depth) {
        auto const inner = u;
        u.parts.assign(1, inner);
        u.shape = form::parts;
    }
    refused("parts within parts");
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
