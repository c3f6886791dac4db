// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// The traffic account against sums made by hand.
#include <boost/test/unit_test.hpp>

#include <terse/feedback/no_feedback.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/saef.hpp>
#include <terse/momentum/no_momentum.hpp>

#include "oracle/random_run.hpp"

using namespace oracle;
using terse::bytes_moved;

namespace {

constexpr std::uint64_t header = 32;
constexpr std::uint64_t part = 8;

// The account after `rounds` rounds of 3 workers; worker k's gradient is 1 + i at the coordinates in supports[k].
template <class T, class Method>
terse::traffic_account account(Method method, std::size_t d, std::vector<std::vector<std::size_t>> const& supports,
                               int rounds = 1) {
    std::vector<T> w(d, T(0));
    auto sgd = terse::train(method, terse::simulated{.workers = 3}, w);
    for (int t = 0; t < rounds; ++t)
        sgd.step(1, [&](terse::worker_context at, auto, auto g) {
            for (T& x : g) x = 0;
            for (auto const i : supports[at.worker]) g[i] = static_cast<T>(1 + i);
        });
    return sgd.traffic();
}
std::vector<std::vector<std::size_t>> const same = {{3, 5}, {3, 5}, {3, 5}};
std::vector<std::vector<std::size_t>> const apart = {{3, 5}, {13, 15}, {23, 25}};

// n neighbours for each worker, beginning `step` after the worker's before.
std::vector<std::vector<std::size_t>> neighbours(std::size_t n, std::size_t step) {
    std::vector<std::vector<std::size_t>> s(3);
    for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t i = 0; i < n; ++i) s[k].push_back(k * step + i);
    return s;
}

template <class C>
auto plain(C c) {
    return terse::compose(c, terse::no_momentum{}, terse::no_feedback{});
}

bool close(double a, double b) { return std::fabs(a - b) <= 1e-15; }

} // namespace

BOOST_AUTO_TEST_SUITE(traffic)

BOOST_AUTO_TEST_CASE(dense) {
    auto const a = account<double>(plain(terse::identity{}), 10, same, 2);
    BOOST_TEST((a.round == bytes_moved{3 * (header + 80), 3 * (header + 80)}));
    BOOST_TEST((a.total == bytes_moved{6 * (header + 80), 6 * (header + 80)}));
    BOOST_TEST((a.by_kind[1] == a.total));
    BOOST_TEST(a.rcc() == 1);
    BOOST_TEST((account<float>(plain(terse::identity{}), 10, same).total ==
                bytes_moved{3 * (header + 40), 3 * (header + 40)}));
}

BOOST_AUTO_TEST_CASE(sparse_with_one_support) {
    // Two entries: 8 bytes of coding and count, 1 byte for each gap, 8 for each value. The union has two as well.
    auto const a = account<double>(plain(terse::top_k{.count = 2}), 100, same, 4);
    BOOST_TEST((a.round == bytes_moved{3 * (header + 8 + 2 + 16), 3 * (header + 8 + 2 + 16)}));
    BOOST_TEST((a.by_kind[2] == a.total));
    BOOST_TEST(close(a.rcc(), 2 * 2.0 / 100)); // 2 s / d
}

BOOST_AUTO_TEST_CASE(sparse_with_disjoint_supports) {
    auto const a = account<double>(plain(terse::top_k{.count = 2}), 100, apart, 4);
    BOOST_TEST((a.round == bytes_moved{3 * (header + 8 + 2 + 16), 3 * (header + 8 + 6 + 48)}));
    BOOST_TEST(close(a.rcc(), 4 * 2.0 / 100)); // (K + 1) s / d
    auto const f = account<float>(plain(terse::top_k{.count = 2}), 100, apart);
    BOOST_TEST((f.round == bytes_moved{3 * (header + 8 + 2 + 8), 3 * (header + 8 + 6 + 24)}));
}

BOOST_AUTO_TEST_CASE(indices_travel_in_the_shortest_coding) {
    // Gaps 10 and 49989 take 1 and 3 bytes of 7 bits.
    auto const a = account<float>(plain(terse::top_k{.count = 2}), 100000, {{10, 50000}, {10, 50000}, {10, 50000}});
    BOOST_TEST(a.round.up == 3 * (header + 8 + 4 + 8));
    // Eight of eight: a bitmap of one byte.
    auto const b = account<float>(plain(terse::top_k{.count = 8}), 8, same);
    BOOST_TEST(b.round.up == 3 * (header + 8 + 1 + 32));
}

