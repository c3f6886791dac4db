// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <terse/problem/random_quadratic.hpp>
#include <terse/run/record.hpp>

#include <lab/curve.hpp>
#include <lab/table.hpp>
#include <lab/task.hpp>

namespace lab {

struct study_settings {
    std::string name; ///< empty: list them
    std::string folder = "out/study";
    std::string data_dir = TERSE_DATA_DIR;
    std::optional<std::uint32_t> workers; ///< for studies that can be run at another size
    std::optional<std::size_t> dimension;
    std::uint64_t seed = 1;
    unsigned threads = 1;
    bool smoke = false; ///< so small that only the machinery is tried; claims are printed but do not count
    bool figures = true;
};

/// Where a study writes: tables, which are printed and are CSV files in the folder; figures; and the claims that it
/// checks.
class notebook {
public:
    notebook(std::string study, study_settings const& s);

    /// Begins the table <study>.csv, or <study>-<part>.csv, under a printed heading.
    void table(std::string const& heading, std::string const& part = {});
    /// A row of it. All have the same fields; the first names the row.
    void row(terse::fields const& f);
    /// Data that are not printed, as <study>-<part>.csv.
    terse::record_file data(std::string const& part) const;
    /// A figure <study>, or <study>-<part>, from gnuplot commands; file() names the data for them.
    void figure(std::string const& body, std::string const& part = {});
    std::string file(std::string const& part = {}) const;

    /// What a paper says, and whether it is seen here.
    void claim(std::string const& what, bool seen);
    /// Says what is left out and why.
    void skip(std::string const& why);
    void note(std::string const& text);

    /// Draws the figures. Whether all claims were seen.
    bool finish();

private:
    std::string stem(std::string const& part) const { return part.empty() ? study_ : study_ + "-" + part; }

    std::string study_;
    std::filesystem::path folder_;
    bool draw_, judge_;
    std::optional<terse::record_file> table_;
    bool has_header_ = false;
    std::vector<std::string> figures_;
    std::vector<std::pair<std::string, bool>> claims_;
};

/// An experiment with a question. `run` is called with the settings and the notebook.
struct study {
    std::string_view name;
    std::string_view question;
    void (*run)(study_settings const&, notebook&);
};

/// All of them, in study_list.cpp.
std::span<study const> studies();

/// The subcommand `study`. False if a claim is not seen. Throws terse::error.
bool run_study(study_settings const& s);

/// The quadratic with exact gradients + sigma * normal noise in each coordinate, new in every gradient; its loss is
/// F(x) - min F.
task<double> noisy_quadratic(terse::quadratic<double> problem, double sigma);

/// A quadratic for which momentum pays: every worker has the eigenvalues smallest .. largest, in a geometric sequence,
/// each times 1 + 0.5 u with a u of its own, uniform in [-1, 1); workers' optima are as random_quadratic's.
terse::quadratic<double> stretched_quadratic(terse::random_quadratic_options const& o);

/// The path of a data set, or nothing if it is absent, which the notebook then says.
std::optional<std::string> data_file(study_settings const& s, notebook& book, std::string const& name);

/// n numbers, each `factor` times the one before.
std::vector<double> grid(double first, double factor, int n);

/// The best of some learning rates. score(rate, seed, best) is what a run comes to, lower is better; `best` is what is
/// to be beaten. Runs with several seeds count by their median.
struct tuned {
    double rate = 0;
    double score = std::numeric_limits<double>::infinity();
};
tuned tune(std::vector<double> const& rates, std::uint64_t seeds,
           std::function<double(double rate, std::uint64_t seed, double best)> const& score);

/// The same for a method on a task: what counts are the rounds to s.target, if it is finite, and otherwise the mean of
/// the last three observations. Seeds count from s.seed.
template <class T>
tuned tune(task<T> const& t, method_settings const& m, curve_settings const& s, std::vector<double> const& rates,
           std::uint64_t seeds);

/// Mini-batches of the same data for several seeds, counted from d.seed; each deals the rows anew.
std::vector<task<float>> deal_anew(data_files<float> const& data, data_settings d, std::uint64_t seeds);

/// What a method has come to in the end, with a learning rate that falls to 0 along a cosine: from the best of some
/// rates, by the loss on the first task; medians over all tasks. Their seeds count from s.seed.
struct outcome {
    double rate, loss, accuracy, bytes_up, bytes_down;
};
outcome best_outcome(std::vector<task<float>> const& dealt, method_settings const& m, curve_settings const& s,
                     std::vector<double> const& rates);

/// The slope of the straight line closest to (log x, log y).
double log_slope(std::span<double const> x, std::span<double const> y);

} // namespace lab
