// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <terse/cluster/faults.hpp>
#include <terse/error.hpp>

#include <lab/simulation.hpp>

namespace lab {

/// "WORKER:FIRST:ROUNDS", or with ":crash". Throws configuration_error.
inline terse::outage parse_outage(std::string const& text) {
    auto const refuse = [&] {
        throw terse::configuration_error("--outage: \"" + text +
                                         "\" is not WORKER:FIRST:ROUNDS or WORKER:FIRST:ROUNDS:crash");
    };
    std::string_view left = text;
    terse::outage o;
    if (o.crash = left.ends_with(":crash"); o.crash) left.remove_suffix(6);
    std::array<std::uint64_t, 3> numbers{};
    for (std::size_t i = 0; i < 3; ++i) {
        auto const read = std::from_chars(left.data(), left.data() + left.size(), numbers[i]);
        left.remove_prefix(static_cast<std::size_t>(read.ptr - left.data()));
        if (read.ec != std::errc() || (i < 2 && !left.starts_with(':'))) refuse();
        if (i < 2) left.remove_prefix(1);
    }
    if (!left.empty() || numbers[0] > std::numeric_limits<std::uint32_t>::max()) refuse();
    o.worker = static_cast<std::uint32_t>(numbers[0]);
    o.first = numbers[1];
    o.rounds = numbers[2];
    return o;
}

inline void add_fault_options(CLI::App& app, fault_settings& s) {
    auto const group = "Faults, of methods on one model";
    auto& f = s.faults;
    app.add_option("--backup-workers", s.backups, "so many of the workers: all others, the first to finish, count")
        ->group(group);
    auto const probability = [&](char const* name, double& of, char const* what) {
        app.add_option(name, of, what)->check(CLI::Range(0.0, 1.0))->group(group);
    };
    probability("--drop-out", f.drop_out, "probability that a worker is away from a round on");
    probability("--crash", f.crash, "the same, and its residual and momentum are gone");
    app.add_option("--away", f.away, "for so many rounds")
        ->check(CLI::PositiveNumber)
        ->capture_default_str()
        ->group(group);
    app.add_option_function<std::vector<std::string>>(
           "--outage",
           [&f](std::vector<std::string> const& all) {
               f.outages.clear();
               f.outages.reserve(all.size());
               for (auto const& text : all) f.outages.push_back(parse_outage(text));
           },
           "a worker is away, counted from 0: WORKER:FIRST:ROUNDS, or WORKER:FIRST:ROUNDS:crash")
        ->group(group);
    probability("--lose", f.lose, "probability that a message does not arrive");
    probability("--corrupt", f.corrupt, "that it arrives damaged, which its checksum tells");
    app.add_flag("!--unacknowledged", f.acknowledged, "workers do not learn of it, and what was sent is gone")
        ->group(group);
    probability("--duplicate", f.duplicate, "that it arrives twice");
    probability("--delay", f.delay, "that it is late");
    app.add_option("--delay-seconds", f.delay_seconds, "by so much, on average")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->group(group);
}

} // namespace lab
