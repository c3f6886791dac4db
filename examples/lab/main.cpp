// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <terse/error.hpp>
#include <terse/run/schedule_text.hpp>
#include <terse/version.hpp>

#include <lab/clock.hpp>
#include <lab/compare.hpp>
#include <lab/compressor.hpp>
#include <lab/faults.hpp>
#include <lab/methods.hpp>
#include <lab/ranks.hpp>
#include <lab/report.hpp>
#include <lab/run.hpp>
#include <lab/study.hpp>
#include <lab/toy.hpp>

namespace {

// Options that take a schedule: a number, or a text such as "cosine(0.1, 0, 2000)".
template <class S>
void add_schedule(CLI::App& app, std::string const& name, S& target, std::string const& what) {
    app.add_option_function<std::string>(
           name, [&target](std::string const& text) { target = terse::parse_schedule(text); }, what)
        ->type_name("SCHEDULE");
}

void add_method_options(CLI::App& app, lab::method_settings& m) {
    add_schedule(app, "--beta", m.beta, "momentum");
    add_schedule(app, "--lambda", m.lambda, "how far a detached gradient point moves along the residual, 0 .. 1");
    app.add_option("--period", m.period,
                   "where every worker has a model: local steps until the models come together; saef: average the "
                   "residuals every so many rounds, 0 for never; minibatch_sgd, inner_outer_sgd, ac_sa: gradients of "
                   "a worker in a round");
    add_schedule(app, "--outer-beta", m.outer_beta, "slowmo, bmuf, overlap_local_sgd_m: momentum of the common model");
    add_schedule(app, "--alpha", m.alpha,
                 "slowmo: the slow learning rate; for methods without one the same as --dirichlet-alpha");
    add_schedule(app, "--pull", m.pull, "overlap_local_sgd: how far models are pulled towards the anchor, 0 .. 1");
    app.add_option("--zeta", m.zeta, "bmuf: the block learning rate");
    app.add_option_function<std::string>(
           "--buffers",
           [&m](std::string const& text) {
               m.buffers = text == "maintain" ? terse::buffer_strategy::maintain
                           : text == "reset"  ? terse::buffer_strategy::reset
                                              : terse::buffer_strategy::average;
           },
           "pr_sgd_m, slowmo: what becomes of the workers' momenta when models are averaged")
        ->check(CLI::IsMember({"maintain", "reset", "average"}));
    app.add_flag("--block-averaging", m.block_averaging,
                 "cser: every step averages the models on what its compressor picks, as the authors' code does");
    app.add_option(
        "--topology", m.topology,
        "decentralized_sgdm, d_psgd: who hears whom: ring, torus, hypercube, exponential, one_peer, complete, "
        "star, or a file with an edge on each line");
    app.add_option("--rank", m.rank, "power_sgd_momentum: of the factors");
    app.add_option("--rows", m.rows, "sketched_sgd, fetch_sgd: of a sketch, an odd number");
    app.add_option("--columns", m.columns, "sketched_sgd, fetch_sgd: of a sketch, a multiple of 16");
    app.add_option("--candidates", m.candidates, "sketched_sgd: so many times k are asked for; 0 for no second round");
    add_schedule(app, "--inner-lr", m.inner_lr, "inner_outer_sgd: the rate of the local steps; otherwise the same");
    app.add_option("--strong-convexity", m.strong_convexity, "ac_sa: mu, for the strongly convex schedule");
    app.add_option("--weight", m.weight, "ac_sa: b_t if it is to be constant");
    app.add_option_function<std::string>(
           "--momentum-lr",
           [&m](std::string const& text) {
               m.momentum_lr = text == "current" ? terse::momentum_lr::current : terse::momentum_lr::previous;
           },
           "which learning rate divides w_t - w_{t-1}: current (heavy ball) or previous (as in PyTorch)")
        ->check(CLI::IsMember({"current", "previous"}));
    app.add_option("--weight-decay", m.weight_decay, "coupled; for dgc and dist_ef_sgdm outside the compressed stream");
    app.add_option("--clip-norm", m.clip_norm, "clip each worker's gradient at this norm / sqrt(workers); 0 for none");
}

// --alpha is of the methods if one of them has it, otherwise of the Dirichlet partition.
void share_alpha(CLI::App const& app, lab::method_settings& m, std::vector<std::string> const& methods, double& other) {
    bool const taken = std::ranges::any_of(
        methods, [](std::string const& name) { return lab::takes(lab::find_method(name), "--alpha"); });
    if (!m.alpha || taken || app.count("--dirichlet-alpha") != 0) return;
    if (*m.alpha != terse::schedule(m.alpha->first))
        throw terse::configuration_error("--alpha: of a partition it is a number, not a schedule");
    other = m.alpha->first;
    m.alpha.reset();
}

void add_compressor_options(CLI::App& app, lab::compressor_settings& c) {
    auto const group = "Compressor";
    app.add_option("--compressor", c.name, "instead of the method's own")
        ->check(CLI::IsMember(lab::compressor_names()))
        ->group(group);
    app.add_option("--k", c.k, "send exactly so many coordinates")->check(CLI::PositiveNumber)->group(group);
    app.add_option_function<std::string>(
           "--ratio", [&c](std::string const& text) { c.ratio = terse::parse_schedule(text); },
           "or this part of them, 0.01 if nothing is said")
        ->type_name("SCHEDULE")
        ->excludes("--k")
        ->group(group);
    auto* const k1 = app.add_option("--k1", c.k1, "cser: of the error reset; --k is of every step")
                         ->check(CLI::PositiveNumber)
                         ->group(group);
    app.add_option_function<std::string>(
           "--ratio1", [&c](std::string const& text) { c.ratio1 = terse::parse_schedule(text); },
           "or this part, 0.04 if nothing is said")
        ->type_name("SCHEDULE")
        ->excludes(k1)
        ->group(group);
    app.add_option_function<std::string>(
           "--at-least", [&c](std::string const& text) { c.at_least = terse::parse_schedule(text); },
           "threshold: send what is at least so large")
        ->type_name("SCHEDULE")
        ->group(group);
    app.add_option("--sample", c.sample, "sampled_top_k: the part of the coordinates that is looked at")->group(group);
    app.add_flag("--dgc-sampling", c.dgc_sampling, "sampled_top_k: DGC's strided sample with its corrections")
        ->group(group);
    app.add_flag("--own-support", c.own_support, "random_k: each worker draws its own coordinates")->group(group);
    app.add_flag("--unbiased", c.unbiased, "random_k: scale by d/k")->group(group);
    app.add_flag("--grid", c.grid, "random_block: only blocks that start at multiples of k")->group(group);
    app.add_option("--bits", c.bits, "qsgd: bits of a level, 2 .. 16")->check(CLI::Range(2, 16))->group(group);
    app.add_option("--bucket", c.bucket, "qsgd: coordinates with a norm of their own, 0 for all")->group(group);
    app.add_flag("--largest", c.largest, "qsgd, dynamic_quantizer: the largest magnitude as norm")->group(group);
    app.add_flag("--elias", c.elias, "qsgd, terngrad, dynamic_quantizer: levels in Elias' code")->group(group);
    app.add_option("--clip-deviations", c.clip, "terngrad: clip at so many standard deviations")->group(group);
    app.add_flag("--mean-scale", c.mean_scale, "shared_terngrad_sgd: the mean of the workers' scales, not the largest")
        ->group(group);
    app.add_option("--bits-constant", c.constant, "dynamic_quantizer: the constant")->group(group);
    app.add_option("--block", c.block, "compress blocks of this size one by one")
        ->check(CLI::PositiveNumber)
        ->group(group);
    app.add_flag("--per-layer", c.per_layer, "compress the layers of the model one by one")->group(group);
    app.add_option("--dense-below", c.dense_below, "with --per-layer: send layers shorter than this whole")
        ->group(group);
    app.add_option_function<std::string>(
           "--values",
           [&c](std::string const& text) {
               c.values = text == "fp16" ? terse::wire::precision::fp16 : terse::wire::precision::bf16;
           },
           "of 16 bits on the wire: fp16 or bf16")
        ->check(CLI::IsMember({"fp16", "bf16"}))
        ->group(group);
}

void add_methods(CLI::App& app, int& done) {
    auto* const command = app.add_subcommand("methods", "list every method with its axes, defaults and source");
    auto const json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "as JSON lines");
    command->callback([json, &done] {
        lab::on_first_rank([&] { lab::print_methods(*json); });
        done = lab::success;
    });
}

