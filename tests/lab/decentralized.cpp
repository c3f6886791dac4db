// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Methods whose workers talk to neighbours, in plain loops over matrices that are written down here.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(decentralized)

namespace {

using vec = std::vector<double>;
using matrix = std::vector<vec>;
constexpr std::size_t d = 2, n = 8, steps = 25;
constexpr double rate = 0.05;

// Worker k has F_k(x) = 1/2 sum_i h_ki (x_i - a_ki)^2.
double curvature(std::size_t k, std::size_t i) { return 1 + 0.25 * static_cast<double>((3 * k + 5 * i) % 7); }
double centre(std::size_t k, std::size_t i) { return static_cast<double>((5 * k + 2 * i) % 8) - 3.5; }

struct setting : playground {
    setting() {
        std::string workers;
        for (std::size_t k = 0; k < n; ++k) {
            auto const pair = [&](auto of) { return std::to_string(of(k, 0)) + ", " + std::to_string(of(k, 1)); };
            workers += (k == 0 ? "" : ", ") + std::string("{\"diag\": [") + pair(curvature) + "], \"a\": [" +
                       pair(centre) + "]}";
        }
        write("P.json", "{\"workers\": [" + workers + "], \"start\": [6, -5]}");
        write("graph.txt", "# a tree and one edge more\n0 1\n0 2\n1 3 # of a branch\n1 4\n\n2 5\n2 6\n6 7\n7 0\n");
    }
    int run(std::string const& more, std::size_t rounds = steps) {
        return lab("run --problem-file P.json --lr 0.05 --steps " + std::to_string(rounds) + " " + more);
    }
};

// 1 / (1 + the larger degree) for those that are joined.
template <class F>
matrix metropolis(F joined) {
    auto const degree = [&](std::size_t i) {
        double of = 0;
        for (std::size_t j = 0; j < n; ++j) of += i != j && joined(i, j) ? 1 : 0;
        return of;
    };
    matrix w(n, vec(n, 0.0));
    for (std::size_t i = 0; i < n; ++i) {
        w[i][i] = 1;
        for (std::size_t j = 0; j < n; ++j)
            if (i != j && joined(i, j)) w[i][j] = 1 / (1 + std::max(degree(i), degree(j))), w[i][i] -= w[i][j];
    }
    return w;
}

struct named {
    std::string topology, gap; ///< the gap as it is printed
    std::vector<matrix> turns;
};

std::vector<named> graphs() {
    auto const apart = [](std::size_t i, std::size_t j) { return (i + n - j) % n; };
    auto const bits = [](std::size_t i, std::size_t j) { return __builtin_popcountll(i ^ j); };
    auto const in_file = [](std::size_t i, std::size_t j) {
        std::vector<std::pair<std::size_t, std::size_t>> const edges{{0, 1}, {0, 2}, {1, 3}, {1, 4},
                                                                     {2, 5}, {2, 6}, {6, 7}, {7, 0}};
        return std::ranges::count(edges, std::pair{i, j}) + std::ranges::count(edges, std::pair{j, i}) != 0;
    };
    std::vector<matrix> peers;
    for (std::size_t const step : {1u, 2u, 4u}) {
        peers.emplace_back(n, vec(n, 0.0));
        for (std::size_t i = 0; i < n; ++i) peers.back()[i][i] = peers.back()[i][(i + n - step) % n] = 0.5;
    }
    return {{"ring", "0.195262", {metropolis([&](auto i, auto j) { return apart(i, j) == 1 || apart(j, i) == 1; })}},
            {"torus", "0.5", {metropolis([](auto i, auto j) { // 2 x 4
                 auto const steps_right = (i + 4 - j) % 4;
                 return i / 4 == j / 4 ? steps_right % 2 == 1 : steps_right == 0;
             })}},
            {"hypercube", "0.5", {metropolis([&](auto i, auto j) { return bits(i, j) == 1; })}},
            {"exponential", "0.666667", {metropolis([&](auto i, auto j) {
                 auto const way = std::min(apart(i, j), apart(j, i));
                 return way == 1 || way == 2 || way == 4;
             })}},
            {"one_peer", "1", peers},
            {"complete", "1", {metropolis([](auto, auto) { return true; })}},
            {"star", "0.125", {metropolis([](auto i, auto j) { return i == 0 || j == 0; })}},
            {"graph.txt", "", {metropolis(in_file)}}};
}

// x_i <- sum_j W_ij x_j
matrix mixed(matrix const& w, matrix const& x) {
    matrix out(n, vec(d, 0.0));
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t c = 0; c < d; ++c) out[i][c] += w[i][j] * x[j][c];
    return out;
}

// The models of all workers after each round, row by row.
matrix follow(std::vector<matrix> const& turns, double beta, bool mixes_momenta) {
    matrix x(n, {6, -5}), m(n, vec(d, 0.0)), all = x;
    for (std::size_t t = 0; t < steps; ++t) {
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = 0; i < d; ++i) {
                m[k][i] = beta * m[k][i] + curvature(k, i) * (x[k][i] - centre(k, i));
                x[k][i] -= rate * m[k][i];
            }
        auto const& w = turns[t % turns.size()];
        if (mixes_momenta) m = mixed(w, m);
        x = mixed(w, x);
        all.insert(all.end(), x.begin(), x.end());
    }
    return all;
}

