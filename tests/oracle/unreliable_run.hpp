// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/cluster/unreliable.hpp>

#include "oracle/random_run.hpp"

namespace oracle {

enum class what { nothing, backups, faults, both };

inline terse::unreliable cluster_of(random_run const& run, what w, unsigned threads = 1) {
    terse::random_stream const random(run.seed, terse::purpose::user, 99);
    terse::unreliable u{.cluster = run.cluster(threads)};
    u.compute = {.how = terse::compute_time::law::pareto, .mean = 2};
    if (w == what::backups || w == what::both) u.backups = static_cast<std::uint32_t>(random.below(0, run.workers));
    if (w == what::faults || w == what::both)
        u.faults = {.drop_out = 0.1 * random.uniform(1),
                    .crash = 0.1 * random.uniform(2),
                    .away = 1 + random.below(3, 5),
                    .lose = 0.3 * random.uniform(4),
                    .corrupt = 0.2 * random.uniform(5),
                    .duplicate = 0.2,
                    .delay = 0.2,
                    .acknowledged = random.uniform(6) < 0.5};
    return u;
}

} // namespace oracle
