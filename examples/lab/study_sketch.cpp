// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <lab/curve.hpp>

namespace lab {

namespace {

// F(x) = 1/2 sum_i l_i (x_i - a_i)^2, the eigenvalues 1, 1/4, 1/9, .. in random places. All workers have this F, and
// together a batch of the same size whatever their number: the noise of their mean is sigma, and that of a worker
// grows with their number.
task<float> shared_batch(std::size_t d, double sigma, std::uint32_t workers, std::uint64_t seed) {
    terse::random_stream const random(seed, terse::purpose::data);
    std::vector<std::pair<std::uint64_t, std::size_t>> place(d);
    for (std::size_t i = 0; i < d; ++i) place[i] = {random.bits(2 * d + i), i};
    std::ranges::sort(place);
    std::vector<float> l(d), a(d);
    for (std::size_t i = 0; i < d; ++i) {
        l[place[i].second] = static_cast<float>(std::pow(static_cast<double>(i + 1), -2));
        a[i] = static_cast<float>(random.normal(i));
    }
    task<float> t;
    t.workers = workers;
    t.start.assign(d, 0);
    t.loss = [l, a](std::span<float const> x) {
        double f = 0;
        for (std::size_t i = 0; i < x.size(); ++i) f += 0.5 * l[i] * (x[i] - a[i]) * (x[i] - a[i]);
        return f;
    };
    // uniform, in 2^16 steps: normal numbers would take longer than the method
    auto const step = static_cast<float>(sigma * std::sqrt(12.0 * workers) * 0x1p-16);
    t.gradient = [l, a, step](terse::worker_context at, std::span<float const> x, std::span<float> g) {
        auto const noise = at.random(terse::purpose::user, at.local_step);
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < x.size(); ++i, bits >>= 16) {
            if (i % 4 == 0) bits = noise.bits(i / 4);
            g[i] = l[i] * (x[i] - a[i]) + step * (static_cast<float>(bits & 0xffff) - 32767.5f);
        }
    };
    return t;
}

constexpr std::array contenders{"dmsgd", "ef_sgd", "gmc", "sketched_sgd", "fetch_sgd"};
constexpr std::array colours{"#000000", "#999999", "#0072B2", "#D55E00", "#009E73"};

// What it takes to the target; infinite if that is not reached.
struct cost {
    double rounds = std::numeric_limits<double>::infinity();
    double kilobytes = rounds; // of a worker, up and down
};

cost cost_of(task<float> const& t, method_settings const& m, curve_settings const& s) {
    auto const c = train_curve(t, m, s);
    cost x;
    x.rounds = c.rounds_to(s.target);
    if (std::isfinite(x.rounds))
        x.kilobytes = (c.points.back().bytes_up + c.points.back().bytes_down) / 1e3 / t.workers;
    return x;
}

} // namespace

void sketch(study_settings const& s, notebook& book) {
    auto const d = s.dimension.value_or(s.smoke ? 640 : 16384);
    auto const sizes = s.smoke ? std::vector{2u, 8u} : std::vector{4u, 16u, 64u, 256u};
    auto const columns = std::max<std::size_t>(d / 256, 1) * 16;
    std::uint64_t const seeds = s.smoke ? 1 : 3, rounds = s.smoke ? 10 : 300;
    auto const rates = grid(0.4, 2, s.smoke ? 1 : 4);
    auto const problem = [&](std::uint32_t workers, std::uint64_t seed) {
        return shared_batch(d, 3e-4, workers, s.seed + seed);
    };

    method_settings plain;
    plain.name = "dsgd";
    std::vector<double> target; // of each seed; the workers' mean is as noisy for any number of them
    for (std::uint64_t seed = 0; seed < seeds; ++seed)
        target.push_back(1.05 * tune(problem(sizes[0], seed), plain,
                                     {.rounds = rounds, .every = 5, .seed = s.seed + seed, .threads = s.threads}, rates,
                                     1)
                                    .score);

    book.table("A quadratic (d = " + std::to_string(d) + ", eigenvalues 1, 1/4, 1/9, .., noise 0.0003 per coordinate " +
               "of the mean): kB of a worker, up and down, to 1.05 times the F - F* of uncompressed SGD in " +
               std::to_string(rounds) + " rounds; k = 0.4 %, tables of 5 x " + std::to_string(columns));
    std::vector<double> counts;
    std::array<std::vector<double>, contenders.size()> kilobytes;
    for (auto const workers : sizes) {
        counts.push_back(workers);
        std::vector<task<float>> tasks;
        for (std::uint64_t seed = 0; seed < seeds; ++seed) tasks.push_back(problem(workers, seed));
        terse::fields row{{"workers", workers}}, chosen;
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            method_settings m;
            m.name = contenders[i];
            m.compressor.ratio = 0.004;
            m.columns = columns;
            auto const run = [&](double rate, std::size_t seed, double most) {
                return cost_of(tasks[seed], m,
                               {.lr = rate,
                                .rounds = static_cast<std::uint64_t>(most),
                                .every = 5,
                                .seed = s.seed + seed,
                                .threads = s.threads,
                                .target = target[seed]});
            };
            auto const most = 2.0 * static_cast<double>(rounds);
            std::vector<double> spent(1, cost{}.kilobytes);
            auto const best = tune(rates, 1, [&](double rate, std::uint64_t, double fewest) {
                auto const x = run(rate, 0, std::min(1.2 * fewest, most));
                if (x.rounds < fewest) spent[0] = x.kilobytes;
                return x.rounds;
            });
            for (std::size_t seed = 1; seed < seeds; ++seed) spent.push_back(run(best.rate, seed, most).kilobytes);
            std::ranges::sort(spent);
            kilobytes[i].push_back(spent[spent.size() / 2]);
            row.emplace_back(contenders[i], kilobytes[i].back());
            chosen.emplace_back(std::string("lr ") + contenders[i], best.rate);
        }
        row.insert(row.end(), chosen.begin(), chosen.end());
        book.row(row);
    }
    std::string figure = "set title 'Bytes to the loss of uncompressed SGD'\nset xlabel 'workers'\nset ylabel 'kB of a "
                         "worker, up and down'\nset logscale xy 2\nset key right bottom\n";
    std::array<double, contenders.size()> slope{};
    for (std::size_t i = 0; i < contenders.size(); ++i) {
        slope[i] = log_slope(counts, kilobytes[i]);
        book.note(std::string(contenders[i]) + ": slope " + std::to_string(slope[i]));
        figure += std::string(i == 0 ? "plot '" : ", '") + book.file() + "' using 1:" + std::to_string(i + 2) +
                  " every ::1 with linespoints pt 7 lc rgb '" + colours[i] + "' title '" + contenders[i] +
                  "' noenhanced";
    }
    book.figure(figure + "\n");

    for (std::size_t const i : {3u, 4u})
        book.claim(std::string(contenders[i]) + ": the bytes do not depend on the number of workers, |slope| < 0.1",
                   std::abs(slope[i]) < 0.1);
    for (std::size_t const i : {1u, 2u})
        book.claim(std::string(contenders[i]) + ", by top-k: they grow with it, slope > 0.5", slope[i] > 0.5);
    for (std::size_t const i : {3u, 4u})
        book.claim(std::to_string(sizes.back()) + " workers: " + contenders[i] +
                       " needs fewer bytes than top-k and than dmsgd",
                   kilobytes[i].back() < std::min({kilobytes[0].back(), kilobytes[1].back(), kilobytes[2].back()}));
}

} // namespace lab
