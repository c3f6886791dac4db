// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <vector>

#include <terse/problem/random_quadratic.hpp>

#include <lab/curve.hpp>
#include <lab/study.hpp>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(study_tests)

BOOST_AUTO_TEST_CASE(all_are_listed) {
    playground here;
    BOOST_TEST(here.lab("study") == 0, here.said());
    for (auto const& s : lab::studies()) BOOST_TEST(here.said().find(s.name) != std::string::npos, s.name);
    BOOST_TEST(here.lab("study linear") == 2);
    BOOST_TEST(here.said().find("linear-speedup") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_runs_small_and_writes_what_it_says) {
    playground here;
    for (auto const& s : lab::studies()) {
        BOOST_TEST_CONTEXT(s.name) {
            auto const name = std::string(s.name);
            BOOST_TEST(here.lab("study " + name + " --smoke --no-figures --output-dir " + name) == 0, here.said());
            auto const said = here.said();
            bool const skipped = said.find("SKIPPED") != std::string::npos;
            BOOST_TEST((skipped || said.find("What the papers say") != std::string::npos), said);
            std::size_t tables = 0, figures = 0;
            for (auto const& file : std::filesystem::directory_iterator(here.folder / name)) {
                BOOST_TEST(std::filesystem::file_size(file.path()) > 20u, file.path());
                tables += file.path().extension() == ".csv" ? 1 : 0;
                figures += file.path().extension() == ".gp" ? 1 : 0;
            }
            BOOST_TEST((skipped || (tables > 0 && figures > 0)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failed_claim_is_a_failed_study) {
    playground here;
    auto const finish = [&](bool seen, bool smoke) {
        lab::study_settings s;
        s.folder = here.path("out");
        s.smoke = smoke;
        s.figures = false;
        lab::notebook book("it", s);
        book.table("A table");
        book.row({{"name", std::string("a")}, {"x", 1.5}});
        book.claim("first", true);
        book.claim("second", seen);
        return book.finish();
    };
    BOOST_TEST(finish(true, false));
    BOOST_TEST(!finish(false, false));
    BOOST_TEST(finish(false, true));
    BOOST_TEST(here.read("out/it.csv") == "name,x\na,1.5\n");
}

BOOST_AUTO_TEST_CASE(rounds_to_a_target_take_three_observations) {
    lab::curve c;
    for (std::uint64_t i = 0; i < 6; ++i)
        c.points.push_back({.round = 10 * i, .loss = i == 1 ? 0.0 : 6.0 - static_cast<double>(i)});
    BOOST_TEST(c.rounds_to(100) == 20); // not before there are three
    BOOST_TEST(c.rounds_to(3.4) == 20); // 6, 0, 4
    BOOST_TEST(c.rounds_to(2) == 50);   // 3, 2, 1
    BOOST_TEST(std::isinf(c.rounds_to(1.9)));
    BOOST_TEST(c.tail(2) == 1.5);
    BOOST_TEST(std::isinf(lab::curve{}.loss()));
}

BOOST_AUTO_TEST_CASE(a_curve_stops_at_its_target_and_ends_where_it_diverges) {
    auto const t = lab::noisy_quadratic(terse::random_quadratic({.workers = 2, .dimension = 3}), 0);
    lab::method_settings m;
    m.name = "dsgd";
    auto const all = lab::train_curve(t, m, {.lr = 0.05, .rounds = 95, .every = 10});
    BOOST_TEST(all.points.size() == 11u);
    BOOST_TEST(all.points.back().round == 95u);
    auto const part = lab::train_curve(t, m, {.lr = 0.05, .rounds = 95, .every = 10, .target = all.points[3].loss});
    BOOST_TEST(part.points.size() < all.points.size());
    BOOST_TEST(part.rounds_to(all.points[3].loss) == static_cast<double>(part.points.back().round));
    BOOST_TEST(lab::train_curve(t, m, {.lr = 1e200, .rounds = 95}).points.empty());
    m.name = "fetch_sgd"; // where not a gradient is found not to be finite, but what is made of all
    m.compressor.k = 1;
    m.columns = 16;
    BOOST_TEST(lab::train_curve(t, m, {.lr = 1e200, .rounds = 95, .every = 95}).points.empty());
}

BOOST_AUTO_TEST_CASE(noise_is_new_in_every_gradient_and_the_loss_is_above_the_least) {
    auto const t = lab::noisy_quadratic(terse::random_quadratic({.workers = 2, .dimension = 4000, .dense = false}), 2);
    std::vector<double> const x(4000, 0.0);
    std::vector<double> a(x), b(x), exact(x);
    lab::noisy_quadratic(terse::random_quadratic({.workers = 2, .dimension = 4000, .dense = false}), 0)
        .gradient({}, x, exact);
    auto const spread = [&](std::vector<double> const& p, std::vector<double> const& q) {
        double s = 0;
        for (std::size_t i = 0; i < p.size(); ++i) s += (p[i] - q[i]) * (p[i] - q[i]) / 4000;
        return std::sqrt(s);
    };
    terse::worker_context at{.seed = 1, .round = 3, .worker = 0, .workers = 2};
    t.gradient(at, x, a);
    BOOST_TEST(std::abs(spread(a, exact) - 2) < 0.1);
    for (auto change : {0, 1, 2}) {
        auto other = at;
        if (change == 0) other.round = 4;
        if (change == 1) other.local_step = 1;
        if (change == 2) other.seed = 2;
        t.gradient(other, x, b);
        BOOST_TEST(spread(a, b) > 2.5, change);
    }
    t.gradient(at, x, b);
    BOOST_TEST((a == b));
    BOOST_TEST(std::abs(t.loss(*t.optimum)) < 1e-12);
    BOOST_TEST(t.loss(x) > 0);
}

BOOST_AUTO_TEST_CASE(a_stretched_quadratic_has_its_eigenvalues) {
    terse::random_quadratic_options const o{
        .seed = 3, .workers = 400, .dimension = 5, .smallest = 0.01, .largest = 100, .heterogeneity = 0};
    auto const q = lab::stretched_quadratic(o);
    double eigenvalue = 0.01;
    for (std::size_t i = 0; i < 5; ++i, eigenvalue *= 10) {
        double mean = 0;
        for (std::size_t k = 0; k < 400; ++k) {
            double const factor = q.term(k).diagonal[i] / eigenvalue;
            BOOST_TEST((factor >= 0.5 && factor < 1.5));
            mean += factor / 400;
        }
        BOOST_TEST(std::abs(mean - 1) < 0.06); // four standard errors
    }
    BOOST_TEST((q.term(0).center == q.term(399).center));
    auto apart = o;
    apart.heterogeneity = 2;
    BOOST_TEST((lab::stretched_quadratic(apart).term(0).center != lab::stretched_quadratic(apart).term(399).center));
    BOOST_TEST((lab::stretched_quadratic(apart).term(7).diagonal == q.term(7).diagonal));
}

BOOST_AUTO_TEST_CASE(the_best_rate_is_by_the_last_losses_or_by_rounds_to_a_target) {
    // F - F* = x^2 / 2 from x = 1: a round multiplies it by (1 - rate)^2.
    std::vector<terse::quadratic_term<double>> one(1);
    one[0].diagonal = one[0].center = {1.0};
    auto const t = lab::noisy_quadratic(terse::quadratic<double>(one), 0);
    lab::method_settings m;
    m.name = "dsgd";
    auto const last = lab::tune(t, m, {.rounds = 6}, {1e9, 0.5, 0.25}, 3);
    BOOST_TEST(last.rate == 0.5);
    BOOST_TEST(std::abs(last.score - (std::pow(0.25, 4) + std::pow(0.25, 5) + std::pow(0.25, 6)) / 6) < 1e-15);
    // 0.5, 0.5 / 4, 0.5 / 16, ..: a mean of three of at most 0.01 in round 5
    auto const first = lab::tune(t, m, {.rounds = 50, .target = 0.01}, {1e9, 0.25, 0.5}, 1);
    BOOST_TEST(first.rate == 0.5);
    BOOST_TEST(first.score == 5);
    BOOST_TEST(std::isinf(lab::tune(t, m, {.rounds = 4, .target = 0.01}, {0.5}, 1).score));
}

BOOST_AUTO_TEST_CASE(an_outcome_is_of_the_best_rate_and_medians_of_the_seeds) {
    std::vector<lab::task<float>> tasks; // x^2 / 2 from 1, 3 and 2; the only round has the first rate of the cosine
    for (float const start : {1.0f, 3.0f, 2.0f}) {
        std::vector<terse::quadratic_term<float>> one(1);
        one[0].diagonal = {1.0f};
        one[0].center = {0.0f};
        tasks.push_back(lab::quadratic_task(terse::quadratic<float>(one), {start}));
        tasks.back().test_accuracy = [](std::span<float const> x) { return static_cast<double>(x[0]); };
    }
    lab::method_settings m;
    m.name = "dsgd";
    auto const best = lab::best_outcome(tasks, m, {.rounds = 1}, {0.25, 0.5, 1e30});
    BOOST_TEST(best.rate == 0.5);
    BOOST_TEST(best.loss == 0.5);
    BOOST_TEST(best.accuracy == 1);
    BOOST_TEST((best.bytes_up > 4 && best.bytes_up == best.bytes_down));
}

BOOST_AUTO_TEST_CASE(slopes_are_of_logarithms) {
    std::vector<double> const x{1, 2, 4, 8}, y{5, 2.5, 1.25, 0.625};
    BOOST_TEST(std::abs(lab::log_slope(x, y) + 1) < 1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