void add_run(CLI::App& app, int& done) {
    auto* const command = app.add_subcommand("run", "train one method on one problem");
    auto const s = std::make_shared<lab::run_settings>();
    command->footer(R"text(Problems
  quadratic        F(x) = mean_k 1/2 (x - a_k)' A_k (x - a_k), exact gradients, from --problem-file:
                   {"workers": [{"A": [[2, 0], [0, 1]], "a": [1, 2]}, {"diag": [1, 3], "a": [0, 0]}], "start": [10, 10]}
  toy-2, toy-20    the quadratics of `terse-lab toy`
  logistic, softmax, mlp   mini-batches of --data: LIBSVM, or CSV with the label first (.csv), or CIFAR-10 (.bin)

A SCHEDULE is a number, or a function of the round: steps(0.1, 0.1, 1000, 1500), cosine(0.1, 0, 2000),
linear(0, 0.9, 100), exponential(0.1, 0.001, 500), dgc_ramp(0.001, 4, 250); with a warm-up:
"cosine(0.1, 0, 2000) after linear(0.01, 50)".

Examples
  terse-lab run --method gmc --problem toy-2 --steps 500 --lr 0.005 --k 1 --iterates gmc.csv
  terse-lab run --method gmc_plus --problem logistic --data a9a --test a9a.t --lr 0.5 --steps 2000 \
                --ratio 0.02 --partition dirichlet --record gmc_plus.jsonl --health
  terse-lab run --method gmc --problem logistic --data a9a --workers 10 --lr 0.5 --steps 2000 --record gmc.csv \
                --backup-workers 2 --compute pareto --lose 0.01 --drop-out 0.001 --away 20
  mpiexec -n 4 terse-lab run --method gmc --problem logistic --data a9a --workers 8 --lr 0.5)text");
    command->add_option("--method", s->method.name, "see `terse-lab methods`")->required();
    command->add_option("--problem", s->problem, "quadratic, toy-2, toy-20, logistic, softmax or mlp")
        ->check(CLI::IsMember({"quadratic", "toy-2", "toy-20", "logistic", "softmax", "mlp"}))
        ->capture_default_str();
    command->add_option("--problem-file", s->problem_file, "the quadratic, as JSON")->check(CLI::ExistingFile);
    command->add_option("--workers", s->workers, "in all; as in the file, or 8 on data")->check(CLI::PositiveNumber);
    command->add_option("--steps", s->steps, "rounds; 100, or as many as --lr-file has lines");
    auto* const lr =
        command
            ->add_option_function<std::string>(
                "--lr", [s](std::string const& text) { s->lr = terse::parse_schedule(text); }, "learning rate")
            ->type_name("SCHEDULE");
    command->add_option("--lr-file", s->lr_file, "one learning rate per line")->check(CLI::ExistingFile)->excludes(lr);
    command->add_option("--scalar", s->scalar, "float or double; double for quadratics, float on data")
        ->check(CLI::IsMember({"float", "double"}));
    command->add_option("--seed", s->seed, "of everything random")->capture_default_str();
    command->add_option("--threads", s->threads, "of each rank; they change no bit of the result")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    add_method_options(*command, s->method);
    add_compressor_options(*command, s->method.compressor);

    auto const data = "Data";
    command->add_option("--data", s->data.file, "training set")->check(CLI::ExistingFile)->group(data);
    command->add_option("--test", s->data.test_file, "test set")->check(CLI::ExistingFile)->group(data);
    command->add_option("--batch", s->data.batch, "rows per worker and round")
        ->check(CLI::PositiveNumber)
        ->capture_default_str()
        ->group(data);
    command->add_option("--partition", s->data.partition, "iid, label or dirichlet")
        ->check(CLI::IsMember({"iid", "label", "dirichlet"}))
        ->capture_default_str()
        ->group(data);
    command->add_option("--dirichlet-alpha", s->data.alpha, "of the Dirichlet partition")
        ->capture_default_str()
        ->group(data);
    command->add_option("--l2", s->data.l2, "regulariser of the objective")->group(data);
    command->add_option("--hidden", s->data.hidden, "widths of the mlp's hidden layers")
        ->delimiter(',')
        ->capture_default_str()
        ->group(data);

    auto const output = "Output";
    command
        ->add_option("--iterates", s->iterates,
                     "write t and all coordinates, t = 0 .. steps, as CSV; of the mean where every worker has a model")
        ->group(output);
    command
        ->add_option("--iterates-workers", s->iterates_workers,
                     "where every worker has a model: write t, worker and its coordinates as CSV")
        ->group(output);
    command
        ->add_option_function<std::string>(
            "--output", [s](std::string const& text) { s->corrected = text == "corrected"; },
            "what counts as the model: w, or corrected = w - mean residual")
        ->check(CLI::IsMember({"w", "corrected"}))
        ->default_str("w")
        ->group(output);
    command->add_option("--record", s->record, "write loss, traffic and so on to a .csv or .jsonl file")->group(output);
    command->add_option("--record-every", s->record_every, "rounds; 1, or an epoch on data")->group(output);
    command->add_flag("--health", s->health, "measure residuals and contraction, or the distance between models, too")
        ->group(output);
    command->add_flag("--quiet", s->quiet, "print nothing")->group(output);

    lab::add_clock_options(*command, s->clock);
    lab::add_fault_options(*command, s->faults);

    auto const checkpoints = "Checkpoints";
    command
        ->add_option("--checkpoint", s->checkpoint,
                     "write the state to this file, at the start, at the end, and in between")
        ->group(checkpoints);
    command->add_option("--every", s->every, "so many rounds; otherwise not in between")->group(checkpoints);
    command->add_flag("--resume", s->resume, "go on from the file, and append to --iterates and --record")
        ->group(checkpoints);
    command
        ->add_option_function<std::string>(
            "--changed-workers",
            [s](std::string const& text) {
                s->changed_workers = text == "sum"       ? terse::worker_change::sum
                                     : text == "average" ? terse::worker_change::average
                                                         : terse::worker_change::reset;
            },
            "with --resume and other --workers: sum, average or reset their residuals and momenta")
        ->check(CLI::IsMember({"sum", "average", "reset"}))
        ->group(checkpoints);
    command->callback([s, command, &done] {
        share_alpha(*command, s->method, {s->method.name}, s->data.alpha);
        lab::run(*s);
        done = lab::success;
    });
}

