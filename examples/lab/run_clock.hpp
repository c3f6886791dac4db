// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <vector>

#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/network.hpp>
#include <terse/cluster/simulated_clock.hpp>
#include <terse/cluster/topology.hpp>

#include <lab/engine.hpp>
#include <lab/settings.hpp>

namespace lab {

/// Simulated seconds of a run of a method, from what it sent. Methods whose workers talk to neighbours do that on their
/// own graph, however the network would bring together the messages of others; and where nothing moves in a round,
/// nobody waits.
class run_clock {
public:
    /// Throws configuration_error.
    run_clock(terse::network net, terse::compute_time compute, method_settings const& method, std::uint32_t workers,
              std::uint64_t seed);

    terse::round_seconds const& advance(round_report const& r);
    terse::round_seconds const& total() const { return clock_.total(); }
    double now() const { return clock_.now(); }
    /// For checkpoints.
    terse::simulated_clock& state() { return clock_; }

private:
    std::vector<terse::topology> graphs_; // which take turns; empty unless workers talk to neighbours
    terse::simulated_clock clock_;
    std::vector<std::uint64_t> sent_;
};

} // namespace lab
