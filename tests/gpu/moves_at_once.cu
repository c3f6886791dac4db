// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "device.cuh"
#include "team.cuh"

// Blocks and entries that leave the vectors of several workers in launches that they share.
BOOST_AUTO_TEST_SUITE(moves_at_once)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;
using device = thrust_device;

/// Room for d numbers of each.
level_grid const of_each{.levels = 1, .bucket = 1};

// Blocks of n from `first` on, against the sum, the copies and the subtraction that they stand for.
template <class T>
std::size_t blocks_together(std::size_t d, std::size_t workers, std::size_t first, std::size_t n, bool clears) {
    team<T> together(d, workers, of_each), alone(d, workers, of_each);
    auto const takes = together.all([&](std::size_t i) {
        auto take = together.block(i, first, n);
        take.clears = clears;
        return take;
    });
    std::vector<std::size_t> bad;
    auto const launches =
        counting_launcher::count([&] { bad = verbs::take_block(span_of(takes), together.temporary).found(); });
    std::vector<outcome> here, there;
    for (std::size_t i = 0; i < together.size(); ++i) {
        auto const t = alone.block(i, first, n);
        device::axpby<T>(t.sum.a, t.sum.x, t.sum.b, t.sum.y);
        std::uint64_t const wanted = device::first_non_finite(view<device, T const>(t.sum.y));
        for (std::size_t j = 0; j < n; ++j) {
            auto const at = t.sum.y.part((first + j) % d, 1), value = t.values.part(j, 1);
            device::copy<T>(at, value);
            if (clears)
                device::fill(at, T(0));
            else
                device::axpy<T>(T(-1), value, at);
        }
        auto const append = [&](std::vector<outcome>& to, view<device, T const> values, auto const& e, auto found) {
            to.push_back(make_outcome("block of " + together.of[i].name, download(values)));
            to.push_back(make_outcome("what is left of " + together.of[i].name, host(e)));
            to.push_back(make_outcome("first not finite of " + together.of[i].name, std::vector<std::uint64_t>{found}));
        };
        append(here, takes[i].values, together.e[i], bad[i]);
        append(there, t.values, alone.e[i], wanted);
    }
    check_same(here, there);
    return launches;
}

// All have the indices of the first.
template <class T>
std::size_t moves_together(std::size_t d, std::size_t workers, std::size_t k) {
    team<T> together(d, workers, of_each), alone(d, workers, of_each);
    std::vector<buffer<device, index_t>> indices(together.size());
    for (auto& each : indices) each.resize(k);
    device::sequence(0, static_cast<index_t>((d - 1) / k), indices.front());
    auto const scale = [](std::size_t i) { return i % 2 == 0 ? T(1) : T(3.7); };
    auto const takes =
        together.all([&](std::size_t i) { return together.move(i, indices.front(), indices[i], scale(i)); });
    auto const launches = counting_launcher::count([&] { verbs::move_entries(span_of(takes)); });
    std::vector<outcome> here, there;
    for (std::size_t i = 0; i < together.size(); ++i) {
        auto const t = alone.move(i, indices.front(), indices[i], scale(i));
        device::gather<T>(t.e, t.from, t.values);
        device::scale(scale(i), t.values);
        device::scatter_axpy<T>(T(-1), t.from, t.values, t.e);
        auto const append = [&](std::vector<outcome>& to, view<device, T const> values, auto const& e,
                                view<device, index_t const> at) {
            to.push_back(make_outcome("indices of " + together.of[i].name, download(at)));
            to.push_back(make_outcome("values of " + together.of[i].name, download(values)));
            to.push_back(make_outcome("what is left of " + together.of[i].name, host(e)));
        };
        append(here, takes[i].values, together.e[i], indices[i]);
        append(there, t.values, alone.e[i], indices.front());
    }
    check_same(here, there);
    return launches;
}

template <class T>
void all_together(std::vector<std::size_t> const& sizes) {
    for (auto const d : sizes) {
        for (auto const n : {std::size_t{0}, (d + 2) / 3, d}) blocks_together<T>(d, 11, d - 1, n, false);
        blocks_together<T>(d, 11, d / 2, (d + 3) / 4, false);
        blocks_together<T>(d, 11, 0, d, true);
        moves_together<T>(d, 11, (d + 9) / 10);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(what_moves_for_all_is_what_moves_for_each) {
    all_together<float>({1, 65, 4097, 9001});
    all_together<double>({1, 65, 2049, 9001});
}

BOOST_AUTO_TEST_CASE(launches_do_not_depend_on_the_number_of_workers) {
    for (std::size_t const workers : {1u, 4u, 11u}) {
        BOOST_TEST(blocks_together<float>(5000, workers, 4000, 2000, false) == 1u);
        BOOST_TEST(moves_together<float>(5000, workers, 700) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(nobody_moves_nothing) {
    scratch<device> temporary;
    auto const launches = counting_launcher::count([&] {
        BOOST_TEST(verbs::take_block(std::span<block_take<device, float> const>(), temporary).found().empty());
        verbs::move_entries(std::span<entry_move<device, float> const>());
    });
    BOOST_TEST(launches == 0u);
}

BOOST_AUTO_TEST_CASE(whose_sizes_are_wrong_is_named_before_anything_starts) {
    team<float> team(100, 3, of_each);
    auto const refuses = [&](auto takes, auto spoil, char const* words, auto verb) {
        spoil(takes[2]);
        refuses_takes(team, takes, words, verb);
    };
    auto const shorter = [](auto& v) { v = v.part(0, v.size() - 1); };
    auto const blocks = team.all([&](std::size_t i) { return team.block(i, 99, 2); });
    auto const take_block = [&](auto all) { verbs::take_block(all, team.temporary); };
    refuses(
        blocks, [&](auto& t) { shorter(t.sum.y); }, "take_block: worker 2 of those at once has 99 coordinates",
        take_block);
    refuses(
        blocks, [&](auto& t) { shorter(t.sum.x); }, "has 99 numbers to add", take_block);
    refuses(
        blocks, [](auto& t) { t.first = 101; }, "has 101 coordinates before the block where there must be 100",
        take_block);
    refuses(
        blocks,
        [](auto& t) {
            t.values = {t.values.data(), 101};
        },
        "has 101 values where there must be 100", take_block);
    refuses(
        blocks, [](auto& t) { t.clears = true; }, "has 2 values to clear where there must be 100", take_block);
    refuses(
        blocks,
        [](auto& t) {
            t.values = {t.values.data(), 100}, t.clears = true;
        },
        "has 99 coordinates before what it clears where there must be 0", take_block);

    buffer<device, index_t> const indices(2);
    auto const moves = team.all([&](std::size_t i) { return team.move(i, indices.part(0, 2), indices.part(0, 2), 1); });
    auto const move = [](auto all) { verbs::move_entries(all); };
    refuses(
        moves, [&](auto& t) { shorter(t.from); }, "move_entries: worker 2 of those at once has 1 indices", move);
    refuses(
        moves, [&](auto& t) { shorter(t.indices); }, "has 1 indices to write", move);
    refuses(
        moves, [&](auto& t) { shorter(t.values); }, "has 1 values", move);
}

BOOST_AUTO_TEST_SUITE_END()