void add_toy(CLI::App& app, int& done) {
    auto* const command = app.add_subcommand("toy", "the quadratic experiment of the GMC paper: tables, data, figures");
    auto const s = std::make_shared<lab::toy_settings>();
    command->add_option("--output-dir", s->folder, "where the data and the figures go")->capture_default_str();
    command->add_flag("!--no-figures", s->figures, "write data and gnuplot scripts only");
    command->callback([s, &done] {
        lab::require_one_rank("toy");
        done = lab::toy(*s) ? lab::success : lab::numerical;
    });
}

void add_compare(CLI::App& app, int& done) {
    auto* const command =
        app.add_subcommand("compare", "methods side by side on real data: loss, accuracy, bytes, seconds");
    auto const s = std::make_shared<lab::compare_settings>();
    command->footer(R"text(Problems
  a9a             logistic regression on a9a, 123 features (LIBSVM; a9a and a9a.t)
  cifar-softmax   softmax regression on CIFAR-10 (cifar10_train_10k.bin and cifar10_test_2k.bin)
  cifar-mlp       a perceptron with one hidden layer of 64, on the same

Each method takes the best of the same learning rates, by final training loss. With Dirichlet partitions a worker's share
of each batch is its share of the rows, so that all partitions minimise the same function.)text");
    command->add_option("--problems", s->problems, "which")->delimiter(',')->capture_default_str();
    command->add_option("--partitions", s->partitions, "iid, label, dirichlet")
        ->check(CLI::IsMember({"iid", "label", "dirichlet"}))
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--methods", s->methods, "which")->delimiter(',')->capture_default_str();
    command->add_option("--data-dir", s->data_dir, "where the data are")->capture_default_str();
    command->add_option("--output-dir", s->folder, "where records and figures go")->capture_default_str();
    command->add_option("--ratio", s->ratio, "of top_k; by default the problem's")->check(CLI::Range(0.0, 1.0));
    command->add_option("--lr", s->rates, "learning rates to choose from; by default the problem's")
        ->check(CLI::PositiveNumber)
        ->delimiter(',');
    command->add_option("--epochs", s->epochs, "by default the problem's")->check(CLI::PositiveNumber);
    command->add_option("--batch", s->batch, "rows per worker and round, on average")->check(CLI::PositiveNumber);
    command->add_option("--workers", s->workers, "how many")->check(CLI::PositiveNumber)->capture_default_str();
    command->add_option("--dirichlet-alpha", s->alpha, "of the Dirichlet partition")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--seed", s->seed, "of everything random")->capture_default_str();
    command->add_option("--threads", s->threads, "by default all that the machine has; they change no bit");
    lab::add_clock_options(*command, s->clock);
    add_method_options(*command, s->method);
    command->add_flag("!--no-figures", s->figures, "write data and gnuplot scripts only");
    command->callback([s, command, &done] {
        lab::require_one_rank("compare");
        share_alpha(*command, s->method, s->methods, s->alpha);
        lab::compare(*s);
        done = lab::success;
    });
}

