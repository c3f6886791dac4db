// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/network.hpp>

#include <lab/simulation.hpp>

namespace lab {

inline void add_clock_options(CLI::App& app, clock_settings& c) {
    auto const group = "Simulated time";
    app.add_option_function<std::string>(
           "--network",
           [&c](std::string const& text) {
               using enum terse::network::pattern;
               c.network.how = text == "ring" ? ring_all_reduce : text == "gather" ? ring_all_gather : parameter_server;
           },
           "server (a parameter server), ring (all-reduce) or gather (all-gather)")
        ->check(CLI::IsMember({"server", "ring", "gather"}))
        ->default_str("server")
        ->group(group);
    app.add_option_function<double>(
           "--bandwidth", [&c](double b) { c.network.worker.bandwidth = c.network.server.bandwidth = b; },
           "bytes per second of each link and of the server's; 1.25e8 is 1 Gbit/s")
        ->check(CLI::PositiveNumber)
        ->group(group);
    app.add_option("--latency", c.network.worker.latency, "seconds of each message")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->group(group);
    app.add_option("--overlap", c.network.overlap, "the last part of the computation beside which messages travel")
        ->check(CLI::Range(0.0, 1.0))
        ->group(group);
    app.add_option_function<std::string>(
           "--compute",
           [&c](std::string const& text) {
               using enum terse::compute_time::law;
               c.compute.how = text == "lognormal"     ? lognormal
                               : text == "exponential" ? exponential
                               : text == "pareto"      ? pareto
                                                       : constant;
           },
           "how the time of a gradient is distributed: constant, lognormal, exponential or pareto")
        ->check(CLI::IsMember({"constant", "lognormal", "exponential", "pareto"}))
        ->default_str("constant")
        ->group(group);
    app.add_option("--gradient-time", c.compute.mean, "seconds of a gradient, on average")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->group(group);
    app.add_option("--spread", c.compute.spread, "of lognormal")->capture_default_str()->group(group);
    app.add_option("--tail", c.compute.tail, "of pareto, above 1")->capture_default_str()->group(group);
    app.add_option("--slow-workers", c.compute.slow_workers, "how many are slow")->group(group);
    app.add_option("--slow-factor", c.compute.slow_factor, "so many times as slow")
        ->capture_default_str()
        ->group(group);
    for (auto* const option : app.get_options([&](CLI::Option const* o) { return o->get_group() == group; }))
        option->each([&c](std::string const&) { c.chosen = true; });
}

} // namespace lab
