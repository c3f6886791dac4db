// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/compare.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <optional>
#include <thread>

#include <terse/error.hpp>
#include <terse/run/progress.hpp>
#include <terse/run/record.hpp>
#include <terse/run/schedule_text.hpp>

#include <lab/curve.hpp>
#include <lab/figure.hpp>
#include <lab/methods.hpp>
#include <lab/report.hpp>
#include <lab/task.hpp>
#include <lab/topology.hpp>

namespace lab {

namespace {

// A problem with what suits it. The rates are those from which each method takes its best.
struct scenario {
    std::string name, problem, file, test_file;
    std::size_t batch;
    double epochs, ratio, l2;
    std::vector<std::size_t> hidden;
    std::vector<double> rates;
};

std::vector<scenario> const& scenarios() {
    static std::vector<scenario> const list{
        {.name = "a9a",
         .problem = "logistic",
         .file = "a9a",
         .test_file = "a9a.t",
         .batch = 32,
         .epochs = 8,
         .ratio = 0.02,
         .l2 = 1e-4,
         .hidden = {},
         .rates = {0.03, 0.1, 0.3}},
        {.name = "cifar-softmax",
         .problem = "softmax",
         .file = "cifar10_train_10k.bin",
         .test_file = "cifar10_test_2k.bin",
         .batch = 32,
         .epochs = 5,
         .ratio = 0.01,
         .l2 = 1e-4,
         .hidden = {},
         .rates = {0.003, 0.01}},
        {.name = "cifar-mlp",
         .problem = "mlp",
         .file = "cifar10_train_10k.bin",
         .test_file = "cifar10_test_2k.bin",
         .batch = 32,
         .epochs = 5,
         .ratio = 0.01,
         .l2 = 1e-4,
         .hidden = {64},
         .rates = {0.03}},
    };
    return list;
}

scenario const& find_scenario(std::string const& name) {
    auto const& all = scenarios();
    auto const at = std::ranges::find(all, name, &scenario::name);
    if (at != all.end()) return *at;
    std::string names;
    for (auto const& x : all) names += " " + x.name;
    throw terse::configuration_error("there is no comparison \"" + name + "\"; there are:" + names);
}

struct outcome {
    double rate = 0;
    curve trained;
};

void print_heads() {
    std::cout << std::left << "  " << std::setw(21) << "method" << std::right << std::setw(8) << "lr" << std::setw(13)
              << "train loss" << std::setw(11) << "test acc." << std::setw(11) << "up" << std::setw(11) << "down"
              << std::setw(9) << "RCC" << std::setw(10) << "seconds" << std::setw(11) << "simulated" << std::setw(9)
              << "waiting" << '\n';
}

void print_outcome(std::string const& method, outcome const& o) {
    std::cout << std::left << "  " << std::setw(21) << method << std::right << std::setw(8) << short_text(o.rate, 3);
    auto const& c = o.trained;
    if (c.points.empty()) {
        std::cout << std::setw(13) << "diverged" << '\n';
        return;
    }
    auto const& last = c.points.back();
    std::cout << std::fixed << std::setprecision(5) << std::setw(13) << last.loss << std::setprecision(2)
              << std::setw(10) << 100 * last.accuracy << '%' << std::setw(11) << bytes_text(last.bytes_up)
              << std::setw(11) << bytes_text(last.bytes_down) << std::setprecision(4) << std::setw(9) << c.rcc
              << std::setprecision(1) << std::setw(10) << c.seconds << std::setw(11) << last.simulated << std::setw(9)
              << last.spent.wait << std::defaultfloat << std::endl;
}

void write_curve(std::filesystem::path const& file, outcome const& o) {
    terse::record_file out(file);
    for (auto const& x : o.trained.points)
        out.write({{"round", x.round},
                   {"loss", x.loss},
                   {"test_accuracy", x.accuracy},
                   {"bytes_up", x.bytes_up},
                   {"bytes_down", x.bytes_down},
                   {"simulated_seconds", x.simulated},
                   {"compute_seconds", x.spent.compute},
                   {"wait_seconds", x.spent.wait},
                   {"up_seconds", x.spent.up},
                   {"down_seconds", x.spent.down}});
}

std::string plot(std::vector<std::pair<std::string, std::string>> const& curves, std::string const& x) {
    std::string text;
    for (auto const& [method, file] : curves)
        text.append(text.empty() ? "plot '" : ", '")
            .append(file)
            .append("' using ")
            .append(x)
            .append(":2 every ::1 with lines ")
            .append(line_of(method));
    return text + '\n';
}

struct trained_method {
    method_settings method;
    curve trained;
};

class comparison {
public:
    explicit comparison(compare_settings const& s) : s_(s) {
        make_folder(s_.folder);
        if (s_.threads == 0) s_.threads = std::clamp(std::thread::hardware_concurrency(), 1u, s_.workers);
        for (auto const& name : s_.methods) find_method(name);
        for (auto const& name : s_.problems) find_scenario(name);
        auto config = program_fields();
        config.emplace_back("workers", s_.workers);
        config.emplace_back("alpha", s_.alpha);
        config.emplace_back("seed", s_.seed);
        config.emplace_back("threads", s_.threads);
        config.emplace_back("scalar", std::string("float"));
        results_.emplace(std::filesystem::path(s_.folder) / "results.jsonl", config);
    }