void add_study(CLI::App& app, int& done) {
    auto* const command = app.add_subcommand(
        "study", "an experiment with a question: a table, a figure, and the claims of a paper held against them");
    auto const s = std::make_shared<lab::study_settings>();
    command->footer("Without a name: the list of studies.");
    command->add_option("name", s->name, "which");
    command->add_option("--data-dir", s->data_dir, "where the data are")->capture_default_str();
    command->add_option("--output-dir", s->folder, "where tables and figures go")->capture_default_str();
    command->add_option("--workers", s->workers, "of studies that can be run at another size")
        ->check(CLI::PositiveNumber);
    command->add_option("--d", s->dimension, "coordinates of the model, likewise")->check(CLI::PositiveNumber);
    command->add_option("--seed", s->seed, "of everything random")->capture_default_str();
    command->add_option("--threads", s->threads, "they change no bit of the result")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_flag("--smoke", s->smoke, "so small that only the machinery is tried, and no claim counts");
    command->add_flag("!--no-figures", s->figures, "write data and gnuplot scripts only");
    command->callback([s, &done] {
        lab::require_one_rank("study");
        done = lab::run_study(*s) ? lab::success : lab::numerical;
    });
}

int guarded_main(int argc, char** argv) {
    CLI::App app("terse-lab: experiments with communication-compressed distributed momentum SGD", "terse-lab");
    app.set_version_flag("--version", [] {
        std::string text;
        for (auto const& f : lab::program_fields()) text += (text.empty() ? "" : ", ") + std::get<std::string>(f.value);
        return text;
    });
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::simple);
    app.footer(
        R"text(Exit codes: 0 fine, 1 something else, 2 usage, 3 numerical (diverged, NaN, a check of toy or of a study failed), 4 corrupt input.

Begin with
  terse-lab methods
  terse-lab toy
  terse-lab run --help)text");
    int done = lab::failure;
    add_methods(app, done);
    add_toy(app, done);
    add_run(app, done);
    add_compare(app, done);
    add_study(app, done);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        std::ostringstream out, err;
        int const code = app.exit(e, out, err);
        if (lab::rank() == 0) std::cout << out.str();
        return code == 0 ? lab::success : lab::fail(CLI::detail::trim_copy(err.str()), lab::bad_usage);
    }
    return done;
}

} // namespace

int main(int argc, char** argv) {
    int code = lab::failure;
    try {
        lab::begin_job();
        code = guarded_main(argc, argv);
    } catch (std::exception const& e) {
        code = lab::fail(e.what(), lab::code_of(e));
    }
    lab::end_job();
    return code;
}
