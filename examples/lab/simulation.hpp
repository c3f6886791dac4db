// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/faults.hpp>
#include <terse/cluster/network.hpp>
#include <terse/cluster/unreliable.hpp>
#include <terse/run/record.hpp>

namespace lab {

/// What simulated seconds are made of.
struct clock_settings {
    terse::network network{.worker = {.latency = 50e-6, .bandwidth = 1.25e8}, .server = {.bandwidth = 1.25e8}};
    terse::compute_time compute{.mean = 0.01};
    bool chosen = false; ///< whether the user set anything
};

/// What goes wrong.
struct fault_settings {
    std::uint32_t backups = 0;
    terse::faults faults{};

    bool any() const {
        auto const& f = faults;
        return backups != 0 || !f.outages.empty() ||
               f.drop_out + f.crash + f.lose + f.corrupt + f.duplicate + f.delay != 0;
    }
    /// The library's cluster of so many workers; `compute` decides who is first.
    terse::unreliable of(std::uint32_t workers, terse::compute_time const& compute) const {
        return {.cluster = {.workers = workers}, .backups = backups, .compute = compute, .faults = faults};
    }
};

/// For the heads of records, and the labels of checkpoints.
terse::fields network_fields(terse::network const& n);
terse::fields compute_fields(terse::compute_time const& c);
terse::fields fault_fields(fault_settings const& s);

} // namespace lab
