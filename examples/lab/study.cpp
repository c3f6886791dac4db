// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study.hpp>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <utility>
#include <variant>

#include <terse/error.hpp>

#include <lab/figure.hpp>
#include <lab/report.hpp>

namespace lab {

namespace {

std::string text_of(terse::field const& f) {
    return std::visit(
        []<class V>(V const& v) -> std::string {
            if constexpr (std::is_same_v<V, bool>)
                return v ? "yes" : "no";
            else if constexpr (std::is_same_v<V, std::string>)
                return v;
            else if constexpr (std::is_floating_point_v<V>)
                return std::isfinite(v) ? short_text(static_cast<double>(v), 4) : "-";
            else
                return std::to_string(v);
        },
        f.value);
}

void print(terse::fields const& f, bool names) {
    for (std::size_t i = 0; i < f.size(); ++i) {
        auto const width = static_cast<int>(std::max<std::size_t>(i == 0 ? 22 : 11, f[i].name.size() + 2));
        std::cout << (i == 0 ? "  " : "") << (i == 0 ? std::left : std::right) << std::setw(width)
                  << (names ? f[i].name : text_of(f[i]));
    }
    std::cout << std::endl;
}

} // namespace

notebook::notebook(std::string study, study_settings const& s)
    : study_(std::move(study)), folder_(s.folder), draw_(s.figures), judge_(!s.smoke) {
    make_folder(folder_);
}

std::string notebook::file(std::string const& part) const { return stem(part) + ".csv"; }

terse::record_file notebook::data(std::string const& part) const { return terse::record_file(folder_ / file(part)); }

void notebook::table(std::string const& heading, std::string const& part) {
    std::cout << '\n' << heading << '\n';
    table_.emplace(folder_ / file(part));
    has_header_ = false;
}

void notebook::row(terse::fields const& f) {
    if (!table_) throw terse::error("notebook: a row without a table");
    if (!std::exchange(has_header_, true)) print(f, true);
    print(f, false);
    table_->write(f);
}

void notebook::figure(std::string const& body, std::string const& part) {
    write_figure(folder_, stem(part), 900, 520, body);
    figures_.push_back(stem(part));
}

void notebook::claim(std::string const& what, bool seen) { claims_.emplace_back(what, seen); }

void notebook::skip(std::string const& why) { std::cout << "\nSKIPPED " << why << '\n'; }

void notebook::note(std::string const& text) { std::cout << "  " << text << '\n'; }

bool notebook::finish() {
    claims checked;
    if (!claims_.empty())
        std::cout << (judge_ ? "\nWhat the papers say of this:\n"
                             : "\nWhat the papers say of this, which says little of so small a run:\n");
    for (auto const& [what, seen] : claims_) checked.check(what, seen);
    std::cout << "\ndata:    " << (folder_ / (study_ + "*.csv")).string() << '\n';
    if (draw_ && !figures_.empty() && draw_figures(folder_, figures_)) {
        std::cout << "figures:";
        for (auto const& f : figures_) std::cout << ' ' << (folder_ / f).string() << ".{svg,png}";
        std::cout << '\n';
    }
    return checked.all() || !judge_;
}

bool run_study(study_settings const& s) {
    auto const all = studies();
    if (s.name.empty()) {
        for (auto const& x : all) std::cout << std::left << std::setw(24) << x.name << x.question << '\n';
        return true;
    }
    auto const found = std::ranges::find(all, s.name, &study::name);
    if (found == all.end()) {
        std::string names;
        for (auto const& x : all) names.append(" ").append(x.name);
        throw terse::configuration_error("there is no study \"" + s.name + "\"; there are:" + names);
    }
    std::cout << found->name << ": " << found->question << '\n';
    notebook book(s.name, s);
    found->run(s, book);
    return book.finish();
}

task<double> noisy_quadratic(terse::quadratic<double> problem, double sigma) {
    std::vector<double> const zero(problem.dimension(), 0.0);
    auto t = quadratic_task(std::move(problem), zero);
    double const least = t.optimum ? t.loss(*t.optimum) : 0;
    t.loss = [loss = t.loss, least](std::span<double const> x) { return loss(x) - least; };
    t.gradient = [exact = t.gradient, sigma](terse::worker_context at, std::span<double const> x, std::span<double> g) {
        exact(at, x, g);
        if (sigma == 0) return;
        auto const noise = at.random(terse::purpose::user, at.local_step);
        for (std::size_t i = 0; i < g.size(); ++i) g[i] += sigma * noise.normal(i);
    };
    return t;
}

terse::quadratic<double> stretched_quadratic(terse::random_quadratic_options const& o) {
    std::vector<terse::quadratic_term<double>> terms(o.workers);
    terse::random_stream const common(o.seed, terse::purpose::data);
    double const last = o.dimension > 1 ? static_cast<double>(o.dimension - 1) : 1;
    std::vector<double> eigenvalue(o.dimension), middle(o.dimension);
    for (std::size_t i = 0; i < o.dimension; ++i) {
        middle[i] = common.normal(i);
        eigenvalue[i] = o.smallest * std::pow(o.largest / o.smallest, static_cast<double>(i) / last);
    }
    for (std::size_t k = 0; k < o.workers; ++k) {
        auto const worker = static_cast<std::uint32_t>(k);
        terse::random_stream const factor(o.seed, terse::purpose::data, worker, 0, 0),
            place(o.seed, terse::purpose::data, worker, 0, 2);
        terms[k].diagonal.resize(o.dimension);
        terms[k].center.resize(o.dimension);
        for (std::size_t i = 0; i < o.dimension; ++i) {
            terms[k].diagonal[i] = eigenvalue[i] * (0.5 + factor.uniform(i));
            terms[k].center[i] = middle[i] + o.heterogeneity * place.normal(i);
        }
    }
    return terse::quadratic<double>(std::move(terms));
}

std::optional<std::string> data_file(study_settings const& s, notebook& book, std::string const& name) {
    auto const path = std::filesystem::path(s.data_dir) / name;
    if (std::filesystem::exists(path)) return path.string();
    book.skip(name + ": there is no " + path.string() + "; see --data-dir");
    return std::nullopt;
}

std::vector<double> grid(double first, double factor, int n) {
    std::vector<double> all(static_cast<std::size_t>(n));
    for (int i = 0; auto& x : all) x = first * std::pow(factor, i++);
    return all;
}

tuned tune(std::vector<double> const& rates, std::uint64_t seeds,
           std::function<double(double, std::uint64_t, double)> const& score) {
    tuned best;
    for (double const rate : rates) {
        std::vector<double> scores;
        for (std::uint64_t seed = 0; seed < seeds; ++seed) scores.push_back(score(rate, seed, best.score));
        std::ranges::sort(scores);
        if (scores[scores.size() / 2] < best.score) best = {rate, scores[scores.size() / 2]};
    }
    return best;
}

template <class T>
tuned tune(task<T> const& t, method_settings const& m, curve_settings const& s, std::vector<double> const& rates,
           std::uint64_t seeds) {
    bool const to_target = std::isfinite(s.target);
    return tune(rates, seeds, [&](double rate, std::uint64_t seed, double best) {
        auto run = s;
        run.lr = rate;
        run.seed += seed;
        if (to_target) // no further than the best; 1.2, because the median of the seeds counts
            run.rounds = static_cast<std::uint64_t>(std::min(1.2 * best, static_cast<double>(s.rounds)));
        auto const c = train_curve(t, m, run);
        double const score = to_target ? c.rounds_to(s.target) : c.tail(3);
        return std::isfinite(score) ? score : std::numeric_limits<double>::infinity();
    });
}
template tuned tune(task<float> const&, method_settings const&, curve_settings const&, std::vector<double> const&,
                    std::uint64_t);
template tuned tune(task<double> const&, method_settings const&, curve_settings const&, std::vector<double> const&,
                    std::uint64_t);

std::vector<task<float>> deal_anew(data_files<float> const& data, data_settings d, std::uint64_t seeds) {
    std::vector<task<float>> dealt;
    for (; seeds > 0; --seeds, ++d.seed) dealt.push_back(data_task(data, d));
    return dealt;
}

outcome best_outcome(std::vector<task<float>> const& dealt, method_settings const& m, curve_settings const& s,
                     std::vector<double> const& rates) {
    auto const end_of = [&](double rate, std::size_t seed) {
        auto run = s;
        run.lr = terse::schedule::cosine(rate, 0, s.rounds);
        run.every = s.rounds;
        run.seed += seed;
        auto const c = train_curve(dealt[seed], m, run);
        return c.points.empty() ? observation{.loss = c.loss()} : c.points.back();
    };
    std::vector<observation> ends(1);
    auto const best = tune(rates, 1, [&](double rate, std::uint64_t, double least) {
        auto const end = end_of(rate, 0);
        if (end.loss < least) ends[0] = end;
        return end.loss;
    });
    for (std::size_t seed = 1; seed < dealt.size(); ++seed) ends.push_back(end_of(best.rate, seed));
    auto const median = [&](double observation::*of) {
        std::ranges::sort(ends, {}, of);
        return ends[ends.size() / 2].*of;
    };
    return {best.rate, median(&observation::loss), median(&observation::accuracy), median(&observation::bytes_up),
            median(&observation::bytes_down)};
}

double log_slope(std::span<double const> x, std::span<double const> y) {
    double mx = 0, my = 0, xy = 0, xx = 0;
    auto const n = static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        mx += std::log(x[i]) / n;
        my += std::log(y[i]) / n;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (std::log(x[i]) - mx) * (std::log(y[i]) - my);
        xx += (std::log(x[i]) - mx) * (std::log(x[i]) - mx);
    }
    return xy / xx;
}

} // namespace lab
