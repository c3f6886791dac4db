// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/cluster/attendance.hpp>
#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/faults.hpp>
#include <terse/cluster/simulated.hpp>
#include <terse/error.hpp>

namespace terse {

class unreliable_session;

/// A simulated cluster in which not every message counts: some workers are there as a backup, and things go wrong. A
/// worker whose message does not count has sent zero: it keeps everything in its residual. The update of a round is the
/// sum of the messages that count over workers - backups, however many they are.
struct unreliable {
    simulated cluster{};       ///< all workers
    std::uint32_t backups = 0; ///< of them: the first workers - backups whose messages arrive count in a round
    compute_time compute{};    ///< decides who is first; ties go to the lower number
    terse::faults faults{};

    /// Throws configuration_error.
    unreliable_session attach() const;

    /// What becomes of all workers in a round of a run with this seed.
    void attend(std::uint64_t seed, std::uint64_t round, std::vector<attendance>& all) const {
        all.clear();
        for (std::uint32_t k = 0; k < cluster.workers; ++k) all.push_back(faults.of({seed, round, k, cluster.workers}));
        if (backups == 0) return;
        std::vector<std::pair<double, std::uint32_t>> arrivals;
        for (std::uint32_t k = 0; k < cluster.workers; ++k)
            if (all[k].counts())
                arrivals.emplace_back(compute.seconds({seed, round, k, cluster.workers}) + all[k].delay, k);
        std::ranges::sort(arrivals);
        for (std::size_t i = cluster.workers - backups; i < arrivals.size(); ++i)
            all[arrivals[i].second].part = part::late;
    }
};

/// Made by unreliable.
class unreliable_session : public simulated_session {
public:
    explicit unreliable_session(unreliable const& u) : simulated_session(u.cluster.attach()), policy_(u) {
        if (u.backups >= u.cluster.workers)
            throw configuration_error("unreliable: there must be fewer backups than workers");
        u.compute.validate();
        u.faults.validate(u.cluster.workers);
    }

    /// What becomes of each worker; valid until the next call.
    std::span<attendance const> attend(std::uint64_t seed, std::uint64_t round) {
        policy_.attend(seed, round, attendances_);
        return attendances_;
    }
    std::uint32_t divisor() const { return workers() - policy_.backups; }

private:
    unreliable policy_;
    std::vector<attendance> attendances_;
};

inline unreliable_session unreliable::attach() const { return unreliable_session(*this); }

} // namespace terse
