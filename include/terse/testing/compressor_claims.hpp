// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <terse/error.hpp>
#include <terse/testing/compressor_trial.hpp>
#include <terse/testing/inputs.hpp>

namespace terse::testing {

/// What a compressor promises beyond the laws for all; the defaults promise nothing.
struct compressor_claims {
    std::vector<std::size_t> dimensions{1, 2, 63, 64, 65, 4097}; ///< those that validate() refuses are left out
    bool sends_entries = false;                                  ///< a coordinate is sent as it is, or not at all
    bool even = false;         ///< entries that are alike are sent equally often, wherever they stand
    bool same_support = false; ///< all workers send the same coordinates
    bool packs_values = false; ///< values may travel in fewer bits than they have (entropy coding)
    double growth = 1;         ///< no number of C(v) is larger than growth max |v_i|
    std::function<double(std::size_t)> contraction{}; ///< delta(d): E ||C(v) - v||^2 <= (1 - delta) ||v||^2
    std::function<double(std::size_t)> variance{};    ///< omega(d): E C(v) = v and E ||C(v) - v||^2 <= omega ||v||^2
    std::size_t statistics_dimension = 64;            ///< where expectations are measured,
    std::uint64_t draws = 2000;                       ///< over so many rounds, and must fit within 5 standard errors
};

namespace detail {

template <class C>
bool accepts(C const& c, std::size_t d) {
    try {
        terse::validate(c, d);
        return true;
    } catch (terse::error const&) {
        return false;
    }
}

/// Holds a compressor to those of its claims that need more than one call.
template <class T, class B, class C>
class claim_checks {
public:
    claim_checks(C const& c, compressor_claims const& claims, violation_report& report)
        : c_(c), claims_(claims), report_(report) {}

    void run() {
        bool const expects = claims_.contraction || claims_.variance;
        if (!claims_.same_support && !claims_.even && !expects) return;
        auto const d = claims_.statistics_dimension;
        report_.about = "d = " + std::to_string(d);
        if (!accepts(c_, d)) return report_.add("validate() refuses claims.statistics_dimension");
        if (claims_.same_support) check_same_support(d);
        if (claims_.even) check_even(d);
        if (!expects) return;
        auto const rounds = draws_anything(d) ? claims_.draws : 1; // without chance once is enough, and exact
        for (auto const& in : finite_inputs<T>(d, T(1e6)))
            if (in.name != "denormals") check_expectation(in, rounds); // their squares vanish
    }

private:
    using trial = compressor_trial<C, B, T>;

    void check_same_support(std::size_t d) {
        trial first, other;
        for (std::uint64_t round = 0; round < 10; ++round) {
            first.compress(c_, normal_vector<T>(d, 7, round), worker_context{1, round, 0, 4, 0});
            other.compress(c_, normal_vector<T>(d, 8, round), worker_context{1, round, 1, 4, 0});
            if (first.carries != other.carries) report_.add("two workers send different coordinates");
        }
    }

    // How often the parts of a vector of alike entries are sent, against how often the whole is.
    void check_even(std::size_t d) {
        std::vector<average> part(std::min<std::size_t>(d, 8));
        average whole;
        trial t;
        for (std::uint64_t round = 0; round < claims_.draws; ++round) {
            t.compress(c_, normal_vector<T>(d, 9, round), worker_context{1, round, 1, 4, 0});
            std::vector<double> sent(part.size()), width(part.size());
            for (std::size_t i = 0; i < d; ++i) {
                sent[i * part.size() / d] += t.carries[i] ? 1 : 0;
                ++width[i * part.size() / d];
            }
            for (std::size_t j = 0; j < part.size(); ++j) part[j].add(sent[j] / width[j]);
            whole.add(static_cast<double>(t.count()) / static_cast<double>(d));
        }
        for (std::size_t j = 0; j < part.size(); ++j)
            if (std::fabs(part[j].mean() - whole.mean()) > 5 * part[j].error() + 1e-12)
                report_.add("some positions are sent more often than others",
                            ": part " + std::to_string(j) + " of " + std::to_string(part.size()) + " with frequency " +
                                std::to_string(part[j].mean()) + ", the whole " + std::to_string(whole.mean()));
    }

