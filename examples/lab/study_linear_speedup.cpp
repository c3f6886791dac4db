// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <terse/problem/random_quadratic.hpp>

#include <lab/curve.hpp>
#include <lab/figure.hpp>

namespace lab {

void linear_speedup(study_settings const& s, notebook& book) {
    auto const counts = s.smoke ? std::vector<std::uint32_t>{1, 2} : std::vector<std::uint32_t>{1, 2, 4, 8, 16};
    std::uint64_t const limit = s.smoke ? 400 : 40000;
    double const target = s.smoke ? 5 : 0.5;
    method_settings m;
    m.name = "dmsgd_local";

    book.table("A noisy quadratic (d = 20, eigenvalues 1 .. 10, noise 10 per coordinate): rounds to F - F* <= " +
               std::string(s.smoke ? "5" : "0.5"));
    std::vector<double> n, rounds;
    for (auto const workers : counts) {
        auto const t = noisy_quadratic(
            terse::random_quadratic({.seed = s.seed, .workers = workers, .dimension = 20, .dense = false}), 10);
        auto const best = tune(grid(1e-4, std::sqrt(2.0), s.smoke ? 6 : 16), s.smoke ? 1 : 3,
                               [&](double rate, std::uint64_t seed, double fewest) {
                                   auto const enough =
                                       static_cast<std::uint64_t>(std::min(1.2 * fewest, static_cast<double>(limit)));
                                   return train_curve(t, m,
                                                      {.lr = rate,
                                                       .rounds = enough,
                                                       .every = 10,
                                                       .seed = s.seed + seed,
                                                       .threads = s.threads,
                                                       .target = target})
                                       .rounds_to(target);
                               });
        n.push_back(workers);
        rounds.push_back(best.score);
        book.row({{"workers", workers},
                  {"lr", best.rate},
                  {"rounds", best.score},
                  {"speed-up", rounds.front() / best.score}});
    }
    book.figure("set title 'A noisy quadratic: rounds to the target'\nset xlabel 'workers N'\nset ylabel 'rounds'\n"
                "set logscale xy 2\nplot '" +
                book.file() + "' using 1:3 every ::1 with linespoints pt 7 " + line_of("dmsgd_local") + ", " +
                std::to_string(rounds.front()) + "/x with lines lc rgb '#888888' dt 3 title '1/N'\n");
    double const slope = log_slope(n, rounds);
    book.note("slope " + std::to_string(slope));
    book.claim("the rounds fall like 1/N (PR-SGD-Momentum)", slope < -0.8);
}

} // namespace lab
