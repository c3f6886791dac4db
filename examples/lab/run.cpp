// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/run.hpp>

#include <cmath>
#include <fstream>
#include <iostream>
#include <optional>

#include <terse/data/text.hpp>
#include <terse/problem/toy.hpp>
#include <terse/run/progress.hpp>
#include <terse/run/schedule_text.hpp>

#include <lab/engine.hpp>
#include <lab/methods.hpp>
#include <lab/ranks.hpp>
#include <lab/report.hpp>
#include <lab/rows.hpp>
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
    return terse::json_line(f);
}

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
    auto const sgd =
        start<T>(s.method, {.workers = problem.workers, .threads = s.threads, .seed = s.seed}, w, problem.layers);
    if (s.health) sgd->measure_health();

    auto const every = s.record_every != 0 ? s.record_every : std::max<std::uint64_t>(1, problem.rounds_per_epoch);
    auto const described = label(s, problem.what, scalar);
    if (s.resume) {
        sgd->load(s.checkpoint, described, s.changed_workers);
        if (sgd->round() > steps)
            throw terse::configuration_error("--resume: the checkpoint is of round " + std::to_string(sgd->round()) +
                                             ", but --steps is " + std::to_string(steps));
    }
    auto const start_round = sgd->round();

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
            sgd->save(s.checkpoint, described);
        }
        if (t == steps) break;
        bar.show(t, s.method.name);
        sgd->step(lr(t), problem.gradient);
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
        std::cout << "  " << x.name << std::string(19 - x.name.size(), ' ') << short_text(std::get<double>(x.value))
                  << '\n';
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
