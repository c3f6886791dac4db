// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/network.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/run/schedule.hpp>

#include <lab/engine.hpp>
#include <lab/settings.hpp>
#include <lab/task.hpp>

namespace lab {

/// What a run had come to after so many rounds.
struct observation {
    std::uint64_t round = 0;
    double loss = 0, accuracy = 0, bytes_up = 0, bytes_down = 0;
    double simulated = 0;         ///< seconds
    terse::round_seconds spent{}; ///< their parts
};

/// What moved in a round.
struct moved_round {
    terse::bytes_moved moved;
    std::vector<std::uint64_t> sent;
    std::uint32_t gradients;
};

/// A run that was observed now and then; without points if it diverged.
struct curve {
    std::vector<observation> points;
    double rcc = 0;
    double seconds = 0;                ///< in steps, without the observations
    std::vector<moved_round> rounds{}; ///< if they were to be kept

    /// Of the last observation; infinite if the run diverged.
    double loss() const { return points.empty() ? std::numeric_limits<double>::infinity() : points.back().loss; }
    /// The first observed round, interpolated, with a loss of at most `target`; infinite if there is none.
    double rounds_to_touch(double target) const;
    /// The mean loss of the last n observations.
    double tail(std::size_t n) const;
    /// The first observed round at which the mean loss of that observation and the two before is at most `target`;
    /// infinite if there is none.
    double rounds_to(double target) const;
};

struct curve_settings {
    terse::schedule lr = 0.1;
    std::uint64_t rounds = 100;
    std::uint64_t every = 1; ///< rounds between observations
    std::uint64_t seed = 1;
    unsigned threads = 1;
    double target = -std::numeric_limits<double>::infinity(); ///< stop when rounds_to(target) is known
    terse::network network{};                                 ///< of the simulated seconds
    terse::compute_time compute{};
    bool keeps_rounds = false;          ///< for simulated_seconds_to()
    std::function<void()> after_step{}; ///< for progress
};

/// The simulated seconds that so many rounds of the curve, interpolated, take in another network: every message counts
/// with the bytes that it had. The curve must have kept its rounds.
double simulated_seconds_to(curve const& c, double rounds, method_settings const& m, curve_settings const& s,
                            std::uint32_t workers);

/// Trains from t.start and observes round 0, every `every`-th round and the last one.
template <class T>
curve train_curve(task<T> const& t, method_settings const& m, curve_settings const& s);

} // namespace lab
