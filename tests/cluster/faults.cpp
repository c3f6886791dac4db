// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/cluster/damage.hpp>
#include <terse/cluster/unreliable.hpp>
#include <terse/wire/sparse.hpp>

BOOST_AUTO_TEST_SUITE(faults_tests)

namespace {

using terse::attendance;
using terse::faults;
using terse::part;
using terse::unreliable;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

attendance of(faults const& f, std::uint64_t round, std::uint32_t worker = 2, std::uint64_t seed = 5) {
    return f.of({seed, round, worker, 8});
}

// The part of 40,000 rounds with a property.
template <class F>
double frequency(faults const& f, F property) {
    double n = 0;
    for (std::uint64_t t = 0; t < 40'000; ++t) n += property(of(f, t)) ? 1 : 0;
    return n / 40'000;
}
bool close(double seen, double p) { return std::abs(seen - p) < 5 * std::sqrt(p * (1 - p) / 40'000); }

} // namespace

BOOST_AUTO_TEST_CASE(each_is_as_frequent_as_it_says) {
    auto const is = [](part p) { return [p](attendance a) { return a.part == p; }; };
    BOOST_TEST(close(frequency({.lose = 0.1}, is(part::failed)), 0.1));
    BOOST_TEST(close(frequency({.lose = 0.1, .acknowledged = false}, is(part::lost)), 0.1));
    BOOST_TEST(close(frequency({.corrupt = 0.2}, is(part::failed)), 0.2));
    BOOST_TEST(close(frequency({.corrupt = 0.2}, [](attendance a) { return a.corrupted; }), 0.2));
    BOOST_TEST(close(frequency({.lose = 0.2, .corrupt = 0.3}, is(part::failed)), 1 - 0.8 * 0.7));
    BOOST_TEST(close(frequency({.duplicate = 0.3}, [](attendance a) { return a.duplicated && a.counts(); }), 0.3));
    BOOST_TEST(close(frequency({.drop_out = 0.1}, is(part::absent)), 0.1));
    BOOST_TEST(close(frequency({.crash = 0.1}, is(part::crashed)), 0.1));
    BOOST_TEST(close(frequency({.delay = 0.4}, [](attendance a) { return a.delay > 0; }), 0.4));
    BOOST_TEST(
        close(frequency({.delay = 1, .delay_seconds = 3}, [](attendance a) { return a.delay > 3; }), std::exp(-1)));
    for (std::uint64_t t = 0; t < 1000; ++t) {
        BOOST_TEST((of({}, t).counts() && of({}, t).delay == 0 && !of({}, t).duplicated && !of({}, t).corrupted));
        BOOST_TEST((of({.lose = 1}, t).part == part::failed));
    }
}

// A worker that leaves is away for so many rounds, and for longer only if it leaves again meanwhile.
BOOST_AUTO_TEST_CASE(who_leaves_comes_back) {
    for (bool const crash : {false, true}) {
        faults once, f;
        (crash ? once.crash : once.drop_out) = 0.05;
        f = once;
        f.away = 7;
        for (std::uint64_t t = 0; t < 2000; ++t) {
            bool away = false;
            for (std::uint64_t s = t < 6 ? 0 : t - 6; s <= t; ++s) away = away || !of(once, s).computes();
            BOOST_REQUIRE((of(f, t).part == (!away ? part::counts : crash ? part::crashed : part::absent)));
        }
    }
    faults const planned{
        .outages = {{.worker = 2, .first = 10, .rounds = 3}, {.worker = 3, .first = 11, .crash = true}}};
    for (std::uint64_t t = 0; t < 30; ++t) {
        BOOST_TEST((of(planned, t, 2).part == (t >= 10 && t < 13 ? part::absent : part::counts)));
        BOOST_TEST((of(planned, t, 3).part == (t == 11 ? part::crashed : part::counts)));
        BOOST_TEST(of(planned, t, 4).counts());
    }
}

BOOST_AUTO_TEST_CASE(the_first_that_arrive_count) {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        terse::random_stream const random(seed, terse::purpose::user);
        unreliable u{.cluster = {.workers = 1 + static_cast<std::uint32_t>(random.below(0, 9))}};
        u.backups = static_cast<std::uint32_t>(random.below(1, u.cluster.workers));
        u.compute.how = static_cast<terse::compute_time::law>(random.below(2, 4));
        u.compute.slow_workers = 2;
        u.compute.slow_factor = 3;
        if (seed % 2 == 0) u.faults = {.drop_out = 0.1, .away = 3, .lose = 0.2, .delay = 0.3};
        auto const needed = u.cluster.workers - u.backups;
        std::vector<attendance> all, again;
        for (std::uint64_t t = 0; t < 20; ++t) {
            u.attend(seed, t, all);
            u.attend(seed, t, again);
            BOOST_REQUIRE_EQUAL(all.size(), u.cluster.workers);
            std::vector<double> counted, late;
            std::size_t other = 0;
            for (std::uint32_t k = 0; k < u.cluster.workers; ++k) {
                BOOST_REQUIRE((all[k].part == again[k].part && all[k].delay == again[k].delay));
                double const when = u.compute.seconds({seed, t, k, u.cluster.workers}) + all[k].delay;
                if (all[k].counts())
                    counted.push_back(when);
                else if (all[k].part == part::late)
                    late.push_back(when);
                else
                    ++other;
                if (seed % 2 == 1) BOOST_REQUIRE_EQUAL(other, 0u);
            }
            BOOST_REQUIRE_EQUAL(counted.size(), std::min<std::size_t>(needed, all.size() - other));
            if (!late.empty()) BOOST_REQUIRE(*std::ranges::max_element(counted) <= *std::ranges::min_element(late));
        }
    }
}

// With equal times the lower numbers come first, and a run without backups is complete.
BOOST_AUTO_TEST_CASE(ties_go_to_the_lower_number) {
    std::vector<attendance> all;
    unreliable{.cluster = {.workers = 5}, .backups = 2}.attend(1, 0, all);
    for (std::size_t k = 0; k < 5; ++k) BOOST_TEST((all[k].part == (k < 3 ? part::counts : part::late)));
    unreliable{.cluster = {.workers = 5}}.attend(1, 0, all);
    for (auto const& a : all) BOOST_TEST(a.counts());
}

BOOST_AUTO_TEST_CASE(the_decoder_finds_every_damage) {
    using message = terse::sparse_message<terse::cpu, float>;
    std::set<terse::wire::fault> seen;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        message m;
        m.reset(1000, 3);
        for (std::size_t j = 0; j < 3; ++j) m.indices[j] = 7 + 100 * j, m.values[j] = 1.5F * static_cast<float>(j + 1);
        auto const found = terse::damage<float>(m, {seed, seed % 13, 3, 4});
        BOOST_REQUIRE(found.has_value());
        seen.insert(*found);
    }
    using enum terse::wire::fault;
    for (auto const f : {checksum, truncated, magic, version, scalar, flags}) BOOST_TEST(seen.contains(f));
    struct unknown {};
    BOOST_TEST(!terse::damage<float>(unknown{}, {}).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense) {
    using error = terse::configuration_error;
    for (double const bad : {-0.1, 1.1, nan}) {
        BOOST_CHECK_THROW((faults{.drop_out = bad}.validate(1)), error);
        BOOST_CHECK_THROW((faults{.crash = bad}.validate(1)), error);
        BOOST_CHECK_THROW((faults{.lose = bad}.validate(1)), error);
        BOOST_CHECK_THROW((faults{.corrupt = bad}.validate(1)), error);
        BOOST_CHECK_THROW((faults{.duplicate = bad}.validate(1)), error);
        BOOST_CHECK_THROW((faults{.delay = bad}.validate(1)), error);
    }
    BOOST_CHECK_THROW((faults{.delay_seconds = -1}.validate(1)), error);
    BOOST_CHECK_THROW((faults{.away = 0}.validate(1)), error);
    BOOST_CHECK_THROW((faults{.outages = {{.worker = 3}}}.validate(3)), error);
    BOOST_CHECK_THROW((unreliable{.cluster = {.workers = 3}, .backups = 3}.attach()), error);
    BOOST_CHECK_THROW((unreliable{.cluster = {.workers = 0}}.attach()), error);
    BOOST_CHECK_THROW((unreliable{.compute = {.mean = -1}}.attach()), error);
    BOOST_CHECK_THROW((unreliable{.faults = {.lose = 2}}.attach()), error);
}

BOOST_AUTO_TEST_SUITE_END()
