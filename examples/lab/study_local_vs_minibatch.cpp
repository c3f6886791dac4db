// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <terse/problem/random_quadratic.hpp>

#include <lab/curve.hpp>

namespace lab {

namespace {

// inner_outer_sgd is local SGD, because its inner step size is that of the round.
constexpr std::array methods_compared{"inner_outer_sgd", "minibatch_sgd", "ac_sa"};
constexpr std::array titles{"local", "minibatch", "accelerated"};

// What each method comes to at its best learning rate: the mean of the last three observations.
template <class T>
std::array<tuned, 3> compare_on(task<T> const& t, std::uint64_t rounds, std::uint64_t period,
                                std::vector<double> const& rates, std::uint64_t seeds, study_settings const& s) {
    std::array<tuned, 3> best;
    for (std::size_t i = 0; i < methods_compared.size(); ++i) {
        method_settings m;
        m.name = methods_compared[i];
        m.period = period;
        best[i] = tune(rates, seeds, [&](double rate, std::uint64_t seed, double) {
            double const loss =
                train_curve(t, m, {.lr = rate, .rounds = rounds, .seed = s.seed + seed, .threads = s.threads}).tail(3);
            return std::isfinite(loss) ? loss : std::numeric_limits<double>::infinity();
        });
    }
    return best;
}

terse::fields row_of(terse::field const& name, std::array<tuned, 3> const& best) {
    terse::fields f{name};
    for (std::size_t i = 0; i < best.size(); ++i) f.emplace_back(titles[i], best[i].score);
    for (std::size_t i = 0; i < best.size(); ++i) f.emplace_back(std::string("lr ") + titles[i], best[i].rate);
    return f;
}

std::string plot(notebook const& book, std::string const& part, std::string const& x) {
    std::string text;
    constexpr std::array colours{"#D55E00", "#000000", "#0072B2"};
    for (std::size_t i = 0; i < titles.size(); ++i)
        text += std::string(i == 0 ? "plot '" : ", '") + book.file(part) + "' using " + x + ":" +
                std::to_string(i + 2) + " every ::1 with linespoints pt 7 lc rgb '" + colours[i] + "' title '" +
                titles[i] + " SGD'";
    return text + "\n";
}

} // namespace

void local_vs_minibatch(study_settings const& s, notebook& book) {
    std::uint64_t const rounds = s.smoke ? 5 : 30;
    std::uint64_t const period = s.smoke ? 2 : 16;
    std::uint32_t const workers = s.workers.value_or(8);
    auto const rates = grid(1e-3, 2, s.smoke ? 3 : 13);

    book.table("Quadratics (d = 30, eigenvalues 0.1 .. 10, noise 1 per coordinate), " + std::to_string(workers) +
                   " workers, tau = " + std::to_string(period) + ", " + std::to_string(rounds) +
                   " rounds: F - F* by the spread of the workers' optima",
               "quadratic");
    std::vector<std::array<tuned, 3>> by_spread;
    for (double const spread : s.smoke ? std::vector<double>{0, 10} : std::vector<double>{0, 0.1, 0.3, 1, 3, 10, 30}) {
        auto const t = noisy_quadratic(terse::random_quadratic({.seed = s.seed,
                                                                .workers = workers,
                                                                .dimension = 30,
                                                                .smallest = 0.1,
                                                                .largest = 10,
                                                                .heterogeneity = spread,
                                                                .dense = false}),
                                       1);
        by_spread.push_back(compare_on(t, rounds, period, rates, s.smoke ? 1 : 3, s));
        book.row(row_of({"spread", spread}, by_spread.back()));
    }
    book.figure("set title 'Quadratics: F - F* after " + std::to_string(rounds) +
                    " rounds'\nset xlabel 'spread of the optima (+ 0.03)'\nset logscale xy\nset key left top\n" +
                    plot(book, "quadratic", "($1+0.03)"),
                "quadratic");
    auto const& same = by_spread.front();
    auto const& far = by_spread.back();
    book.claim("quadratics, equal optima: local SGD is ahead of minibatch SGD", same[0].score < same[1].score);
    book.claim("quadratics, optima far apart: minibatch SGD is ahead of local SGD", far[1].score < far[0].score);
    book.claim("quadratics, optima far apart: accelerated minibatch SGD is the best",
               far[2].score < far[0].score && far[2].score < far[1].score);

    auto const file = data_file(s, book, "a9a");
    if (!file) return;
    data_settings data;
    data.file = *file;
    data.workers = workers;
    data.batch = 4;
    data.l2 = 1e-4;
    data.seed = s.seed;
    auto const files = read_data<float>(data);
    book.table("Logistic regression on a9a (batch 4), the same workers, tau and rounds: training loss by partition",
               "a9a");
    std::map<std::string, std::array<tuned, 3>> by_partition;
    for (auto const* partition : {"iid", "dirichlet", "label"}) {
        data.partition = partition;
        by_partition[partition] =
            compare_on(data_task(files, data), rounds, period, grid(0.01, 2, s.smoke ? 3 : 11), 1, s);
        book.row(row_of({"partition", std::string(partition)}, by_partition[partition]));
    }
    auto const& iid = by_partition["iid"];
    auto const& label = by_partition["label"];
    book.claim("a9a, iid: local SGD is ahead of minibatch SGD", iid[0].score < iid[1].score);
    book.claim("a9a, sorted by label: minibatch SGD is ahead of local SGD", label[1].score < label[0].score);
    book.claim("a9a, sorted by label: accelerated minibatch SGD is ahead of minibatch SGD",
               label[2].score < label[1].score);
}

} // namespace lab
