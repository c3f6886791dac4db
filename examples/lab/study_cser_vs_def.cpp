// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <lab/curve.hpp>

namespace lab {

namespace {

// With as many entries in a round, on average: k of CSER's steps and 4 k of its resets in every fourth round, or 2 k.
constexpr std::size_t entries = 2;

method_settings method(char const* name) {
    method_settings m;
    m.name = name;
    bool const resets = m.name == "cser" || m.name == "m_cser";
    m.period = resets ? std::optional<std::uint64_t>(4) : std::nullopt;
    m.compressor.k = resets ? entries : 2 * entries;
    m.compressor.k1 = resets ? 4 * entries : 0;
    return m;
}

constexpr std::array methods_compared{"ef_sgd", "cser", "def_a", "m_cser"};
constexpr std::array colours{"#999999", "#E69F00", "#0072B2", "#D55E00"};

// The loss when so many bytes have travelled, interpolated; infinite if they have not.
double loss_at(curve const& c, double bytes) {
    auto const sum = [](observation const& o) { return o.bytes_up + o.bytes_down; };
    for (std::size_t i = 1; i < c.points.size(); ++i) {
        auto const& a = c.points[i - 1];
        auto const& b = c.points[i];
        if (sum(b) >= bytes) return a.loss + (b.loss - a.loss) * (bytes - sum(a)) / (sum(b) - sum(a));
    }
    return std::numeric_limits<double>::infinity();
}

} // namespace

void cser_vs_def(study_settings const& s, notebook& book) {
    auto const file = data_file(s, book, "a9a");
    if (!file) return;
    data_settings data;
    data.file = *file;
    data.workers = s.workers.value_or(8);
    data.batch = 4;
    data.l2 = 1e-4;
    data.seed = s.seed;
    auto const files = read_data<float>(data);
    double const budget = (s.smoke ? 2e3 : 2e5) * data.workers;
    auto const rates = grid(0.005, 2, s.smoke ? 2 : 10);

    book.table("Logistic regression on a9a (batch 4), " + std::to_string(data.workers) +
               " workers: training loss after " + std::to_string(static_cast<int>(budget / data.workers / 1e3)) +
               " kB up and down for each worker, by partition");
    std::map<std::string, std::map<std::string, double>> loss;
    for (auto const* partition : {"iid", "dirichlet", "label"}) {
        data.partition = partition;
        auto const t = data_task(files, data);
        terse::fields row{{"partition", std::string(partition)}}, chosen;
        for (auto const* name : methods_compared) {
            auto const best = tune(rates, 1, [&](double rate, std::uint64_t, double) {
                auto const c = train_curve(t, method(name),
                                           {.lr = rate,
                                            .rounds = s.smoke ? 20u : 1500u,
                                            .every = s.smoke ? 5u : 75u,
                                            .seed = s.seed,
                                            .threads = s.threads});
                return (loss_at(c, 0.9 * budget) + loss_at(c, 0.95 * budget) + loss_at(c, budget)) / 3;
            });
            loss[partition][name] = best.score;
            row.emplace_back(name, best.score);
            chosen.emplace_back(std::string("lr ") + name, best.rate);
        }
        row.insert(row.end(), chosen.begin(), chosen.end());
        book.row(row);
    }
    std::string figure = "set title 'a9a: training loss at the same bytes'\nset style data histogram\nset style "
                         "histogram clustered\nset style fill solid\nset key left top\n";
    for (std::size_t i = 0; i < methods_compared.size(); ++i)
        figure += std::string(i == 0 ? "plot '" : ", '") + book.file() + "' using " + std::to_string(i + 2) +
                  ":xtic(1) every ::1 lc rgb '" + colours[i] + "' title '" + methods_compared[i] + "' noenhanced";
    book.figure(figure + "\n");
    for (auto const* partition : {"iid", "dirichlet", "label"}) {
        auto& at = loss[partition];
        book.claim(std::string(partition) + ": def_a is ahead of m_cser", at["def_a"] < at["m_cser"]);
    }
    book.note(std::string("without momentum, sorted by label, ") + (loss["label"]["cser"] < loss["label"]["ef_sgd"]
                                                                        ? "cser is ahead of ef_sgd"
                                                                        : "ef_sgd is ahead of cser"));
}

} // namespace lab