double gap_between(vec const& row, std::size_t skip, vec const& wanted) {
    double most = 0;
    for (std::size_t i = 0; i < d; ++i) most = std::max(most, std::abs(row[i + skip] - wanted[i]));
    return most;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(line_by_line_on_every_topology, setting) {
    for (auto const& graph : graphs())
        for (auto const& [method, beta, mixes_momenta] :
             {std::tuple{"decentralized_sgdm --beta 0.7", 0.7, true}, std::tuple{"d_psgd", 0.0, false},
              std::tuple{"d_psgd --beta 0.6", 0.6, false}}) {
            auto const who = std::string(method) + " --topology " + graph.topology;
            BOOST_REQUIRE_MESSAGE(run("--method " + who + " --iterates O.csv --iterates-workers X.csv") == 0, said());
            BOOST_TEST(said().find("  spectral_gap       " + graph.gap) != std::string::npos, who << ": " << said());
            auto const wanted = follow(graph.turns, beta, mixes_momenta);
            auto const rows = table("X.csv"), means = table("O.csv");
            BOOST_REQUIRE_EQUAL(rows.size(), wanted.size());
            BOOST_REQUIRE_EQUAL(means.size(), steps + 1);
            for (std::size_t j = 0; j < rows.size(); ++j)
                BOOST_TEST(gap_between(rows[j], 2, wanted[j]) < 1e-12, who << ", row " << j);
            for (std::size_t t = 0; t <= steps; ++t) {
                vec mean(d, 0.0);
                for (std::size_t k = 0; k < n; ++k)
                    for (std::size_t i = 0; i < d; ++i) mean[i] += wanted[t * n + k][i] / n;
                BOOST_TEST(gap_between(means[t], 1, mean) < 1e-12, who << ", mean of round " << t);
            }
        }
}

BOOST_FIXTURE_TEST_CASE(the_complete_graph_is_one_model, setting) {
    BOOST_TEST(run("--method decentralized_sgdm --topology complete --iterates O.csv") == 0);
    auto const mixed = table("O.csv");
    BOOST_TEST(run("--method dmsgd_local --iterates O.csv") == 0);
    auto const one = table("O.csv");
    for (std::size_t t = 0; t <= steps; ++t) BOOST_TEST(gap_between(mixed[t], 1, {one[t][1], one[t][2]}) < 1e-12);
}

BOOST_FIXTURE_TEST_CASE(the_record_says_who_hears_whom, setting) {
    BOOST_TEST(run("--method d_psgd --topology star --record R.jsonl --health") == 0, said());
    auto const text = read("R.jsonl");
    for (auto const* part : {"\"topology\": \"star\"", "\"spectral_gap\": 0.12", "\"beta\": \"0\"", "model_distance"})
        BOOST_TEST(text.find(part) != std::string::npos, part << " is not in " << text.substr(0, text.find('\n')));
    BOOST_TEST(run("--method d_psgd --record R.csv") == 0);
    // a model of 2 doubles and its header on each of the 16 ways of a ring
    BOOST_TEST(table("R.csv")[1][4] == 16 * (32 + 16.0));
}

BOOST_FIXTURE_TEST_CASE(resumes_from_a_checkpoint, setting) {
    auto const all = "--method decentralized_sgdm --topology one_peer --iterates O.csv --iterates-workers X.csv ";
    BOOST_TEST(run(all) == 0, said());
    auto const means = read("O.csv"), models = read("X.csv");
    BOOST_TEST(run(std::string(all) + "--checkpoint C", 11) == 0, said());
    BOOST_TEST(run(std::string(all) + "--checkpoint C --resume") == 0, said());
    BOOST_TEST((read("O.csv") == means));
    BOOST_TEST((read("X.csv") == models));
    BOOST_TEST(run("--method decentralized_sgdm --topology ring --checkpoint C --resume") == 4, said());
}

BOOST_FIXTURE_TEST_CASE(refuses_graphs_that_are_none, setting) {
    auto const expect = [&](int code, std::string const& topology, std::string const& words) {
        BOOST_TEST(run("--method d_psgd --topology " + topology) == code, said());
        BOOST_TEST(said().find(words) != std::string::npos, "\"" << words << "\" is not in: " << said());
    };
    expect(2, "circle", "\"circle\" is neither a file nor one of ring torus hypercube");
    expect(2, "no/such/file", "is neither a file");
    write("bad.txt", "0 1\n1 8\n");
    expect(4, "bad.txt", "bad.txt:2:3: there is no worker 8 among 8");
    write("bad.txt", "0 1\n1 0\n");
    expect(4, "bad.txt", "bad.txt:2:1: the edge 1 - 0 is there twice");
    write("bad.txt", "0 one\n");
    expect(4, "bad.txt", "bad.txt:1:3");
    write("bad.txt", "0 1\n2 3\n4 5\n6 7\n");
    expect(4, "bad.txt", "not connected: no way from worker 0 to worker 2");
    write("P.json", R"({"workers": [{"diag": [1, 1], "a": [0, 1]}, {"diag": [1, 1], "a": [1, 1]},
                        {"diag": [1, 2], "a": [0, 3]}], "start": [3, 4]})");
    expect(2, "hypercube", "a hypercube of 3 workers, which is no power of two");
    expect(0, "torus", "spectral_gap       1"); // of 3 workers, which all hear each other
    BOOST_TEST(run("--method gmc --k 1 --topology ring") == 0);
    BOOST_TEST(said().find("gmc has no use for --topology") != std::string::npos, said());
}

BOOST_AUTO_TEST_SUITE_END()