    void run(scenario const& x) {
        data_settings data;
        data.problem = x.problem;
        data.file = (std::filesystem::path(s_.data_dir) / x.file).string();
        data.test_file = (std::filesystem::path(s_.data_dir) / x.test_file).string();
        data.workers = s_.workers;
        data.batch = s_.batch.value_or(x.batch);
        data.alpha = s_.alpha;
        data.l2 = x.l2;
        data.hidden = x.hidden;
        data.seed = s_.seed;
        for (auto const& file : {data.file, data.test_file})
            if (!std::filesystem::exists(file)) {
                std::cout << "SKIPPED " << x.name << ": there is no " << file << "; see --data-dir\n\n";
                return;
            }
        auto const files = read_data<float>(data);
        for (auto const& partition : s_.partitions) {
            data.partition = partition;
            run(x, data_task(files, data), partition);
        }
    }

    std::vector<std::string> const& figures() const { return figures_; }

private:
    void run(scenario const& x, task<float> const& t, std::string const& partition) {
        auto const epochs = s_.epochs.value_or(x.epochs);
        auto const rounds =
            static_cast<std::uint64_t>(std::max(1.0, std::round(epochs * static_cast<double>(t.rounds_per_epoch))));
        auto const& rates = s_.rates.empty() ? x.rates : s_.rates;
        auto m = s_.method;
        m.compressor.ratio = s_.ratio.value_or(x.ratio);

        std::cout << x.name << ": " << t.what << "; " << t.workers << " workers, " << rounds << " rounds ("
                  << short_text(epochs) << " epochs), ratio " << to_text(m.compressor.ratio)
                  << ", learning rate the best of";
        for (double const r : rates) std::cout << ' ' << short_text(r);
        std::cout << ", falling along a cosine\n";
        for (auto const& name : s_.methods) {
            m.name = name;
            auto const topology = topology_of(m);
            if (!topology) continue;
            auto const gap = spectral_gap(mixing_matrices(*topology, t.workers));
            std::cout << "  neighbours: " << *topology << (gap ? ", spectral gap " + short_text(*gap) : "") << '\n';
            break; // it is the same for all methods
        }
        print_heads();
        terse::progress bar(is_terminal() ? &std::cerr : nullptr, rounds * rates.size() * s_.methods.size());
        std::uint64_t done = 0;
        auto const stem = x.name + "_" + partition;
        std::vector<std::pair<std::string, std::string>> curves;
        std::vector<trained_method> trained;
        curve_settings settings{.rounds = rounds,
                                .every = std::max<std::uint64_t>(1, rounds / 10),
                                .seed = s_.seed,
                                .threads = s_.threads,
                                .network = s_.clock.network,
                                .compute = s_.clock.compute,
                                .keeps_rounds = true,
                                .after_step = [&] { bar.show(++done, m.name); }};
        for (auto const& method : s_.methods) {
            m.name = method;
            outcome best;
            for (double const rate : rates) {
                settings.lr = terse::schedule::cosine(rate, 0, rounds);
                outcome o{rate, train_curve(t, m, settings)};
                if (best.rate == 0 || o.trained.loss() < best.trained.loss()) best = std::move(o);
            }
            bar.wipe();
            print_outcome(method, best);
            record(x, partition, m, best, rounds);
            if (best.trained.points.empty()) continue;
            auto const file = std::string(stem).append("_").append(method).append(".csv");
            write_curve(std::filesystem::path(s_.folder) / file, best);
            curves.emplace_back(method, file);
            trained.push_back({m, std::move(best.trained)});
        }
        for (std::size_t i = 1; i < trained.size(); ++i) judge_worth(trained[i], trained[0], settings, t.workers);
        std::cout << '\n';
        if (curves.empty()) return;
        write_figure(s_.folder, stem, 1900, 560,
                     "set tmargin 3\nset multiplot layout 1,3 title \"" + x.name + ", " + partition + ", " +
                         std::to_string(t.workers) + " workers, ratio " + to_text(m.compressor.ratio) +
                         "\"\nset ylabel 'training loss'\nset key top right\nset xlabel 'round'\n" + plot(curves, "1") +
                         "set xlabel 'bytes sent, up and down'\nset logscale x\nset format x '10^{%L}'\n" +
                         plot(curves, "($4+$5)") + "set xlabel 'simulated seconds'\n" + plot(curves, "6") +
                         "unset multiplot\nunset logscale\nset format x\n");
        figures_.push_back(stem);
    }

