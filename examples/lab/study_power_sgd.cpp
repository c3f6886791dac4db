// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lab {

namespace {

// Two standard errors of an accuracy near 0.44 on 2,000 images.
constexpr double as_accurate = 0.02;

// Numbers that a worker sends in a round: two factors for each matrix, and a vector as it is.
double numbers(terse::layout const& layers, std::size_t rank) {
    double n = 0;
    for (auto const& layer : layers.segments()) {
        auto const r = std::min({rank, layer.rows, layer.cols});
        bool const whole = layer.rows == 1 || layer.cols == 1;
        n += static_cast<double>(whole ? layer.size() : r * (layer.rows + layer.cols));
    }
    return n;
}

} // namespace

void power_sgd(study_settings const& s, notebook& book) {
    auto const file = data_file(s, book, s.smoke ? "cifar10_test_2k.bin" : "cifar10_train_10k.bin");
    auto const test = data_file(s, book, "cifar10_test_2k.bin");
    if (!file || !test) return;
    data_settings data;
    data.problem = "mlp";
    data.file = *file;
    data.test_file = *test;
    data.workers = s.workers.value_or(8);
    data.l2 = 1e-4;
    data.hidden = {s.smoke ? std::size_t{4} : std::size_t{64}};
    data.seed = s.seed;
    auto const dealt = deal_anew(read_data<float>(data), data, s.smoke ? 1 : 5);
    auto const& layers = dealt[0].layers;
    std::uint64_t const rounds = s.smoke ? 2 : 5 * dealt[0].rounds_per_epoch;

    book.table("A perceptron on CIFAR-10 (3072-" + std::to_string(data.hidden[0]) + "-10, d = " +
               std::to_string(layers.size()) + "), " + std::to_string(data.workers) + " workers of batch 32, " +
               std::to_string(rounds) + " rounds: momentum SGD and PowerSGD; MB are of one worker");
    std::vector<outcome> all;
    std::vector<double> ratio, predicted;
    for (std::size_t const rank : {0u, 1u, 2u, 4u}) {
        method_settings m;
        m.name = rank == 0 ? "dmsgd" : "power_sgd_momentum";
        m.momentum_lr = terse::momentum_lr::previous; // both
        if (rank != 0) m.rank = rank;
        all.push_back(best_outcome(dealt, m, {.rounds = rounds, .seed = s.seed, .threads = s.threads},
                                   s.smoke ? std::vector{0.01} : grid(0.01, 2, 5)));
        auto const& x = all.back();
        ratio.push_back((all[0].bytes_up + all[0].bytes_down) / (x.bytes_up + x.bytes_down));
        predicted.push_back(rank == 0 ? 1 : static_cast<double>(layers.size()) / numbers(layers, rank));
        book.row({{"method", rank == 0 ? m.name : "rank " + std::to_string(rank)},
                  {"loss", x.loss},
                  {"accuracy", x.accuracy},
                  {"MB up", x.bytes_up / 1e6 / data.workers},
                  {"MB down", x.bytes_down / 1e6 / data.workers},
                  {"ratio", ratio.back()},
                  {"numbers", predicted.back()},
                  {"lr", x.rate}});
    }
    book.figure("set title 'CIFAR-10: PowerSGD against momentum SGD'\nset xlabel 'MB up and down, one worker'\n"
                "set ylabel 'training loss'\nset logscale x\nset offsets graph 0.1, graph 0.2, graph 0.1, graph 0.1\n"
                "plot '" +
                book.file() + "' using ($4+$5):2 every ::1 with points pt 7 lc rgb '#0072B2' notitle, '" + book.file() +
                "' using ($4+$5):2:1 every ::1 with labels left offset 1,0 noenhanced notitle\n");

    for (std::size_t const i : {2u, 3u})
        book.claim("rank " + std::to_string(i == 2 ? 2 : 4) +
                       ": as accurate as momentum SGD, but for 2 points of per cent",
                   all[i].accuracy >= all[0].accuracy - as_accurate);
    book.claim("a higher rank has the smaller loss", all[1].loss > all[2].loss && all[2].loss > all[3].loss);
    bool counted = true; // headers are the difference
    for (std::size_t i = 0; i < ratio.size(); ++i) counted = counted && std::abs(ratio[i] / predicted[i] - 1) < 0.02;
    book.claim("bytes up and down shrink as d to the numbers in factors and vectors, but for 2 %", counted);
}

} // namespace lab
