// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <terse/problem/random_quadratic.hpp>

#include <lab/curve.hpp>

namespace lab {

namespace {

// Rounds, which are local steps, by the number of workers. best(workers, period) tunes them.
void measure(study_settings const& s, notebook& book, std::string const& part, std::string const& what,
             std::function<tuned(std::uint32_t workers, method_settings const&)> const& best) {
    auto const counts = s.smoke ? std::vector<std::uint32_t>{1, 2} : std::vector<std::uint32_t>{1, 2, 4, 8, 16};
    // local steps between averages
    auto const periods = s.smoke ? std::vector<std::uint64_t>{1, 4} : std::vector<std::uint64_t>{1, 4, 16};
    std::vector<std::vector<double>> rounds(periods.size());
    std::vector<double> n;
    for (auto const workers : counts) {
        n.push_back(workers);
        terse::fields row{{"workers", workers}}, rates;
        for (std::size_t i = 0; i < periods.size(); ++i) {
            method_settings m;
            m.name = "pr_sgd_m";
            m.period = periods[i];
            auto const found = best(workers, m);
            auto const name = "I = " + std::to_string(periods[i]);
            rounds[i].push_back(found.score);
            row.emplace_back(name, found.score);
            row.emplace_back("speed-up " + std::to_string(periods[i]), rounds[i].front() / found.score);
            rates.emplace_back("lr " + name, found.rate);
        }
        row.insert(row.end(), rates.begin(), rates.end());
        book.row(row);
    }
    constexpr std::array colours{"#0072B2", "#D55E00", "#000000"};
    std::string figure = "set title '" + what + ": steps to the target'\nset xlabel 'workers N'\n" +
                         "set ylabel 'steps'\nset logscale xy 2\nplot ";
    for (std::size_t i = 0; i < periods.size(); ++i)
        figure += "'" + book.file(part) + "' using 1:" + std::to_string(2 * i + 2) +
                  " every ::1 with linespoints pt 7 lc rgb '" + colours[i] +
                  "' title 'I = " + std::to_string(periods[i]) + "', ";
    book.figure(figure + std::to_string(rounds.front().front()) + "/x with lines lc rgb '#888888' dt 3 title '1/N'\n",
                part);
    for (std::size_t i = 0; i < periods.size(); ++i) {
        auto const name = what + ", I = " + std::to_string(periods[i]);
        double const slope = log_slope(n, rounds[i]);
        book.note(name + ": slope " + std::to_string(slope));
        book.claim(name + ": the steps fall like 1/N", slope < -0.8);
    }
}

} // namespace

void linear_speedup(study_settings const& s, notebook& book) {
    double const target = s.smoke ? 5 : 0.5;
    book.table("A noisy quadratic (d = 20, eigenvalues 1 .. 10, noise 10 per coordinate): steps to F - F* <= " +
               std::string(s.smoke ? "5" : "0.5"));
    auto const rates = grid(1e-4, std::sqrt(2.0), s.smoke ? 6 : 16);
    measure(s, book, "", "A noisy quadratic", [&](std::uint32_t workers, method_settings const& m) {
        auto const t = noisy_quadratic(
            terse::random_quadratic({.seed = s.seed, .workers = workers, .dimension = 20, .dense = false}), 10);
        return tune(
            t, m,
            {.rounds = s.smoke ? 400u : 40000u, .every = 10, .seed = s.seed, .threads = s.threads, .target = target},
            rates, s.smoke ? 1 : 3);
    });

    auto const file = data_file(s, book, "a9a");
    if (!file) return;
    data_settings data;
    data.file = *file;
    data.batch = 1;
    data.l2 = 1e-4;
    auto const files = read_data<float>(data);
    double const loss = s.smoke ? 0.6 : 0.34;
    book.table("Logistic regression on a9a (iid, batch 1): steps to a training loss of " +
                   std::string(s.smoke ? "0.6" : "0.34"),
               "a9a");
    measure(s, book, "a9a", "a9a", [&](std::uint32_t workers, method_settings const& m) {
        data.workers = workers;
        std::vector<task<float>> dealt; // another deal and other batches for each seed
        for (std::uint64_t seed = 0; seed < (s.smoke ? 1 : 3); ++seed) {
            data.seed = s.seed + seed;
            dealt.push_back(data_task(files, data));
        }
        return tune(s.smoke ? std::vector{0.05} : grid(0.00125, std::sqrt(2.0), 14), dealt.size(),
                    [&](double rate, std::uint64_t seed, double fewest) {
                        auto const limit = std::min(1.2 * fewest, (s.smoke ? 200.0 : 12800.0) / workers);
                        return train_curve(dealt[seed], m,
                                           {.lr = rate,
                                            .rounds = static_cast<std::uint64_t>(limit),
                                            .every = (s.smoke ? 20u : 320u) / workers,
                                            .seed = s.seed + seed,
                                            .threads = s.threads,
                                            .target = loss})
                            .rounds_to(loss);
                    });
    });
}

} // namespace lab