    // The bandwidth below which a method is sooner than the first one at the larger of their final losses: both runs
    // are timed again, as they were, on other networks.
    void judge_worth(trained_method const& a, trained_method const& first, curve_settings const& as_trained,
                     std::uint32_t workers) const {
        double const target = std::max(a.trained.loss(), first.trained.loss());
        auto const seconds = [&](trained_method const& x, double bandwidth) {
            auto timing = as_trained;
            timing.network.worker.bandwidth = timing.network.server.bandwidth = bandwidth;
            auto const rounds = x.trained.rounds_to_touch(target);
            // what this machine needed longer for a worker's round is compression
            auto const messages = static_cast<double>(x.trained.points.back().round) * workers;
            auto const extra = std::max(0.0, (x.trained.seconds - first.trained.seconds) / messages);
            return simulated_seconds_to(x.trained, rounds, x.method, timing, workers) + rounds * extra;
        };
        auto const bandwidth = terse::break_even_bandwidth([&](double b) { return seconds(a, b) < seconds(first, b); });
        std::cout << "  worth it? " << a.method.name;
        if (bandwidth == 0)
            std::cout << " is never sooner than " << first.method.name;
        else if (std::isinf(bandwidth))
            std::cout << " is sooner than " << first.method.name << " at any bandwidth";
        else
            std::cout << " is sooner than " << first.method.name << " below " << bytes_text(bandwidth) << "/s";
        std::cout << " (to a loss of " << short_text(target, 4) << ")\n";
    }

    void record(scenario const& x, std::string const& partition, method_settings const& m, outcome const& o,
                std::uint64_t rounds) {
        terse::fields f{{"problem", x.name}, {"partition", partition}, {"rounds", rounds}, {"lr", o.rate}};
        for (auto& part : method_fields(m)) f.push_back(std::move(part));
        auto const& c = o.trained;
        auto const last = c.points.empty() ? observation{} : c.points.back();
        if (auto const topology = topology_of(m))
            if (auto const gap = spectral_gap(mixing_matrices(*topology, s_.workers)))
                f.emplace_back("spectral_gap", *gap);
        f.emplace_back("train_loss", c.loss());
        f.emplace_back("test_accuracy", last.accuracy);
        f.emplace_back("bytes_up", last.bytes_up);
        f.emplace_back("bytes_down", last.bytes_down);
        f.emplace_back("rcc", c.rcc);
        f.emplace_back("seconds", c.seconds);
        f.emplace_back("simulated_seconds", last.simulated);
        f.emplace_back("compute_seconds", last.spent.compute);
        f.emplace_back("wait_seconds", last.spent.wait);
        f.emplace_back("up_seconds", last.spent.up);
        f.emplace_back("down_seconds", last.spent.down);
        results_->write(f);
    }

    compare_settings s_;
    std::optional<terse::record_file> results_;
    std::vector<std::string> figures_;
};

} // namespace

void compare(compare_settings const& s) {
    comparison all(s);
    for (auto const& name : s.problems) all.run(find_scenario(name));
    std::filesystem::path const folder = s.folder;
    std::cout << "records: " << (folder / "results.jsonl").string() << ", curves: " << (folder / "*.csv").string()
              << '\n';
    if (!s.figures || all.figures().empty() || !draw_figures(folder, all.figures())) return;
    std::cout << "figures:";
    for (auto const& f : all.figures()) std::cout << ' ' << (folder / f).string() << ".{svg,png}";
    std::cout << '\n';
}

} // namespace lab
