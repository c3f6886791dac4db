// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numbers>

#include <terse/error.hpp>

namespace terse {

/// A hyper-parameter as a function of the round (from 0): a plain value that can be compared, copied and written down.
/// A number converts to the constant schedule. All members are public so that it can be stored; use the makers.
struct schedule {
    enum class shape : std::uint8_t { constant, steps, cosine, linear, exponential, ramp };

    shape kind = shape::constant;
    double first = 0;                          ///< the value at round 0
    double last = 0;                           ///< the final value; for `steps` the factor of each step
    std::uint64_t rounds = 1;                  ///< the length of the change; for `ramp` the rounds of one epoch
    std::array<std::uint64_t, 8> milestones{}; ///< the rounds of the steps, ascending
    std::uint64_t steps_count = 0;             ///< how many milestones are used; for `ramp` the number of epochs
    shape warm_up_kind = shape::constant;      ///< linear or exponential, or constant for none
    double warm_up_first = 0;
    std::uint64_t warm_up_rounds = 0;

    constexpr schedule() = default;
    constexpr schedule(double value) : first(value), last(value) {} // NOLINT(google-explicit-constructor)

    friend constexpr bool operator==(schedule const&, schedule const&) = default;

    /// value, multiplied by factor at each milestone (at most 8, ascending).
    static schedule steps(double value, double factor, std::initializer_list<std::uint64_t> at) {
        schedule s(value);
        s.kind = shape::steps;
        s.last = factor;
        if (at.size() > s.milestones.size() || !std::is_sorted(at.begin(), at.end()))
            throw configuration_error("schedule: steps take at most 8 milestones in ascending order");
        std::copy(at.begin(), at.end(), s.milestones.begin());
        s.steps_count = at.size();
        return s;
    }
    /// From `from` to `to` along half a cosine over `over` rounds, then `to`.
    static schedule cosine(double from, double to, std::uint64_t over) {
        return changing(shape::cosine, from, to, over);
    }
    /// From `from` to `to` in a straight line over `over` rounds, then `to`.
    static schedule linear(double from, double to, std::uint64_t over) {
        return changing(shape::linear, from, to, over);
    }
    /// From `from` to `to` by a constant factor per round over `over` rounds, then `to`; both positive.
    static schedule exponential(double from, double to, std::uint64_t over) {
        if (!(from > 0 && to > 0)) throw configuration_error("schedule: exponential needs positive ends");
        return changing(shape::exponential, from, to, over);
    }
    /// DGC's warm-up of the density: ratio^((epoch+1)/(epochs+1)) in each of `epochs` epochs of `epoch_rounds` rounds,
    /// then ratio (DGC section 3.3).
    static schedule dgc_ramp(double ratio, std::uint64_t epochs, std::uint64_t epoch_rounds) {
        if (!(ratio > 0)) throw configuration_error("schedule: the ramp needs a positive ratio");
        auto s = changing(shape::ramp, std::pow(ratio, 1.0 / static_cast<double>(epochs + 1)), ratio, epoch_rounds);
        s.steps_count = epochs;
        return s;
    }
    /// The same schedule, later: `over` rounds from `from` to its first value come before it.
    schedule warmed_up(shape how, double from, std::uint64_t over) const {
        if (how != shape::linear && how != shape::exponential)
            throw configuration_error("schedule: a warm-up is linear or exponential");
        if (how == shape::exponential && !(from > 0 && first > 0))
            throw configuration_error("schedule: an exponential warm-up needs positive ends");
        auto s = *this;
        s.warm_up_kind = how;
        s.warm_up_first = from;
        s.warm_up_rounds = over;
        return s;
    }

    /// The value at a round. Cosine and exponential shapes use libm.
    constexpr double operator()(std::uint64_t round) const {
        if (round < warm_up_rounds) return between(warm_up_kind, warm_up_first, first, round, warm_up_rounds);
        auto const t = round - warm_up_rounds;
        if (kind == shape::constant) return first;
        if (kind == shape::steps) {
            double x = first;
            for (std::size_t i = 0; i < steps_count && milestones[i] <= t; ++i) x *= last;
            return x;
        }
        if (kind == shape::ramp) {
            auto const epoch = t / rounds;
            return epoch >= steps_count ? last : std::max(std::pow(first, static_cast<double>(epoch + 1)), last);
        }
        return t >= rounds ? last : between(kind, first, last, t, rounds);
    }

    /// Whether every value lies in [low, high]; all shapes are monotone between their corners.
    constexpr bool within(double low, double high) const {
        auto const inside = [&](double x) { return low <= x && x <= high; };
        bool ok = inside(first) && (warm_up_rounds == 0 || inside(warm_up_first));
        if (kind == shape::steps) {
            double x = first;
            for (std::size_t i = 0; i < steps_count; ++i) ok = ok && inside(x *= last);
            return ok;
        }
        return ok && inside(last);
    }

private:
    static schedule changing(shape how, double from, double to, std::uint64_t over) {
        if (over == 0) throw configuration_error("schedule: a change takes at least one round");
        schedule s(from);
        s.kind = how;
        s.last = to;
        s.rounds = over;
        return s;
    }
    static constexpr double between(shape how, double from, double to, std::uint64_t t, std::uint64_t over) {
        double const x = static_cast<double>(t) / static_cast<double>(over);
        if (how == shape::linear) return from + (to - from) * x;
        if (how == shape::exponential) return from * std::pow(to / from, x);
        return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * x));
    }
};

} // namespace terse
