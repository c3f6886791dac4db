// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <terse/cluster/mixing_matrix.hpp>

BOOST_AUTO_TEST_SUITE(mixing_matrix_tests)

namespace {

using terse::mixing_matrix;
using terse::topology;
using matrix = std::vector<std::vector<double>>;

matrix dense(mixing_matrix const& w) {
    auto const n = w.workers();
    matrix m(n, std::vector<double>(n));
    for (std::uint32_t i = 0; i < n; ++i)
        for (std::uint32_t j = 0; j < n; ++j) m[i][j] = w(i, j);
    return m;
}

matrix product(matrix const& a, matrix const& b) {
    auto const n = a.size();
    matrix c(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t k = 0; k < n; ++k) c[i][j] += a[i][k] * b[k][j];
    return c;
}

template <class F>
void refuses(F f, std::string const& words) {
    BOOST_CHECK_EXCEPTION(f(), terse::configuration_error, [&](auto const& e) {
        BOOST_TEST_MESSAGE(e.what());
        return std::string(e.what()).find(words) != std::string::npos;
    });
}

std::vector<topology> graphs() {
    std::vector<topology::edge> const odd{{0, 4}, {4, 1}, {4, 3}, {3, 2}, {2, 5}, {5, 0}};
    std::vector<topology> all{topology(6, odd),       topology(6, {}),       topology::torus(3, 5),
                              topology::torus(2, 7),  topology::torus(2, 2), topology::hypercube(8),
                              topology::hypercube(1), topology::complete(6), topology::star(9)};
    for (std::uint32_t n = 0; n < 20; ++n) {
        all.push_back(topology::ring(n));
        all.push_back(topology::exponential(n));
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(metropolis_weights) {
    for (auto const& g : graphs()) {
        auto const w = terse::metropolis(g);
        BOOST_CHECK_NO_THROW(terse::require_symmetric(w));
        for (std::uint32_t i = 0; i < g.workers(); ++i) {
            double row = w.own_weight(i), column = row;
            for (std::uint32_t j = 0; j < g.workers(); ++j) {
                if (i == j) continue;
                bool near = false;
                for (auto const k : g.neighbours(i)) near |= k == j;
                auto const most = std::max(g.neighbours(i).size(), g.neighbours(j).size());
                BOOST_TEST(w(i, j) == (near ? 1.0 / static_cast<double>(1 + most) : 0.0));
                row += w(i, j);
                column += w(j, i);
            }
            BOOST_TEST(std::abs(row - 1) < 1e-14);
            BOOST_TEST(std::abs(column - 1) < 1e-14);
        }
    }
    auto const star = terse::metropolis(topology::star(5));
    BOOST_TEST(std::abs(star.own_weight(0) - 0.2) < 1e-15);
    BOOST_TEST(star.own_weight(3) == 0.8);
    refuses([] { terse::metropolis(topology::shift(4, 1)); }, "undirected");
}

BOOST_AUTO_TEST_CASE(one_peer_rounds_make_the_mean) {
    for (std::uint32_t const n : {1u, 2u, 4u, 8u, 16u, 32u, 6u, 12u}) {
        auto const rounds = terse::one_peer_exponential(n);
        BOOST_TEST(rounds.size() == std::max(1.0, std::ceil(std::log2(n))));
        matrix all = dense(rounds[0]);
        for (std::size_t t = 1; t < rounds.size(); ++t) all = product(dense(rounds[t]), all);
        bool mean = true;
        for (auto const& row : all)
            for (double const x : row) mean &= x == 1.0 / n;
        BOOST_TEST(mean == ((n & (n - 1)) == 0));
        BOOST_CHECK_NO_THROW(terse::require_connected(rounds));
        if (n < 4) continue;
        for (std::size_t t = 0; t < rounds.size(); ++t) {
            BOOST_TEST(rounds[t].own_weight(n - 1) == 0.5);
            BOOST_TEST(rounds[t]((1u << t) % n, 0) == 0.5); // 2^t hears 0
        }
        refuses([&] { terse::require_symmetric(rounds[0]); }, "W(0, ");
        refuses([&] { terse::require_connected(rounds[1]); }, "no way from worker 0 to worker 1");
    }
    BOOST_CHECK_NO_THROW(terse::require_symmetric(terse::one_peer_exponential(2)[0]));
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_mix) {
    auto const with = [](double own, double other) {
        return [=] {
            mixing_matrix(topology::ring(4), [=](std::uint32_t i, std::uint32_t j) { return i == j ? own : other; });
        };
    };
    BOOST_CHECK_NO_THROW(with(0.5, 0.25)());
    refuses(with(0.5, 0.3), "row 0 adds up to 1.1");
    refuses(with(1.5, -0.25), "W(0, 0) is 1.5");
    refuses(with(std::numeric_limits<double>::quiet_NaN(), 0.25), "W(0, 0) is nan");
    refuses(with(0.5, std::numeric_limits<double>::infinity()), "is inf");
    // Rows that add up, and columns that do not: everyone listens to worker 0 of a star.
    refuses(
        [] {
            mixing_matrix(topology::star(4),
                          [](std::uint32_t i, std::uint32_t j) { return i == 0 ? (j == 0 ? 1.0 : 0.0) : 0.5; });
        },
        "column 0 adds up to 2.5");
}

BOOST_AUTO_TEST_CASE(connected_or_not) {
    std::vector<topology::edge> const two{{0, 1}, {2, 3}}, bridge{{1, 2}};
    std::vector<mixing_matrix> const together{terse::metropolis(topology(4, two)),
                                              terse::metropolis(topology(4, bridge))};
    refuses([&] { terse::require_connected(together[0]); }, "no way from worker 0 to worker 2");
    BOOST_CHECK_NO_THROW(terse::require_connected(together));
    refuses([] { terse::require_connected(std::span<mixing_matrix const>()); }, "there is none");
    refuses([] { terse::require_connected(terse::metropolis(topology(2, {}))); }, "worker 0 to worker 1");
    // An edge without weight carries nothing.
    mixing_matrix const silent(topology::ring(3), [](std::uint32_t i, std::uint32_t j) { return i == j ? 1.0 : 0.0; });
    refuses([&] { terse::require_connected(silent); }, "not connected");
    std::vector<mixing_matrix> const odd{terse::metropolis(topology::ring(3)), terse::metropolis(topology::ring(4))};
    refuses([&] { terse::require_connected(odd); }, "a graph of 4 workers in a cluster of 3");
    BOOST_CHECK_NO_THROW(terse::require_connected(terse::metropolis(topology::ring(0))));
}

BOOST_AUTO_TEST_CASE(another_matrix_has_another_checksum) {
    auto const lazy = [](double own) {
        return mixing_matrix(topology::ring(5),
                             [=](std::uint32_t i, std::uint32_t j) { return i == j ? own : (1 - own) / 2; });
    };
    BOOST_TEST(lazy(0.5).checksum() == lazy(0.5).checksum());
    BOOST_TEST(lazy(0.5).checksum() != lazy(0.25).checksum());
}

BOOST_AUTO_TEST_SUITE_END()