// Whatever shape the sum has, it travels in the shorter form, and the RCC counts two for each entry of the union.
BOOST_AUTO_TEST_CASE(a_union_of_all_coordinates_travels_dense) {
    auto const a = account<double>(plain(terse::top_k{.count = 2}), 30, {{3, 5}, {13, 15}, {23, 25}});
    BOOST_TEST(a.round.down == 3 * (header + 8 + 4 + 48));                                  // a bitmap of 30 bits
    auto const b = account<double>(plain(terse::top_k{.count = 6}), 30, neighbours(6, 10)); // 18 of 30
    BOOST_TEST((b.by_kind[2] == bytes_moved{3 * (header + 8 + 4 + 48), 3 * (header + 8 + 4 + 144)}));
    BOOST_TEST((b.by_kind[2] == b.total));
    BOOST_TEST(close(b.rcc(), (3 * 2 * 6 + 3 * 2 * 18) / (2.0 * 30 * 3)));
    auto const c =
        account<double>(plain(terse::top_k{.count = 10}), 30, neighbours(10, 10)); // 30 of 30: 252 bytes, or 240
    BOOST_TEST((c.by_kind[1] == bytes_moved{0, 3 * (header + 240)}));
    BOOST_TEST(c.total.up == c.by_kind[2].up);
    BOOST_TEST(c.total.down == c.by_kind[1].down);
    BOOST_TEST(close(c.rcc(), (3 * 2 * 10 + 3 * 2 * 30) / (2.0 * 30 * 3)));
    auto const d = account<double>(plain(terse::top_k{.count = 6}), 30, neighbours(6, 0)); // 18 entries, a union of 6
    BOOST_TEST((d.by_kind[2] == bytes_moved{3 * (header + 8 + 4 + 48), 3 * (header + 8 + 4 + 48)}));
}

BOOST_AUTO_TEST_CASE(shared_supports_need_no_indices) {
    for (auto const& supports : {same, apart}) {
        auto const block = account<double>(plain(terse::random_block{.count = 4}), 100, supports, 5);
        BOOST_TEST((block.round == bytes_moved{3 * (header + 8 + 32), 3 * (header + 8 + 32)}));
        BOOST_TEST((block.by_kind[3] == block.total));
        BOOST_TEST(close(block.rcc(), 0.04)); // s / d
        auto const shared = account<double>(plain(terse::random_k{.count = 4}), 100, supports, 5);
        BOOST_TEST((shared.round == bytes_moved{3 * (header + 8 + 32), 3 * (header + 8 + 32)}));
        BOOST_TEST((shared.by_kind[2] == shared.total));
        BOOST_TEST(close(shared.rcc(), 0.04));
    }
}

BOOST_AUTO_TEST_CASE(signs) {
    auto const a = account<double>(plain(terse::scaled_sign{}), 100, same);
    BOOST_TEST((a.round == bytes_moved{3 * (header + 8 + 13), 3 * (header + 800)}));
    BOOST_TEST((a.by_kind[4] == bytes_moved{a.round.up, 0}));
    BOOST_TEST((a.by_kind[1] == bytes_moved{0, a.round.down}));
    BOOST_TEST(close(a.rcc(), (100.0 / 32 + 1 + 100) / 200));
}

BOOST_AUTO_TEST_CASE(bundles) {
    // 100 = 40 + 40 + 20 coordinates.
    auto const a = account<double>(plain(terse::blockwise<terse::scaled_sign>{.inner = {}, .size = 40}), 100, same);
    BOOST_TEST(
        (a.round == bytes_moved{3 * (header + 3 * part + (8 + 5) + (8 + 5) + (8 + 3)), 3 * (header + 3 * part + 800)}));
    BOOST_TEST((a.by_kind[5] == a.total));
    BOOST_TEST(close(a.rcc(), (100.0 / 32 + 3 + 100) / 200));
}

BOOST_AUTO_TEST_CASE(either_travels_as_what_it_holds) {
    random_run run(1, kind::top_k);
    run.k = 2;
    auto const direct = account<double>(plain(terse::top_k{.count = 2}), 100, apart, 3);
    auto const any = account<double>(plain(run.library_compressor()), 100, apart, 3);
    BOOST_TEST((any.total == direct.total));
    BOOST_TEST((any.by_kind[2] == direct.by_kind[2]));
    BOOST_TEST(any.rcc() == direct.rcc());
}

