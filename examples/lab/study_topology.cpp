// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/cluster/simulated.hpp>
#include <terse/cluster/spectral_gap.hpp>
#include <terse/loop/train.hpp>
#include <terse/method/decentralized_sgdm.hpp>
#include <terse/problem/random_quadratic.hpp>

#include <lab/curve.hpp>

namespace lab {

namespace {

struct graph {
    std::string name;
    std::vector<terse::mixing_matrix> matrices; ///< which take turns
};

// With the number of neighbours to which a worker sends in a round, on average.
double neighbours(graph const& g) {
    auto const& first = g.matrices.front().graph();
    auto const arcs = static_cast<double>(first.is_directed() ? first.edges() : 2 * first.edges());
    return arcs / first.workers();
}

std::vector<graph> graphs(std::uint32_t side) {
    using terse::topology;
    auto const n = side * side;
    auto const with = [](char const* name, topology const& t) { return graph{name, {metropolis(t)}}; };
    return {with("ring", topology::ring(n)),
            with("star", topology::star(n)),
            with("torus", topology::torus(side, side)),
            with("hypercube", topology::hypercube(n)),
            with("exponential", topology::exponential(n)),
            {"one-peer", terse::one_peer_exponential(n)},
            with("complete", topology::complete(n))};
}

double rounds_to(task<double> const& t, std::vector<terse::mixing_matrix> const& matrices, bool with_momentum,
                 double lr, double target, double limit, std::uint64_t seed) {
    auto w = t.start;
    auto x = w;
    auto method = terse::decentralized_sgdm(matrices, {.beta = with_momentum ? 0.9 : 0.0});
    method.mixing.mixes_momenta = with_momentum; // without momentum it is d_psgd
    auto run = terse::train(method, terse::simulated{.workers = t.workers}, w,
                            {.seed = seed, .on_non_finite = terse::non_finite::propagate});
    curve c;
    for (std::uint64_t r = 0; static_cast<double>(r) <= limit; ++r) {
        if (r % 5 == 0) {
            run.mean(x);
            c.points.push_back({.round = r, .loss = t.loss(x)});
            if (!(c.points.back().loss < 1e6)) break;
            if (auto const rounds = c.rounds_to(target); std::isfinite(rounds)) return rounds;
        }
        run.step(lr, t.gradient);
    }
    return std::numeric_limits<double>::infinity();
}

struct measured {
    std::vector<double> gap, sgdm, d_psgd; // by graph
};

// The rounds to the target for each graph.
measured measure(study_settings const& s, notebook& book, std::vector<graph> const& graphs, task<double> const& t,
                 double target) {
    measured all;
    for (auto const& g : graphs) {
        auto const best = [&](bool with_momentum) {
            return tune(grid(with_momentum ? 0.04 : 0.25, std::sqrt(0.5), s.smoke ? 4 : 16), s.smoke ? 1 : 3,
                        [&](double rate, std::uint64_t seed, double fewest) {
                            return rounds_to(t, g.matrices, with_momentum, rate, target,
                                             std::min(1.2 * fewest, s.smoke ? 200.0 : 2000.0), s.seed + seed);
                        });
        };
        auto const momentum = best(true), plain = best(false);
        all.gap.push_back(terse::spectral_gap(g.matrices));
        all.sgdm.push_back(momentum.score);
        all.d_psgd.push_back(plain.score);
        book.row({{"graph", g.name},
                  {"neighbours", neighbours(g)},
                  {"gap", all.gap.back()},
                  {"sgdm", momentum.score},
                  {"d_psgd", plain.score},
                  {"lr sgdm", momentum.rate},
                  {"lr d_psgd", plain.rate}});
    }
    return all;
}

std::string plot(notebook const& book, std::string const& part, char const* title) {
    std::string text = "set title '" + std::string(title) +
                       "'\nset xlabel 'spectral gap'\nset ylabel 'rounds'\nset logscale xy\nset xrange [0.03:2]\n";
    for (auto const& [column, name, colour] :
         {std::tuple{4, "decentralized SGDM", "#0072B2"}, std::tuple{5, "D-PSGD", "#D55E00"}})
        text += std::string(column == 4 ? "plot '" : ", '") + book.file(part) + "' using 3:" + std::to_string(column) +
                " every ::1 with points pt 7 lc rgb '" + colour + "' title '" + name +
                "', '' using 3:" + std::to_string(column) + ":1 every ::1 with labels offset 0,1 notitle";
    return text + "\n";
}

} // namespace

void topology(study_settings const& s, notebook& book) {
    auto const all = graphs(s.smoke ? 2 : 4);
    auto const n = all.front().matrices.front().workers();
    auto const problem = [&](double noise, double heterogeneity) {
        return noisy_quadratic(
            terse::random_quadratic(
                {.seed = s.seed, .workers = n, .dimension = 20, .heterogeneity = heterogeneity, .dense = false}),
            noise);
    };
    auto const heading = [&](char const* what, char const* target) {
        return std::string("A quadratic (d = 20, eigenvalues 1 .. 10), ") + what + ", " + std::to_string(n) +
               " workers: rounds until the mean of the models has F - F* <= " + (s.smoke ? "3" : target);
    };
    book.table(heading("noise 10 per coordinate, one optimum for all", "0.3"), "noise");
    auto const noisy = measure(s, book, all, problem(10, 0), s.smoke ? 3 : 0.3);
    book.figure(plot(book, "noise", "Rounds where noise decides"), "noise");
    book.table(heading("no noise, optima of their own", "0.01"), "apart");
    auto const apart = measure(s, book, all, problem(0, 1), s.smoke ? 3 : 0.01);
    book.figure(plot(book, "apart", "Rounds where the workers disagree"), "apart");

    // Ring, torus, exponential and complete: all workers have as many neighbours, and a gap of their own.
    std::vector<double> gap, sgdm, d_psgd;
    for (std::size_t const i : {0u, 2u, 4u, 6u}) {
        gap.push_back(apart.gap[i]);
        sgdm.push_back(apart.sgdm[i]);
        d_psgd.push_back(apart.d_psgd[i]);
    }
    auto const slope = [&](std::vector<double> const& rounds) { return log_slope(gap, rounds); };
    book.note("slope of the rounds by the gap, ring, torus, exponential and complete: decentralized_sgdm " +
              std::to_string(slope(sgdm)) + ", d_psgd " + std::to_string(slope(d_psgd)));
    book.claim("noise: decentralized_sgdm on a ring is as fast as on the complete graph, but for a quarter",
               noisy.sgdm.front() <= 1.25 * noisy.sgdm.back());
    book.claim("noise: d_psgd likewise", noisy.d_psgd.front() <= 1.25 * noisy.d_psgd.back());
    auto const falls = [](std::vector<double> const& rounds) { return std::ranges::is_sorted(rounds, std::greater{}); };
    book.claim("optima apart: a larger gap takes no more rounds, decentralized_sgdm", falls(sgdm));
    book.claim("optima apart: likewise d_psgd", falls(d_psgd));
    book.claim("optima apart: the rounds grow no faster than 1 / gap", slope(sgdm) > -1 && slope(d_psgd) > -1);
    book.claim("optima apart: one peer in a round is better than the two of a ring",
               apart.sgdm[5] < apart.sgdm[0] && apart.d_psgd[5] < apart.d_psgd[0]);
}

} // namespace lab
