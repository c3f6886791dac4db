// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <lab/curve.hpp>

namespace lab {

namespace {

struct base {
    char const* title;
    char const* what;
    char const* colour;
    method_settings method; // without slow momentum
    method_settings slow;   // with it
};

std::vector<base> bases(std::uint64_t period) {
    auto const method = [&](char const* name, std::optional<terse::buffer_strategy> buffers = {}) {
        method_settings m;
        m.name = name;
        m.period = period;
        m.buffers = buffers;
        return m;
    };
    using enum terse::buffer_strategy;
    return {{"Nesterov", "Nesterov steps, momenta cleared", "#0072B2", method("pr_sgd_m_nesterov", reset),
             method("slowmo", reset)},
            {"averaged", "Nesterov steps, momenta averaged", "#D55E00", method("pr_sgd_m_nesterov", average),
             method("slowmo", average)},
            // with a constant learning rate bmuf is slowmo over plain steps
            {"plain", "plain steps", "#000000", method("local_sgd"), method("bmuf")}};
}

method_settings with(base const& b, double slow_momentum) {
    if (slow_momentum == 0) return b.method;
    auto m = b.slow;
    m.outer_beta = slow_momentum;
    return m;
}

terse::fields row_of(double slow_momentum, std::vector<base> const& all, std::vector<tuned> const& best) {
    terse::fields f{{"slow momentum", slow_momentum}};
    for (std::size_t i = 0; i < all.size(); ++i) f.emplace_back(all[i].title, best[i].score);
    for (std::size_t i = 0; i < all.size(); ++i) f.emplace_back(std::string("lr ") + all[i].title, best[i].rate);
    return f;
}

} // namespace

void slowmo(study_settings const& s, notebook& book) {
    auto const workers = s.workers.value_or(8);
    auto const d = s.dimension.value_or(s.smoke ? 10 : 50);
    // 10^8 normal numbers in a round would take longer than the method.
    bool const large = static_cast<double>(workers) * static_cast<double>(d) > 1e6;
    double const noise = large ? 0 : 0.1;
    std::uint64_t const period = s.smoke ? 3 : 12;
    auto const rounds = period * (s.smoke ? 3 : large ? 3 : 20);
    auto const momenta = s.smoke || large ? std::vector{0.0, 0.6} : std::vector{0.0, 0.2, 0.4, 0.6, 0.8};
    auto const rates = grid(0.0025, std::sqrt(2.0), s.smoke ? 3 : 20);
    auto all = bases(period);
    if (large) all.resize(1);

    auto const problem = [&](std::size_t dimension) {
        return noisy_quadratic(
            stretched_quadratic(
                {.seed = s.seed, .workers = workers, .dimension = dimension, .smallest = 0.001, .largest = 1}),
            noise);
    };
    // Coordinates do not know of each other, so that a problem with fewer has the same best rate, but for the largest
    // eigenvalue of any worker, beyond which it diverges: hence the half of it.
    auto const small = problem(std::min<std::size_t>(d, 50));
    auto const full = small.start.size() == d ? small : problem(d);
    curve_settings run{.rounds = rounds, .every = period, .seed = s.seed, .threads = s.threads};

    book.table("A quadratic (d = " + std::to_string(d) + ", eigenvalues 0.001 .. 1, " +
               (large ? "exact gradients" : "noise 0.1 per coordinate") + "), " + std::to_string(workers) +
               " workers, tau = " + std::to_string(period) + ", " + std::to_string(rounds) +
               " steps: F - F* by slow momentum and by what it is over");
    std::vector<std::vector<tuned>> best;
    double seconds = 0;
    for (double const momentum : momenta) {
        auto& row = best.emplace_back();
        for (auto const& b : all) {
            auto const m = with(b, momentum);
            row.push_back(tune(small, m, run, rates, s.smoke || large ? 1 : 3));
            if (small.start.size() == d) continue;
            row.back().rate /= 2;
            run.lr = row.back().rate;
            auto const c = train_curve(full, m, run);
            row.back().score = c.tail(3);
            seconds = c.seconds;
        }
        book.row(row_of(momentum, all, row));
    }
    if (seconds > 0) book.note(std::to_string(seconds / static_cast<double>(rounds)) + " seconds per step");
    std::string figure = "set title 'F - F* after " + std::to_string(rounds) +
                         " steps'\nset xlabel 'slow momentum'\nset logscale y\nset key left bottom\n";
    for (std::size_t i = 0; i < all.size(); ++i)
        figure += std::string(i == 0 ? "plot '" : ", '") + book.file() + "' using 1:" + std::to_string(i + 2) +
                  " every ::1 with linespoints pt 7 lc rgb '" + all[i].colour + "' title 'over " + all[i].what + "'";
    book.figure(figure + "\n");
    if (large) return; // three averages are too few to judge slow momentum by
    for (std::size_t i = 0; i < all.size(); ++i) {
        double with_it = best[1][i].score;
        for (std::size_t j = 1; j < momenta.size(); ++j)
            if (momenta[j] >= 0.4) with_it = std::min(with_it, best[j][i].score);
        book.claim("slow momentum of 0.4 to 0.8 is ahead of none, over " + std::string(all[i].what),
                   with_it < best[0][i].score);
    }
}

} // namespace lab
