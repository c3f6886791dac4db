// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <terse/cluster/attendance.hpp>
#include <terse/context.hpp>
#include <terse/error.hpp>
#include <terse/portable_math.hpp>

namespace terse {

/// A worker that is away in rounds first .. first + rounds - 1.
struct outage {
    std::uint32_t worker = 0;
    std::uint64_t first = 0;
    std::uint64_t rounds = 1;
    bool crash = false; ///< its state is gone: when it is back, or another in its place, it begins with an empty one
};

/// What goes wrong in a simulated cluster: probabilities for each worker and round. All of it is a pure function of
/// (seed, round, worker), so that a run can be replayed. docs/faults.md says what becomes of each.
struct faults {
    double drop_out = 0; ///< a worker is away from this round on, for so many rounds
    double crash = 0;    ///< the same, and its state is gone
    std::uint64_t away = 1;
    std::vector<outage> outages{}; ///< besides

    double lose = 0;          ///< a message does not arrive
    double corrupt = 0;       ///< or with wrong bits, which the decoder finds out
    double duplicate = 0;     ///< or twice, which the server finds out
    double delay = 0;         ///< or later,
    double delay_seconds = 1; ///< by so many on average, exponentially distributed
    bool acknowledged = true; ///< whether a worker learns that its message did not arrive, and keeps what was in it

    /// Throws configuration_error.
    void validate(std::uint32_t workers) const {
        for (auto const& [name, p] : {std::pair{"drop_out", drop_out},
                                      {"crash", crash},
                                      {"lose", lose},
                                      {"corrupt", corrupt},
                                      {"duplicate", duplicate},
                                      {"delay", delay}})
            if (!(p >= 0 && p <= 1)) throw configuration_error(std::string("faults: ") + name + " is no probability");
        if (!(delay_seconds >= 0 && std::isfinite(delay_seconds)))
            throw configuration_error("faults: the delay must be finite and not negative");
        if (away == 0 || away > 1'000'000)
            throw configuration_error("faults: a worker must be away for 1 to 1000000 rounds");
        for (auto const& o : outages)
            if (o.worker >= workers)
                throw configuration_error("faults: an outage of worker " + std::to_string(o.worker) + " of " +
                                          std::to_string(workers));
    }

    /// What becomes of `at.worker` in `at.round`.
    attendance of(worker_context const& at) const {
        attendance a;
        if (is_away(at, crash, 1, true)) return {.part = part::crashed};
        if (is_away(at, drop_out, 0, false)) return {.part = part::absent};
        auto const random = at.random(purpose::fault);
        if (random.uniform(6) < delay) a.delay = -delay_seconds * portable::log(1 - random.uniform(7));
        a.duplicated = random.uniform(5) < duplicate;
        a.corrupted = random.uniform(4) < corrupt;
        if (a.corrupted || random.uniform(3) < lose) a.part = acknowledged ? part::failed : part::lost;
        return a;
    }

private:
    bool is_away(worker_context at, double probability, std::uint64_t draw, bool crashes) const {
        for (auto const& o : outages)
            if (o.crash == crashes && o.worker == at.worker && at.round >= o.first && at.round - o.first < o.rounds)
                return true;
        if (probability == 0) return false;
        for (std::uint64_t ago = 0; ago < away && ago <= at.round; ++ago) {
            auto began = at;
            began.round -= ago;
            if (began.random(purpose::fault).uniform(draw) < probability) return true;
        }
        return false;
    }
};

} // namespace terse
