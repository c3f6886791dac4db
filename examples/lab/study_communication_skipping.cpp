// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <lab/curve.hpp>

namespace lab {

namespace {

struct variant {
    char const* title;
    char const* name;
    char const* colour;
};
constexpr std::array variants{variant{"averaged", "pr_sgd_m", "#0072B2"},
                              variant{"cleared", "pr_sgd_m_cleared", "#000000"},
                              variant{"Nesterov", "pr_sgd_m_nesterov", "#D55E00"}};

using losses = std::array<std::vector<double>, variants.size()>; // by variant and period

// What the loss grows by from the shortest to the longest period.
double growth(std::vector<double> const& x) { return x.back() / x.front(); }

} // namespace

void communication_skipping(study_settings const& s, notebook& book) {
    auto const periods = s.smoke ? std::vector<std::uint64_t>{1, 4} : std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32};
    auto const longest = periods.back();
    auto const steps = longest * (s.smoke ? 3 : 10);
    auto const workers = s.workers.value_or(8);
    auto const rates = grid(0.01, std::sqrt(2.0), s.smoke ? 3 : 14);

    auto const measure = [&](char const* part, char const* what, double heterogeneity) {
        auto const t = noisy_quadratic(stretched_quadratic({.seed = s.seed,
                                                            .workers = workers,
                                                            .dimension = 20,
                                                            .smallest = 0.01,
                                                            .largest = 1,
                                                            .heterogeneity = heterogeneity}),
                                       0.1);
        book.table("A quadratic (d = 20, eigenvalues 0.01 .. 1, noise 0.1 per coordinate), " + std::to_string(workers) +
                       " workers with " + what + ", " + std::to_string(steps) +
                       " steps: F - F* by the steps between averages",
                   part);
        losses all;
        for (auto const period : periods) {
            terse::fields row{{"I", period}}, chosen;
            for (std::size_t i = 0; i < variants.size(); ++i) {
                method_settings m;
                m.name = variants[i].name;
                m.period = period;
                auto const best = tune(t, m, {.rounds = steps, .every = longest, .seed = s.seed, .threads = s.threads},
                                       rates, s.smoke ? 1 : 3);
                all[i].push_back(best.score);
                row.emplace_back(variants[i].title, best.score);
                chosen.emplace_back(std::string("lr ") + variants[i].title, best.rate);
            }
            row.insert(row.end(), chosen.begin(), chosen.end());
            book.row(row);
        }
        std::string figure = std::string("set title 'F - F* after ") + std::to_string(steps) + " steps, " + what +
                             "'\nset xlabel 'steps between averages'\nset logscale xy 2\nset key left top\n";
        for (std::size_t i = 0; i < variants.size(); ++i)
            figure += std::string(i == 0 ? "plot '" : ", '") + book.file(part) + "' using 1:" + std::to_string(i + 2) +
                      " every ::1 with linespoints pt 7 lc rgb '" + variants[i].colour + "' title '" +
                      variants[i].title + "'";
        book.figure(figure + "\n", part);
        return all;
    };
    auto const same = measure("same", "the same optimum", 0);
    auto const apart = measure("apart", "optima of their own", 1);

    auto const is_ahead = [&](losses const& all) {
        for (std::size_t i = 0; i < periods.size(); ++i)
            if (!(all[0][i] < all[1][i])) return false;
        return true;
    };
    book.note("from I = 1 to I = " + std::to_string(longest) + " the loss with averaged momenta grows by " +
              std::to_string(growth(same[0])) + " with the same optimum, by " + std::to_string(growth(apart[0])) +
              " with optima of their own; with Nesterov's momentum by " + std::to_string(growth(same[2])) + " and " +
              std::to_string(growth(apart[2])));
    book.claim("the same optimum: averaging momenta is ahead of clearing them, at every I", is_ahead(same));
    book.claim("optima of their own: averaging momenta is ahead of clearing them, at every I", is_ahead(apart));
    book.claim("the same optimum: I = 4 costs less than a tenth of the loss",
               same[0][s.smoke ? 1 : 2] < 1.1 * same[0][0]);
    book.claim("optima of their own tolerate less skipping", growth(apart[0]) > growth(same[0]));
    book.claim("Nesterov's momentum tolerates less skipping than Polyak's", growth(apart[2]) > growth(apart[0]));
}

} // namespace lab
