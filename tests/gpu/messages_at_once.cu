// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "device.cuh"
#include "host/kernels.hpp"
#include "team.cuh"

// Sums, signs and levels of several workers in launches that they share.
BOOST_AUTO_TEST_SUITE(messages_at_once)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;
using device = thrust_device;

template <class T>
std::size_t sums_together(std::size_t d, std::size_t workers) {
    team<T> team(d, workers);
    auto const takes = team.all([&](std::size_t i) { return team.sum(i); });
    std::vector<outcome> here, there;
    std::vector<std::uint64_t> bad;
    auto const launches = counting_launcher::count([&] {
        for (std::size_t const b : verbs::accumulate(span_of(takes), team.temporary).found()) bad.push_back(b);
    });
    for (std::size_t i = 0; i < team.size(); ++i) {
        auto const& name = team.of[i].name;
        auto wanted = upload<device>(team.old[i]);
        device::axpby<T>(T(0.3), team.x[i], T(-0.9), wanted);
        std::uint64_t const first = device::first_non_finite(view<device, T const>(wanted));
        here.push_back(make_outcome("sum of " + name, host(team.e[i])));
        there.push_back(make_outcome("sum of " + name, host(wanted)));
        here.push_back(make_outcome("first not finite of " + name, std::vector{bad[i]}));
        there.push_back(make_outcome("first not finite of " + name, std::vector{first}));
    }
    check_same(here, there);
    return launches;
}

// With `every` other worker having a scale that is not zero: all, some, none.
template <class T>
std::size_t signs_together(std::size_t d, std::size_t workers, std::size_t every) {
    team<T> team(d, workers);
    auto const scale = [&](std::size_t i) { return i % every == 0 ? T(0.25) : T(0); };
    auto const takes = team.all([&](std::size_t i) { return team.signs(i, scale(i)); });
    std::vector<outcome> here, there;
    std::vector<double> sums;
    auto const launches =
        counting_launcher::count([&] { sums = verbs::accumulate_signs(span_of(takes), team.temporary); });
    for (std::size_t i = 0; i < team.size(); ++i) {
        auto const wanted = signs_on_host<T>(T(-0.3), team.of[i].numbers, scale(i), T(0.9), team.old[i]);
        auto const append = [&](std::vector<outcome>& to, signed_residual<T> const& s) {
            to.push_back(make_outcome("signs of " + team.of[i].name, s.words));
            to.push_back(make_outcome("what is left of " + team.of[i].name, s.e));
            to.push_back(make_outcome("sum of " + team.of[i].name, std::vector{s.sum}));
        };
        append(here, {download(view<device, std::uint64_t const>(takes[i].words)), host(team.e[i]), sums[i]});
        append(there, wanted);
    }
    check_same(here, there);
    return launches;
}

template <class T>
std::size_t subtracted_together(std::size_t d, std::size_t workers) {
    team<T> together(d, workers), alone(d, workers);
    auto const scale = [](std::size_t i) { return i % 3 == 0 ? T(0) : T(0.25) * static_cast<T>(i); };
    auto const takes = together.all([&](std::size_t i) { return together.less_signs(i, scale(i)); });
    auto const launches = counting_launcher::count([&] { verbs::subtract_signs(span_of(takes)); });
    std::vector<outcome> here, there;
    for (std::size_t i = 0; i < together.size(); ++i) {
        buffer<device, std::uint64_t> words((d + 63) / 64);
        device::pack_signs(view<device, T const>(alone.e[i]), view<device, std::uint64_t>(words));
        device::add_signs<T>(-scale(i), words, alone.e[i]);
        here.push_back(make_outcome("less signs of " + together.of[i].name, host(together.e[i])));
        there.push_back(make_outcome("less signs of " + together.of[i].name, host(alone.e[i])));
    }
    check_same(here, there);
    return launches;
}

template <class T>
std::size_t packed_together(std::size_t d, std::size_t workers) {
    team<T> team(d, workers);
    auto const takes = team.all([&](std::size_t i) { return team.packing(i); });
    std::vector<outcome> here, there;
    std::vector<double> sums;
    auto const launches = counting_launcher::count([&] { sums = verbs::pack_signs(span_of(takes), team.temporary); });
    for (std::size_t i = 0; i < team.size(); ++i) {
        buffer<device, std::uint64_t> words((d + 63) / 64);
        auto const sum = device::pack_signs(view<device, T const>(team.x[i]), view<device, std::uint64_t>(words));
        here.push_back(make_outcome("packed signs", download(view<device, std::uint64_t const>(takes[i].words))));
        there.push_back(make_outcome("packed signs", host(words)));
        here.push_back(make_outcome("sum of magnitudes", std::vector{sums[i]}));
        there.push_back(make_outcome("sum of magnitudes", std::vector{sum}));
    }
    check_same(here, there);
    return launches;
}

template <class T>
std::size_t levels_together(std::size_t d, std::size_t workers, level_grid const& grid) {
    team<T> team(d, workers, grid);
    auto const takes = team.all([&](std::size_t i) { return team.levels(i, grid); });
    std::vector<outcome> here, there;
    std::vector<std::uint64_t> bad;
    auto const launches = counting_launcher::count([&] {
        auto const found = verbs::take_quantized(span_of(takes), grid, team.temporary).found();
        bad.assign(found.begin(), found.end());
    });
    for (std::size_t i = 0; i < team.size(); ++i) {
        auto const title = std::to_string(grid.levels) + " levels of " + team.of[i].name;
        auto const append = [&](std::vector<outcome>& to, quantized_residual<T> const& q) {
            to.push_back(make_outcome("units, " + title, q.units));
            to.push_back(make_outcome(title, q.words));
            to.push_back(make_outcome("what is left, " + title, q.e));
            to.push_back(make_outcome("first not finite, " + title, std::vector{q.bad}));
        };
        append(here, {host(team.units[i]), download(view<device, std::uint64_t const>(takes[i].words)), host(team.e[i]),
                      bad[i]});
        append(there, quantized_on_host<T>(T(0.7), team.of[i].numbers, T(-0.9), team.old[i], grid, team.random(i)));
    }
    check_same(here, there);
    return launches;
}

