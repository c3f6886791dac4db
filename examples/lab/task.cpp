// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/task.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <terse/data/batch.hpp>
#include <terse/data/cifar.hpp>
#include <terse/data/csv.hpp>
#include <terse/data/libsvm.hpp>
#include <terse/data/partition.hpp>
#include <terse/error.hpp>
#include <terse/problem/logistic.hpp>
#include <terse/problem/mlp.hpp>
#include <terse/problem/softmax.hpp>
#include <terse/run/number_text.hpp>

namespace lab {

template <class T>
task<T> quadratic_task(terse::quadratic<T> problem, std::vector<T> start) {
    auto const shared = std::make_shared<terse::quadratic<T> const>(std::move(problem));
    task<T> t;
    t.what = "quadratic, d = " + std::to_string(shared->dimension());
    t.workers = static_cast<std::uint32_t>(shared->workers());
    t.start = std::move(start);
    t.gradient = [shared](terse::worker_context at, std::span<T const> x, std::span<T> g) {
        shared->gradient(at.worker, x, g);
    };
    t.loss = [shared](std::span<T const> x) { return shared->value(x); };
    try {
        t.optimum = shared->optimum();
    } catch (terse::configuration_error const&) { // it has none; it can be run all the same
    }
    return t;
}

template <class T>
data_files<T> read_data(data_settings const& s) {
    auto const read = [](std::string const& name, std::size_t features, std::vector<std::int64_t> classes) {
        std::filesystem::path const path = name;
        if (path.extension() == ".bin") return terse::read_cifar<T>(path);
        if (path.extension() == ".csv")
            return terse::read_csv<T>(path, terse::csv_options{.features = features, .classes = std::move(classes)});
        return terse::read_libsvm<T>(path, {.features = features, .classes = std::move(classes)});
    };
    data_files<T> d;
    d.training = std::make_shared<terse::dataset<T> const>(read(s.file, 0, {}));
    if (!s.test_file.empty())
        d.test =
            std::make_shared<terse::dataset<T> const>(read(s.test_file, d.training->features(), d.training->classes()));
    return d;
}

namespace {

terse::partition deal(std::size_t rows, std::span<std::uint32_t const> labels, data_settings const& s) {
    if (s.partition == "iid") return terse::iid_partition(rows, s.workers, s.seed);
    if (s.partition == "label") return terse::label_partition(labels, s.workers);
    if (s.partition == "dirichlet") return terse::dirichlet_partition(labels, s.workers, s.alpha, s.seed);
    throw terse::configuration_error("there is no partition \"" + s.partition + "\"; there are: iid label dirichlet");
}

// What one worker owns, so that workers can be served at the same time.
template <class P>
struct share {
    terse::batches batch;
    double weight; // the mean over the workers of weight * (mean over its rows) is the mean over all rows
    typename P::workspace scratch{};
};

template <class T, class P>
task<T> make(std::shared_ptr<P const> const& problem, data_files<T> const& data, data_settings const& s,
             std::vector<T> start) {
    auto const rows = data.training->rows();
    auto const shares = std::make_shared<std::vector<share<P>>>();
    std::uint32_t number = 0;
    for (auto& mine : deal(rows, data.training->labels(), s)) {
        double const part = static_cast<double>(mine.size()) * s.workers / static_cast<double>(rows);
        auto const batch = static_cast<std::size_t>(std::max(1.0, std::round(part * static_cast<double>(s.batch))));
        shares->push_back({terse::batches(std::move(mine), number, {.size = batch, .seed = s.seed}), part});
        ++number;
    }
    task<T> t;
    t.what = s.problem + ", d = " + std::to_string(problem->dimension()) + ", " + std::to_string(rows) + " rows, " +
             s.partition + (s.partition == "dirichlet" ? "(" + terse::number_text(s.alpha) + ")" : "");
    t.workers = s.workers;
    t.start = std::move(start);
    t.gradient = [problem, shares](terse::worker_context at, std::span<T const> x, std::span<T> g) {
        auto& own = (*shares)[at.worker];
        problem->gradient(x, own.batch(at.gradient()), g, own.scratch);
        for (T& v : g) v *= static_cast<T>(own.weight);
    };
    t.loss = [problem](std::span<T const> x) { return problem->value(x); };
    if (data.test)
        t.test_accuracy = [problem, test = data.test](std::span<T const> x) { return problem->accuracy(x, *test); };
    if constexpr (requires { problem->layout(); }) t.layers = problem->layout();
    t.rounds_per_epoch = std::max<std::uint64_t>(1, rows / (s.workers * s.batch));
    return t;
}

} // namespace

template <class T>
task<T> data_task(data_files<T> const& data, data_settings const& s) {
    if (s.batch == 0) throw terse::configuration_error("--batch must be at least 1");
    if (s.problem == "logistic") {
        auto const p = std::make_shared<terse::logistic<T> const>(data.training, s.l2);
        return make<T, terse::logistic<T>>(p, data, s, std::vector<T>(p->dimension(), T(0)));
    }
    if (s.problem == "softmax") {
        auto const p = std::make_shared<terse::softmax<T> const>(data.training, s.l2);
        return make<T, terse::softmax<T>>(p, data, s, std::vector<T>(p->dimension(), T(0)));
    }
    if (s.problem == "mlp") {
        auto const p =
            std::make_shared<terse::mlp<T> const>(data.training, terse::mlp_options{.hidden = s.hidden, .l2 = s.l2});
        return make<T, terse::mlp<T>>(p, data, s, p->initial(s.seed));
    }
    throw terse::configuration_error("there is no problem \"" + s.problem + "\" on data");
}

template task<float> quadratic_task(terse::quadratic<float>, std::vector<float>);
template task<double> quadratic_task(terse::quadratic<double>, std::vector<double>);
template data_files<float> read_data(data_settings const&);
template data_files<double> read_data(data_settings const&);
template task<float> data_task(data_files<float> const&, data_settings const&);
template task<double> data_task(data_files<double> const&, data_settings const&);

} // namespace lab
