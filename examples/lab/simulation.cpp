// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/simulation.hpp>

#include <string>

namespace lab {

terse::fields network_fields(terse::network const& n) {
    using enum terse::network::pattern;
    std::string const how = n.how == ring_all_reduce    ? "ring"
                            : n.how == ring_all_gather  ? "gather"
                            : n.how == parameter_server ? "server"
                                                        : "neighbours";
    return {{"network", how}, {"bandwidth", n.worker.bandwidth}, {"latency", n.worker.latency}, {"overlap", n.overlap}};
}

terse::fields compute_fields(terse::compute_time const& c) {
    using enum terse::compute_time::law;
    std::string const how = c.how == lognormal     ? "lognormal"
                            : c.how == exponential ? "exponential"
                            : c.how == pareto      ? "pareto"
                                                   : "constant";
    terse::fields f{{"compute", how}, {"gradient-time", c.mean}};
    if (c.how == lognormal) f.emplace_back("spread", c.spread);
    if (c.how == pareto) f.emplace_back("tail", c.tail);
    if (c.slow_workers != 0) {
        f.emplace_back("slow-workers", c.slow_workers);
        f.emplace_back("slow-factor", c.slow_factor);
    }
    return f;
}

terse::fields fault_fields(fault_settings const& s) {
    terse::fields f;
    if (s.backups != 0) f.emplace_back("backup-workers", s.backups);
    auto const add = [&](char const* name, double p) {
        if (p != 0) f.emplace_back(name, p);
    };
    auto const& x = s.faults;
    add("drop-out", x.drop_out);
    add("crash", x.crash);
    if (x.drop_out + x.crash != 0) f.emplace_back("away", x.away);
    std::string outages;
    for (auto const& o : x.outages) {
        if (!outages.empty()) outages += ' ';
        outages += std::to_string(o.worker) + ":" + std::to_string(o.first) + ":" + std::to_string(o.rounds);
        if (o.crash) outages += ":crash";
    }
    if (!outages.empty()) f.emplace_back("outage", outages);
    add("lose", x.lose);
    add("corrupt", x.corrupt);
    if (x.lose + x.corrupt != 0) f.emplace_back("acknowledged", x.acknowledged);
    add("duplicate", x.duplicate);
    add("delay", x.delay);
    if (x.delay != 0) f.emplace_back("delay-seconds", x.delay_seconds);
    return f;
}

} // namespace lab
