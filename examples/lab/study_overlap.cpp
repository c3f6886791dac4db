// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/network.hpp>
#include <terse/cluster/simulated_clock.hpp>

#include <lab/curve.hpp>

namespace lab {

namespace {

constexpr std::uint64_t model_bytes = 100'000'000;
constexpr double gradient_seconds = 0.1;

struct straggling {
    char const* name;
    terse::compute_time compute;
};

std::vector<straggling> straggler_models() {
    using enum terse::compute_time::law;
    return {{"constant", {.how = constant, .mean = gradient_seconds}},
            {"exponential", {.how = exponential, .mean = gradient_seconds}},
            {"pareto", {.how = pareto, .mean = gradient_seconds, .tail = 1.5}},
            {"one slow", {.how = constant, .mean = gradient_seconds, .slow_workers = 1, .slow_factor = 2}}};
}

// The clock of a cluster that averages after every period of `steps` gradients: all wait for all, and for the average.
struct setting {
    std::uint32_t workers;
    std::uint32_t steps;
    std::uint64_t seed;
    terse::network network{.how = terse::network::pattern::ring_all_reduce, .worker = {.bandwidth = 1.25e9}};
};

terse::round_seconds blocking(setting const& x, terse::compute_time const& compute, std::uint64_t periods) {
    terse::simulated_clock clock(x.network, compute, x.workers, x.seed);
    std::vector<std::uint64_t> const sent(x.workers, model_bytes);
    auto const all = model_bytes * x.workers;
    for (std::uint64_t r = 0; r < periods; ++r) clock.advance(r, sent, {all, all}, {}, x.steps);
    return clock.total();
}

// Overlap-Local-SGD: the average of a period begins when the last worker has brought its model, and travels while all
// compute on. At the end of the next period a worker waits for it, and for nobody else. Seconds until the last average
// is there.
double overlapping(setting const& x, terse::compute_time const& compute, std::uint64_t periods) {
    std::vector<terse::worker_load> loads(x.workers);
    for (std::uint32_t k = 0; k < x.workers; ++k) loads[k] = {.worker = k, .bytes = model_bytes};
    double const travel = x.network.round(loads, model_bytes).total();
    std::vector<double> now(x.workers);
    double average = 0; // when the one before is there
    for (std::uint64_t r = 0; r < periods; ++r) {
        for (std::uint32_t k = 0; k < x.workers; ++k)
            now[k] = std::max(now[k] + compute.seconds({x.seed, r, k, x.workers}, x.steps), average);
        average = *std::ranges::max_element(now) + travel;
    }
    return average;
}

struct contender {
    char const* name;
    bool overlaps;
};
// Each is followed by its counterpart that overlaps.
constexpr std::array contenders{contender{"local_sgd", false}, contender{"overlap_local_sgd", true},
                                contender{"pr_sgd_m_nesterov", false}, contender{"overlap_local_sgd_m", true}};

} // namespace

void overlap(study_settings const& s, notebook& book) {
    setting const x{.workers = s.workers.value_or(s.smoke ? 4 : 16), .steps = 2, .seed = s.seed};
    auto const models = straggler_models();

    std::uint64_t const many = s.smoke ? 10 : 1000;
    book.table("A model of 100 MB, 10 Gbit/s in a ring, gradients of 0.1 s, " + std::to_string(x.workers) +
                   " workers, tau = " + std::to_string(x.steps) +
                   ": seconds of a period of local SGD, and with overlap",
               "periods");
    std::vector<double> gain;
    double hidden = 0;
    for (auto const& m : models) {
        auto all = blocking(x, m.compute, many);
        auto const n = static_cast<double>(many);
        auto const seconds = overlapping(x, m.compute, many);
        gain.push_back(all.total() / seconds);
        if (gain.size() == 1) hidden = seconds / n / (x.steps * gradient_seconds);
        book.row({{"gradient time", std::string(m.name)},
                  {"computing", all.compute / n},
                  {"waiting", all.wait / n},
                  {"travelling", (all.up + all.down) / n},
                  {"whole", all.total() / n},
                  {"with overlap", seconds / n},
                  {"ratio", gain.back()}});
    }

    double const target = s.smoke ? 1 : 0.05;
    auto const t = noisy_quadratic(
        stretched_quadratic({.seed = s.seed, .workers = x.workers, .dimension = 20, .smallest = 0.01, .largest = 1}),
        1);
    auto const rates = grid(0.01, std::sqrt(2.0), s.smoke ? 6 : 15);
    book.table("A quadratic (d = 20, eigenvalues 0.01 .. 1, noise 1 per coordinate) on them: periods and simulated "
               "seconds to F - F* <= " +
               std::string(s.smoke ? "1" : "0.05"));
    std::vector<double> periods;
    std::vector<std::vector<double>> seconds;
    for (auto const& c : contenders) {
        method_settings m;
        m.name = c.name;
        m.period = x.steps;
        if (m.name == "pr_sgd_m_nesterov") m.buffers = terse::buffer_strategy::maintain; // as its counterpart
        auto const best = tune(t, m,
                               {.rounds = s.smoke ? 200u : 4000u,
                                .every = std::uint64_t{2} * x.steps,
                                .seed = s.seed,
                                .threads = s.threads,
                                .target = target},
                               rates, s.smoke ? 1 : 3);
        periods.push_back(best.score / x.steps);
        terse::fields row{{"method", std::string(c.name)}, {"lr", best.rate}, {"periods", periods.back()}};
        auto& mine = seconds.emplace_back();
        for (auto const& law : models) {
            auto const count = static_cast<std::uint64_t>(std::isfinite(best.score) ? periods.back() : 0);
            mine.push_back(count == 0   ? std::numeric_limits<double>::infinity()
                           : c.overlaps ? overlapping(x, law.compute, count)
                                        : blocking(x, law.compute, count).total());
            row.emplace_back(law.name, mine.back());
        }
        book.row(row);
    }
    std::string figure = "set title 'Simulated seconds to the target'\nset style data histogram\nset style histogram "
                         "clustered\nset style fill solid\nset yrange [0:*]\nset key left top\n";
    constexpr std::array colours{"#0072B2", "#D55E00", "#000000", "#999999"};
    for (std::size_t i = 0; i < models.size(); ++i)
        figure += std::string(i == 0 ? "plot '" : ", '") + book.file() + "' using " + std::to_string(i + 4) +
                  ":xtic(1) every ::1 lc rgb '" + colours[i] + "' title '" + models[i].name + "'";
    book.figure(figure + "\n");

    book.claim("equal gradient times: communication is hidden behind computation", hidden < 1.01);
    book.claim("periods are shorter under each straggler model",
               std::ranges::all_of(gain, [](double g) { return g > 1; }));
    for (std::size_t i = 0; i < contenders.size(); i += 2) {
        std::string const name = contenders[i + 1].name;
        book.claim(name + ": at most a quarter more periods than " + contenders[i].name,
                   periods[i + 1] <= 1.25 * periods[i]);
        book.claim(name + ": sooner there than " + contenders[i].name + ", exponential gradient times",
                   seconds[i + 1][1] < seconds[i][1]);
    }
}

} // namespace lab