BOOST_AUTO_TEST_CASE(server_momentum_is_broadcast_dense) {
    auto const a = account<double>(terse::gmc_server({.count = 2}), 100, apart, 2);
    BOOST_TEST((a.round == bytes_moved{3 * (header + 8 + 2 + 16), 3 * (header + 800)}));
    BOOST_TEST(close(a.rcc(), (2 * 2 + 100) / 200.0));
}

BOOST_AUTO_TEST_CASE(a_compressed_broadcast_counts_at_its_own_size) {
    auto const a = account<double>(terse::ef_sgdm_dc({.count = 2}), 100, apart, 2);
    BOOST_TEST((a.round == bytes_moved{3 * (header + 8 + 2 + 16), 3 * (header + 8 + 2 + 16)}));
    BOOST_TEST(close(a.rcc(), (2 * 2 + 2 * 2) / 200.0));
    auto const s = account<double>(terse::ef_sgdm_dc(terse::scaled_sign{}), 100, apart, 2);
    BOOST_TEST((s.round == bytes_moved{3 * (header + 8 + 13), 3 * (header + 8 + 13)}));
    BOOST_TEST((s.by_kind[4] == s.total));
}

BOOST_AUTO_TEST_CASE(averaging_counts_one_dense_message_each_way) {
    // Period 2 in rounds 1 and 3 of 5.
    auto const a = account<double>(terse::saef({.count = 2, .period = 2}), 100, same, 5);
    auto const b = account<double>(terse::saef({.count = 2}), 100, same, 5);
    bytes_moved const twice{2 * 3 * (header + 800), 2 * 3 * (header + 800)};
    BOOST_TEST((a.averaging == twice));
    BOOST_TEST((b.averaging == bytes_moved{}));
    BOOST_TEST((a.by_kind[1] == twice));
    BOOST_TEST(a.total.up == b.total.up + twice.up);
    BOOST_TEST(a.total.down == b.total.down + twice.down);
    BOOST_TEST(close(a.rcc(), b.rcc() + 2.0 / 5)); // (d + d) K every p steps
}

BOOST_AUTO_TEST_CASE(the_rcc_follows_the_formula_of_the_paper) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        random_run run(seed, kind::top_k);
        run.dimension = 20;
        run.k = 1 + seed % 3;
        // Without feedback and momentum the supports are those of the gradients.
        double floats = 0;
        std::vector<double> w(20, 0.0);
        auto sgd = terse::train(plain(terse::top_k{.count = run.k}),
                                terse::simulated{.workers = static_cast<std::uint32_t>(run.workers)}, w);
        for (std::uint64_t t = 0; t < 10; ++t) {
            std::vector<bool> together(20, false);
            std::size_t entries = 0;
            for (std::size_t k = 0; k < run.workers; ++k) {
                numbers g(20);
                for (std::size_t i = 0; i < 20; ++i) g[i] = uniform({seed, t, k, i}) - 0.5;
                auto const sent = run.compress(g, t, 0).sent;
                for (std::size_t i = 0; i < 20; ++i) {
                    entries += sent[i] ? 1 : 0;
                    together[i] = together[i] || sent[i];
                }
            }
            auto const in_union = static_cast<double>(std::count(together.begin(), together.end(), true));
            floats += 2 * static_cast<double>(entries) + static_cast<double>(run.workers) * 2 * in_union;
            sgd.step(1, [&](terse::worker_context at, auto, auto g) {
                for (std::size_t i = 0; i < 20; ++i) g[i] = uniform({seed, t, at.worker, i}) - 0.5;
            });
        }
        BOOST_TEST(std::fabs(sgd.traffic().rcc() - floats / (2.0 * 20 * 10 * static_cast<double>(run.workers))) <
                   1e-14);
    }
}

BOOST_AUTO_TEST_CASE(kinds_add_up) {
    for (auto const compressor : every_kind) {
        random_run run(5, compressor);
        run.k = 3;
        run.block = 30;
        auto const a = account<float>(terse::saef_dc(run.library_compressor(), {.period = 2}), 100, apart, 4);
        bytes_moved sum;
        for (auto const& kind : a.by_kind) sum += kind;
        BOOST_TEST((sum == a.total));
        BOOST_TEST(a.total.total() == a.total.up + a.total.down);
    }
}

BOOST_AUTO_TEST_SUITE_END()