    // E ||C(v) - v||^2 / ||v||^2 and E C(v) over rounds.
    void check_expectation(named_input<T> const& in, std::uint64_t rounds) {
        auto const d = in.values.size();
        auto const v = [&](std::size_t i) { return static_cast<double>(in.values[i]); };
        report_.about = "d = " + std::to_string(d) + ", " + in.name;
        double norm = 0;
        for (std::size_t i = 0; i < d; ++i) norm += v(i) * v(i);
        if (norm == 0) return;
        trial t;
        average lost;
        std::vector<average> mean(d);
        std::vector<double> lowest(d, HUGE_VAL), highest(d, -HUGE_VAL);
        for (std::uint64_t round = 0; round < rounds; ++round) {
            t.compress(c_, in.values, worker_context{1, round, 1, 4, 0});
            double loss = 0;
            for (std::size_t i = 0; i < d; ++i) {
                auto const x = static_cast<double>(t.decoded[i]);
                loss += (x - v(i)) * (x - v(i));
                mean[i].add(x);
                lowest[i] = std::min(lowest[i], x);
                highest[i] = std::max(highest[i], x);
            }
            lost.add(loss / norm);
        }
        double const rounding = 1e3 * static_cast<double>(std::numeric_limits<T>::epsilon());
        if (claims_.contraction) {
            double const delta = claims_.contraction(d);
            // A loss in [0, 1] with mean 1 - delta has at most this deviation, even where no draw has shown it.
            double const widest = rounds == 1 ? 0 : std::sqrt(delta * (1 - delta) / static_cast<double>(rounds));
            if (!(lost.mean() <= 1 - delta + 5 * std::max(lost.error(), widest) + rounding))
                report_.add("C(v) loses more than 1 - delta of ||v||^2",
                            ": " + std::to_string(lost.mean()) + ", delta = " + std::to_string(delta));
        }
        if (!claims_.variance) return;
        double const omega = claims_.variance(d);
        if (!(lost.mean() <= omega + 5 * lost.error() + rounding))
            report_.add("E ||C(v) - v||^2 is more than omega ||v||^2",
                        ": " + std::to_string(lost.mean()) + ", omega = " + std::to_string(omega));
        // The mean of rare things is off by some of them, whatever the deviation that was seen: k sightings of what
        // was to be expected m times are within 5 sqrt(k) + 10 of m. The size of what was never seen is that
        // of the largest number.
        double largest = 0;
        for (std::size_t i = 0; i < d; ++i) largest = std::max(largest, std::fabs(v(i)));
        double const rare = rounds == 1 ? 0 : 10 / static_cast<double>(rounds);
        for (std::size_t i = 0; i < d; ++i)
            if (double const step = highest[i] > lowest[i] ? highest[i] - lowest[i] : largest;
                !(std::fabs(mean[i].mean() - v(i)) <= 5 * mean[i].error() + rare * step + rounding * std::fabs(v(i))))
                report_.add("E C(v) is not v", " at " + std::to_string(i) + ": " + std::to_string(mean[i].mean()) +
                                                   " instead of " + std::to_string(v(i)));
    }

    bool draws_anything(std::size_t d) {
        trial one, other;
        auto const x = normal_vector<T>(d, 10);
        one.compress(c_, x, worker_context{1, 0, 1, 4, 0});
        for (std::uint64_t round = 1; round < 16; ++round) {
            other.compress(c_, x, worker_context{1, round, 1, 4, 0});
            if (!one.equals(other)) return true;
        }
        return false;
    }

    C const& c_;
    compressor_claims const& claims_;
    violation_report& report_;
};

} // namespace detail

} // namespace terse::testing