template <class T>
void all_together(std::vector<std::size_t> const& sizes) {
    for (auto const d : sizes) {
        sums_together<T>(d, 11);
        packed_together<T>(d, 11);
        subtracted_together<T>(d, 11);
        for (std::size_t const every : {1u, 2u, 100u}) signs_together<T>(d, 11, every);
        for (auto const which : {norm::l2, norm::linf})
            levels_together<T>(d, 11, {.levels = 3, .bucket = 100, .norm = which});
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(messages_of_all_are_those_of_each) {
    all_together<float>({1, 65, 4097, 9001});
    all_together<double>({1, 65, 2049, 9001});
}

BOOST_AUTO_TEST_CASE(launches_do_not_depend_on_the_number_of_workers) {
    for (std::size_t const workers : {1u, 4u, 11u}) {
        BOOST_TEST(sums_together<float>(5000, workers) == 1u);
        BOOST_TEST(packed_together<float>(5000, workers) == 1u);
        BOOST_TEST(subtracted_together<float>(5000, workers) == 1u);
        for (std::size_t const every : {1u, 2u, 100u}) BOOST_TEST(signs_together<float>(5000, workers, every) == 1u);
        BOOST_TEST(levels_together<float>(5000, workers, {.levels = 3, .bucket = 100}) == 2u);
        BOOST_TEST(levels_together<float>(70'001, workers, {.levels = 127, .bucket = 66'000}) == 3u); // too long
    }
}

BOOST_AUTO_TEST_CASE(nobody_says_nothing) {
    scratch<device> temporary;
    auto const launches = counting_launcher::count([&] {
        BOOST_TEST(verbs::accumulate(std::span<accumulation<device, float> const>(), temporary).found().empty());
        BOOST_TEST(verbs::pack_signs(std::span<sign_packing<device, float> const>(), temporary).empty());
        verbs::subtract_signs(std::span<sign_subtraction<device, float> const>());
        BOOST_TEST(verbs::accumulate_signs(std::span<sign_take<device, float> const>(), temporary).empty());
        BOOST_TEST(verbs::take_quantized(std::span<level_take<device, float> const>(), {}, temporary).found().empty());
    });
    BOOST_TEST(launches == 0u);
}

// Each of them in turn has one number too few.
BOOST_AUTO_TEST_CASE(whose_sizes_are_wrong_is_named_before_anything_starts) {
    level_grid const grid{.levels = 3, .bucket = 30};
    team<float> team(100, 3, grid);
    auto const refuses = [&](auto takes, auto shorten, char const* words, auto verb) {
        shorten(takes[2]);
        refuses_takes(team, takes, words, verb);
    };
    auto const shorter = [](auto& v) { v = v.part(0, v.size() - 1); };
    auto const sums = team.all([&](std::size_t i) { return team.sum(i); });
    auto const accumulate = [&](auto all) { verbs::accumulate(all, team.temporary); };
    refuses(
        sums, [&](auto& t) { shorter(t.y); },
        "accumulate: worker 2 of those at once has 99 coordinates where there must be 100", accumulate);
    refuses(
        sums, [&](auto& t) { shorter(t.x); }, "worker 2 of those at once has 99 numbers to add", accumulate);

    auto const packings = team.all([&](std::size_t i) { return team.packing(i); });
    auto const pack = [&](auto all) { verbs::pack_signs(all, team.temporary); };
    refuses(
        packings, [&](auto& t) { shorter(t.x); }, "pack_signs: worker 2 of those at once has 99 coordinates", pack);
    refuses(
        packings, [&](auto& t) { shorter(t.words); }, "has 1 words where there must be 2", pack);

    auto const signs = team.all([&](std::size_t i) { return team.signs(i, 0.5f); });
    auto const take_signs = [&](auto all) { verbs::accumulate_signs(all, team.temporary); };
    refuses(
        signs, [&](auto& t) { shorter(t.e); }, "accumulate_signs: worker 2 of those at once has 99 coordinates",
        take_signs);
    refuses(
        signs, [&](auto& t) { shorter(t.x); }, "has 99 numbers to add", take_signs);
    refuses(
        signs, [&](auto& t) { shorter(t.words); }, "has 1 words where there must be 2", take_signs);

    auto const messages = team.all([&](std::size_t i) { return team.less_signs(i, 0.5f); });
    refuses(
        messages, [&](auto& t) { shorter(t.e); }, "subtract_signs: worker 2 of those at once has 99 coordinates",
        [&](auto all) { verbs::subtract_signs(all); });

    auto const levels = team.all([&](std::size_t i) { return team.levels(i, grid); });
    auto const quantize = [&](auto all) { verbs::take_quantized(all, grid, team.temporary); };
    refuses(
        levels, [&](auto& t) { shorter(t.e); }, "take_quantized: worker 2 of those at once has 99 coordinates",
        quantize);
    refuses(
        levels, [&](auto& t) { shorter(t.g); }, "has 99 numbers to add", quantize);
    refuses(
        levels, [&](auto& t) { shorter(t.units); }, "has 3 units where there must be 4", quantize);
    refuses(
        levels, [&](auto& t) { shorter(t.words); }, "words where there must be", quantize);
}

BOOST_AUTO_TEST_SUITE_END()
