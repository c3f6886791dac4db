// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lab {

namespace {

struct scheme {
    std::string name;
    method_settings method;
};

// All without momentum, but for the last two.
std::vector<scheme> schemes(double ratio, bool per_layer) {
    std::vector<scheme> all;
    auto const add = [&](std::string name, char const* method, char const* compressor = "") -> method_settings& {
        auto& m = all.emplace_back(scheme{std::move(name), {}}).method;
        m.name = method;
        m.compressor.name = compressor;
        m.compressor.ratio = ratio;
        return m;
    };
    add("fp32", "dsgd");
    add("fp16", "dsgd").compressor.values = terse::wire::precision::fp16;
    for (unsigned const bits : {8u, 4u, 2u})
        add("qsgd " + std::to_string(bits) + " bits", "qsgd_sgd").compressor.bits = bits;
    add("dq_sgd", "dq_sgd").compressor.largest = true;
    add("terngrad", "terngrad_sgd").compressor.per_layer = per_layer;
    add("terngrad shared", "shared_terngrad_sgd").compressor.per_layer = per_layer;
    add("sign + feedback", "ef_sgd", "scaled_sign").compressor.per_layer = per_layer;
    auto& both = add("sign both ways", "ef_sgdm_dc", "scaled_sign");
    both.beta = 0.0;
    both.compressor.per_layer = per_layer;
    add("top-k + feedback", "ef_sgd");
    add("fp32 momentum", "dmsgd");
    add("gmc", "gmc");
    return all;
}

struct problem {
    std::string part, title;
    data_settings data;
    double ratio; // of top-k
    double epochs;
    std::vector<double> rates;
};

constexpr double as_low = 1.01;      // a loss, times the uncompressed one
constexpr double as_accurate = 0.02; // below the uncompressed accuracy

void compare_bits(study_settings const& s, notebook& book, problem const& x) {
    auto const dealt = deal_anew(read_data<float>(x.data), x.data, s.smoke ? 1 : 3);
    auto const rounds =
        s.smoke ? 2 : static_cast<std::uint64_t>(x.epochs * static_cast<double>(dealt[0].rounds_per_epoch));
    auto const d = static_cast<double>(dealt[0].start.size());
    auto const coordinates = d * x.data.workers * static_cast<double>(rounds);

    book.table(x.title + " (d = " + std::to_string(dealt[0].start.size()) + "), " + std::to_string(x.data.workers) +
                   " workers of batch 32, " + std::to_string(rounds) +
                   " rounds: bits for each coordinate, MB of one worker up and down",
               x.part);
    auto const all = schemes(x.ratio, x.data.problem == "mlp");
    std::vector<outcome> ends;
    for (auto const& each : all) {
        ends.push_back(best_outcome(dealt, each.method, {.rounds = rounds, .seed = s.seed, .threads = s.threads},
                                    s.smoke ? std::vector{x.rates[0]} : x.rates));
        auto const& end = ends.back();
        book.row({{"scheme", each.name},
                  {"loss", end.loss},
                  {"accuracy", end.accuracy},
                  {"bits up", 8 * end.bytes_up / coordinates},
                  {"bits down", 8 * end.bytes_down / coordinates},
                  {"MB", (end.bytes_up + end.bytes_down) / 1e6 / x.data.workers},
                  {"lr", end.rate}});
    }
    std::string figure = "set title '" + x.part +
                         ": training loss by bytes'\nset xlabel 'MB up and down, one worker'\nset ylabel 'training "
                         "loss'\nset logscale x\nset offsets graph 0.1, graph 0.1, graph 0.1, graph 0.1\nset key "
                         "outside right\n";
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const line = std::to_string(i + 1);
        figure += i == 0 ? "plot '" : ", '";
        figure += book.file(x.part);
        figure.append("' using 6:2 every ::").append(line).append("::").append(line);
        figure.append(" with points ps 1.5 pt ").append(line).append(" lc ").append(line);
        figure.append(" title '").append(all[i].name).append("' noenhanced");
    }
    book.figure(figure + "\n", x.part);

    auto const of = [&](char const* name) -> outcome const& {
        return ends[static_cast<std::size_t>(std::ranges::find(all, name, &scheme::name) - all.begin())];
    };
    auto const low = [&](char const* name, char const* reference = "fp32") {
        return of(name).loss <= as_low * of(reference).loss;
    };
    auto const claim = [&](std::string const& what, bool seen) { book.claim(x.part + ", " + what, seen); };
    claim("fp16: the loss of fp32, but for 1 %", low("fp16"));
    claim("qsgd with 8 and with 4 bits: likewise", low("qsgd 8 bits") && low("qsgd 4 bits"));
    claim("qsgd with 2 bits is behind 4 bits", of("qsgd 2 bits").loss > of("qsgd 4 bits").loss);
    claim("dq_sgd: the loss of fp32, but for 1 %", low("dq_sgd"));
    claim("terngrad: the accuracy of fp32, but for 2 points of per cent",
          of("terngrad").accuracy >= of("fp32").accuracy - as_accurate);
    claim("signs with feedback: the loss of fp32, but for 1 %", low("sign + feedback"));
    claim("signs both ways: likewise", low("sign both ways"));
    claim("top-k with feedback: likewise", low("top-k + feedback"));
    claim("gmc: the loss of fp32 with momentum, but for 1 %", low("gmc", "fp32 momentum"));
}

} // namespace

void bits(study_settings const& s, notebook& book) {
    data_settings data;
    data.workers = s.workers.value_or(8);
    data.l2 = 1e-4;
    data.seed = s.seed;
    auto const with = [&](char const* training, char const* test) {
        auto const a = data_file(s, book, training), b = data_file(s, book, test);
        data.file = a.value_or("");
        data.test_file = b.value_or("");
        return a && b;
    };
    if (with("a9a", "a9a.t"))
        compare_bits(s, book, {"a9a", "Logistic regression on a9a", data, 0.05, 4, grid(0.4, 2, 5)});
    data.problem = "mlp";
    data.hidden = {s.smoke ? std::size_t{4} : std::size_t{64}};
    if (with(s.smoke ? "cifar10_test_2k.bin" : "cifar10_train_10k.bin", "cifar10_test_2k.bin"))
        compare_bits(s, book, {"cifar", "A perceptron on CIFAR-10", data, 0.01, 5, grid(0.05, 2, 5)});
}

} // namespace lab
