// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/run.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <terse/data/text.hpp>
#include <terse/problem/toy.hpp>
#include <terse/run/progress.hpp>
#include <terse/run/schedule_text.hpp>

#include <lab/engine.hpp>
#include <lab/methods.hpp>
#include <lab/ranks.hpp>
#include <lab/report.hpp>
#include <lab/rows.hpp>
#include <lab/run_clock.hpp>
#include <lab/task.hpp>
#include <lab/topology.hpp>

namespace lab {

namespace {

bool on_data(std::string const& problem) { return problem == "logistic" || problem == "softmax" || problem == "mlp"; }

template <class T>
task<T> make_task(run_settings const& s) {
    if (on_data(s.problem)) {
        if (s.data.file.empty()) throw terse::configuration_error("--problem " + s.problem + " needs --data");
        auto data = s.data;
        data.problem = s.problem;
        data.seed = s.seed;
        data.workers = s.workers.value_or(data.workers);
        return data_task(read_data<T>(data), data);
    }
    auto t = [&] {
        if (s.problem == "toy-2" || s.problem == "toy-20") {
            auto toy = s.problem == "toy-2" ? terse::toy_2<T>() : terse::toy_20<T>();
            return quadratic_task(std::move(toy.problem), std::move(toy.start));
        }
        if (s.problem != "quadratic") throw terse::configuration_error("there is no problem \"" + s.problem + "\"");
        if (s.problem_file.empty()) throw terse::configuration_error("--problem quadratic needs --problem-file");
        return read_quadratic<T>(s.problem_file);
    }();
    if (s.workers && *s.workers != t.workers)
        throw terse::configuration_error("--workers is " + std::to_string(*s.workers) + ", but the problem has " +
                                         std::to_string(t.workers) + " workers; leave the option out");
    return t;
}

// Of the mixing matrices, for methods that have them and so few workers that it can be had.
std::optional<double> gap_of(method_settings const& s, std::uint32_t workers) {
    auto const topology = topology_of(s);
    return topology ? spectral_gap(mixing_matrices(*topology, workers)) : std::nullopt;
}

// The clock, if there is one, and what goes wrong; the computation is in both.
terse::fields simulation_fields(run_settings const& s) {
    terse::fields f;
    auto const add = [&](terse::fields part) { std::ranges::move(part, std::back_inserter(f)); };
    if (s.clock.chosen) add(network_fields(s.clock.network));
    if (s.clock.chosen || s.faults.backups != 0) add(compute_fields(s.clock.compute));
    add(fault_fields(s.faults));
    return f;
}

terse::fields configuration(run_settings const& s, std::string const& what, std::uint32_t workers, std::uint64_t steps,
                            std::string const& scalar, std::optional<double> gap) {
    auto f = program_fields();
    f.emplace_back("problem", what);
    f.emplace_back("workers", workers);
    f.emplace_back("steps", steps);
    f.emplace_back("lr", s.lr_file.empty() ? to_text(*s.lr) : "file " + s.lr_file);
    f.emplace_back("scalar", scalar);
    f.emplace_back("seed", s.seed);
    f.emplace_back("threads", s.threads);
    f.emplace_back("output", std::string(s.corrected ? "corrected" : find_method(s.method.name).drifts ? "mean" : "w"));
    for (auto& x : method_fields(s.method)) f.push_back(std::move(x));
    if (gap) f.emplace_back("spectral_gap", *gap);
    for (auto& x : simulation_fields(s)) f.push_back(std::move(x));
    return f;
}

// What decides the future of a run, for the label of its checkpoints.
std::string label(run_settings const& s, std::string const& what, std::string const& scalar) {
    terse::fields f{
        {"problem", what}, {"lr", s.lr_file.empty() ? to_text(*s.lr) : "file " + s.lr_file}, {"scalar", scalar}};
    if (on_data(s.problem)) {
        f.emplace_back("data", s.data.file);
        f.emplace_back("batch", s.data.batch);
        f.emplace_back("l2", s.data.l2);
    } else if (!s.problem_file.empty()) {
        f.emplace_back("file", s.problem_file);
    }
    for (auto& x : method_fields(s.method)) f.push_back(std::move(x));
    for (auto& x : simulation_fields(s)) f.push_back(std::move(x));
    return terse::json_line(f);
}

// What went wrong since the start, counted over rounds and workers.
class fault_counts {
public:
    void add(std::span<terse::attendance const> round) {
        for (auto const& a : round) {
            ++parts_[static_cast<std::size_t>(a.part)];
            corrupted_ += a.computes() && a.corrupted ? 1 : 0;
            duplicated_ += a.computes() && a.duplicated ? 1 : 0;
            delayed_ += a.computes() && a.delay > 0 ? 1 : 0;
        }
    }
    void append_to(terse::fields& f) const {
        for (auto const& [name, of] : {std::pair{"counted", terse::part::counts},
                                       {"late", terse::part::late},
                                       {"failed", terse::part::failed},
                                       {"lost", terse::part::lost},
                                       {"absent", terse::part::absent},
                                       {"crashed", terse::part::crashed}})
            f.emplace_back(name, parts_[static_cast<std::size_t>(of)]);
        f.emplace_back("corrupted", corrupted_);
        f.emplace_back("duplicated", duplicated_);
        f.emplace_back("delayed", delayed_);
    }

private:
    std::array<std::uint64_t, 6> parts_{};
    std::uint64_t corrupted_ = 0, duplicated_ = 0, delayed_ = 0;
};

template <class T>
void run_as(run_settings const& s, std::string const& scalar) {
    std::vector<double> rates;
    if (!s.lr_file.empty()) rates = read_learning_rates(s.lr_file);
    auto const steps = s.steps.value_or(s.lr_file.empty() ? 100 : rates.size());
    if (!s.lr_file.empty() && rates.size() < steps)
        throw terse::configuration_error("\"" + s.lr_file + "\" has " + std::to_string(rates.size()) +
                                         " learning rates, but --steps is " + std::to_string(steps));
    auto const lr = [&](std::uint64_t t) { return s.lr_file.empty() ? (*s.lr)(t) : rates[t]; };

    auto const problem = make_task<T>(s);
    auto w = problem.start;
    std::optional<terse::unreliable> faults;
    if (s.faults.any()) faults = s.faults.of(problem.workers, s.clock.compute);
    auto const sgd =
        start<T>(s.method, {.workers = problem.workers, .threads = s.threads, .seed = s.seed, .faults = faults}, w,
                 problem.layers);
    std::optional<run_clock> clock;
    if (s.clock.chosen) clock.emplace(s.clock.network, s.clock.compute, s.method, problem.workers, s.seed);
    auto* const ticking = clock ? &clock->state() : nullptr;
    if (s.health) sgd->measure_health();

    auto const every = s.record_every != 0 ? s.record_every : std::max<std::uint64_t>(1, problem.rounds_per_epoch);
    auto const described = label(s, problem.what, scalar);
    if (s.resume) {
        sgd->load(s.checkpoint, described, s.changed_workers, ticking);
        if (sgd->round() > steps)
            throw terse::configuration_error("--resume: the checkpoint is of round " + std::to_string(sgd->round()) +
                                             ", but --steps is " + std::to_string(steps));
    }
    auto const start_round = sgd->round();
    fault_counts wrong;
    std::vector<terse::attendance> before;
    for (std::uint64_t t = 0; faults && t < start_round; ++t) { // a function of the seed, so it need not be saved
        faults->attend(s.seed, t, before);
        wrong.add(before);
    }

    std::optional<double> gap;
    std::optional<iterates_file<T>> iterates, of_workers;
    std::optional<terse::record_file> records;
    bool recorded = false;
    on_first_rank([&] {
        if (!s.record.empty() || !s.quiet) gap = gap_of(s.method, problem.workers);
        for (auto const& file : {s.iterates, s.iterates_workers})
            if (s.resume && !file.empty()) keep_rows(file, start_round, 1, steps);
        if (s.resume && !s.record.empty()) recorded = keep_rows(s.record, start_round, every, steps);
        if (!s.iterates.empty()) iterates.emplace(s.iterates, w.size(), s.resume);
        if (!s.iterates_workers.empty())
            of_workers.emplace(s.iterates_workers, w.size(), s.resume, iterates_file<T>::of::workers);
        if (!s.record.empty())
            records.emplace(s.record, configuration(s, problem.what, problem.workers, steps, scalar, gap), s.resume);
    });

    auto const flush = [&] {
        on_first_rank([&] {
            if (iterates) iterates->flush();
            if (of_workers) of_workers->flush();
        });
    };
    bool const drifts = find_method(s.method.name).drifts;
    std::vector<T> output(w);
    auto const judge = [&](std::uint64_t t, terse::health const& h) {
        double const at = t == 0 ? (steps == 0 ? 0 : lr(0)) : lr(t - 1);
        terse::fields f{{"t", t}, {"lr", at}, {"loss", problem.loss(output)}};
        if (problem.optimum) f.emplace_back("distance", distance<T>(output, *problem.optimum));
        if (problem.test_accuracy) f.emplace_back("test_accuracy", problem.test_accuracy(output));
        auto const& traffic = sgd->traffic();
        f.emplace_back("bytes_up", traffic.total.up);
        f.emplace_back("bytes_down", traffic.total.down);
        f.emplace_back("rcc", traffic.rcc());
        if (clock) {
            auto const& seconds = clock->total();
            f.emplace_back("simulated_seconds", seconds.total());
            f.emplace_back("compute_seconds", seconds.compute);
            f.emplace_back("wait_seconds", seconds.wait);
            f.emplace_back("up_seconds", seconds.up);
            f.emplace_back("down_seconds", seconds.down);
        }
        if (faults) wrong.append_to(f);
        if (s.health) {
            f.emplace_back("gradient_norm", h.gradient_norm);
            if (drifts) f.emplace_back("model_distance", h.model_distance);
        }
        if (s.health && !drifts) {
            f.emplace_back("residual_ratio", h.residual_ratio);
            f.emplace_back("contraction", h.contraction);
            f.emplace_back("residual_distance", h.residual_distance);
        }
        return f;
    };

    // Of the last step, so there is none before the first.
    auto const health = [&](std::uint64_t t) { return s.health && t != start_round ? sgd->health() : terse::health{}; };

    terse::progress bar(!s.quiet && rank() == 0 && is_terminal() ? &std::cerr : nullptr, steps);
    for (auto t = start_round;; ++t) {
        bool const known = s.resume && t == start_round; // its rows are there
        bool const due = !s.record.empty() && (t % every == 0 || t == steps);
        bool const judged = due && !(known && recorded);
        if (!s.iterates.empty() || due || t == steps) { // on all ranks alike
            if (s.corrected)
                sgd->corrected(output);
            else
                sgd->output(output);
        }
        auto const h = judged ? health(t) : terse::health{}; // of all ranks
        if (!s.iterates_workers.empty() && !known)
            sgd->models([&](std::uint32_t k, std::span<T const> x) { of_workers->write(t, k, x); });
        on_first_rank([&] {
            if (iterates && !known) iterates->write(t, output);
            if (judged) records->write(judge(t, h));
        });
        if (!s.checkpoint.empty() && !known && (t == 0 || t == steps || (s.every != 0 && t % s.every == 0))) {
            flush();
            sgd->save(s.checkpoint, described, ticking);
        }
        if (t == steps) break;
        bar.show(t, s.method.name);
        sgd->step(lr(t), problem.gradient);
        auto const report = sgd->last_round();
        if (clock) clock->advance(report);
        wrong.add(report.attendances);
    }
    bar.wipe();
    flush();
    require_finite<T>(output, s.method.name);
    if (s.quiet) return;

    auto const h = health(steps);
    if (rank() != 0) return;
    auto const result = judge(steps, h);
    std::cout << s.method.name << " on " << problem.what << "; " << problem.workers << " workers, " << steps
              << " rounds, " << scalar << '\n';
    for (auto const& x : result) {
        if (x.name == "t" || x.name == "lr" || x.name.starts_with("bytes")) continue;
        auto const* const count = std::get_if<std::uint64_t>(&x.value);
        std::cout << "  " << x.name << std::string(19 - x.name.size(), ' ')
                  << (count != nullptr ? std::to_string(*count) : short_text(std::get<double>(x.value))) << '\n';
    }
    if (gap) std::cout << "  spectral_gap       " << short_text(*gap) << '\n';
    auto const& total = sgd->traffic().total;
    std::cout << "  bytes up           " << bytes_text(static_cast<double>(total.up)) << '\n'
              << "  bytes down         " << bytes_text(static_cast<double>(total.down)) << '\n';
    if (!s.iterates.empty()) std::cout << "  iterates           " << s.iterates << '\n';
    if (!s.iterates_workers.empty()) std::cout << "  iterates, workers  " << s.iterates_workers << '\n';
    if (!s.record.empty()) std::cout << "  record             " << s.record << '\n';
    if (!s.checkpoint.empty()) std::cout << "  checkpoint         " << s.checkpoint << '\n';
}

} // namespace

std::vector<double> read_learning_rates(std::string const& file) {
    auto in = terse::open_input(file);
    terse::text_reader text(in, file);
    std::vector<double> rates;
    while (text.next_line()) {
        auto const at = text.position();
        rates.push_back(text.number<double>("the learning rate"));
        if (!(rates.back() > 0)) text.fail_at(at, "a learning rate must be positive");
        text.skip_blanks();
        if (!text.at_end()) text.fail("one learning rate per line expected");
    }
    return rates;
}

void run(run_settings const& s) {
    auto const& method = find_method(s.method.name);
    if (!s.iterates_workers.empty() && !method.drifts)
        throw terse::configuration_error("--iterates-workers: all workers of " + method.name +
                                         " have the same model; --iterates writes it");
    if (s.corrected && method.drifts)
        throw terse::configuration_error("--output corrected: the output of " + method.name +
                                         " is the mean of the workers' models");
    if (s.checkpoint.empty() && (s.resume || s.every != 0))
        throw terse::configuration_error("--every and --resume need --checkpoint");
    if (s.faults.any()) {
        auto const refuse = [](std::string const& why) {
            throw terse::configuration_error("backup workers and faults: " + why);
        };
        if (method.drifts)
            refuse("every worker of " + method.name +
                   " has a model, and none can be left out; take a method on one model");
        if (!method.takes_compressor)
            refuse("the compressor of " + method.name + " talks while it compresses, and needs all workers");
        if (ranks() > 1) refuse("they are simulated in one process, not on ranks");
    }
    if (s.lr.has_value() == !s.lr_file.empty()) throw terse::configuration_error("give either --lr or --lr-file");
    for (auto const& option : unused_options(s.method))
        if (rank() == 0) std::cerr << "terse-lab: note: " << s.method.name << " has no use for " << option << '\n';
    auto const scalar = !s.scalar.empty() ? s.scalar : on_data(s.problem) ? "float" : "double";
    if (scalar == "double")
        run_as<double>(s, scalar);
    else
        run_as<float>(s, scalar);
}

} // namespace lab
