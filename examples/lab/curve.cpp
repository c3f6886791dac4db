// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/curve.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

#include <lab/ranks.hpp>

#include <terse/error.hpp>

#include <lab/run_clock.hpp>

namespace lab {

double curve::tail(std::size_t n) const {
    if (points.empty()) return std::numeric_limits<double>::infinity();
    n = std::clamp<std::size_t>(n, 1, points.size());
    double sum = 0;
    for (auto p = points.end() - static_cast<std::ptrdiff_t>(n); p != points.end(); ++p) sum += p->loss;
    return sum / static_cast<double>(n);
}

double curve::rounds_to(double target) const {
    for (std::size_t i = 2; i < points.size(); ++i)
        if ((points[i - 2].loss + points[i - 1].loss + points[i].loss) / 3 <= target)
            return static_cast<double>(points[i].round);
    return std::numeric_limits<double>::infinity();
}

double curve::rounds_to_touch(double target) const {
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].loss > target) continue;
        if (i == 0) return static_cast<double>(points[i].round);
        auto const& a = points[i - 1];
        auto const& b = points[i];
        auto const way = (a.loss - target) / (a.loss - b.loss);
        return static_cast<double>(a.round) + way * static_cast<double>(b.round - a.round);
    }
    return std::numeric_limits<double>::infinity();
}

double simulated_seconds_to(curve const& c, double rounds, method_settings const& m, curve_settings const& s,
                            std::uint32_t workers) {
    if (!(rounds <= static_cast<double>(c.rounds.size()))) return std::numeric_limits<double>::infinity();
    run_clock clock(s.network, s.compute, m, workers, s.seed);
    auto const whole = static_cast<std::uint64_t>(rounds);
    for (std::uint64_t r = 0; r < c.rounds.size(); ++r) {
        double const before = clock.now();
        if (r > whole || (r == whole && rounds == static_cast<double>(whole))) return before;
        clock.advance({r, c.rounds[r].moved, c.rounds[r].sent, {}, c.rounds[r].gradients});
        if (r == whole) return before + (rounds - static_cast<double>(whole)) * (clock.now() - before);
    }
    return clock.now();
}

template <class T>
curve train_curve(task<T> const& t, method_settings const& m, curve_settings const& s) {
    curve c;
    auto w = t.start;
    auto x = w; // what is judged
    auto const sgd = start<T>(m, {.workers = t.workers, .threads = s.threads, .seed = s.seed}, w, t.layers);
    run_clock clock(s.network, s.compute, m, t.workers, s.seed);
    for (std::uint64_t r = 0;; ++r) {
        if (r % s.every == 0 || r == s.rounds) {
            auto const& bytes = sgd->traffic().total;
            sgd->output(x);
            c.points.push_back({r, t.loss(x), t.test_accuracy ? t.test_accuracy(x) : 0, static_cast<double>(bytes.up),
                                static_cast<double>(bytes.down), clock.now(), clock.total()});
            if (!std::isfinite(c.points.back().loss)) c.points.clear();
            auto const n = c.points.size();
            if (n > 2 && (c.points[n - 3].loss + c.points[n - 2].loss + c.points[n - 1].loss) / 3 <= s.target) break;
        }
        if (r == s.rounds || c.points.empty()) break;
        auto const began = std::chrono::steady_clock::now();
        try {
            sgd->step(s.lr(r), t.gradient);
        } catch (terse::error const& e) {
            if (code_of(e) != numerical) throw;
            c.points.clear();
            break;
        }
        c.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        auto const report = sgd->last_round();
        clock.advance(report);
        if (s.keeps_rounds)
            c.rounds.push_back({report.moved, {report.sent.begin(), report.sent.end()}, report.gradients});
        if (s.after_step) s.after_step();
    }
    c.rcc = sgd->traffic().rcc();
    return c;
}

template curve train_curve(task<float> const&, method_settings const&, curve_settings const&);
template curve train_curve(task<double> const&, method_settings const&, curve_settings const&);

} // namespace lab
