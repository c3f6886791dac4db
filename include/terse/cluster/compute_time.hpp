// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <terse/context.hpp>
#include <terse/error.hpp>
#include <terse/portable_math.hpp>

namespace terse {

/// How long a worker of a simulated cluster takes for a gradient: a pure function of (seed, round, worker, local step),
/// with the same bits everywhere, because it may decide whose message counts.
struct compute_time {
    enum class law {
        constant,
        lognormal,   ///< exp(spread z) for a standard normal z, scaled to the mean
        exponential, ///< memoryless
        pareto       ///< a heavy tail: P(more than x) falls as x^-tail
    };

    law how = law::constant;
    double mean = 1;                ///< seconds for a gradient, before slowness
    double spread = 0.5;            ///< of lognormal: the standard deviation of the logarithm
    double tail = 1.5;              ///< of pareto: above 1, or there is no mean; up to 2 the variance is infinite
    std::uint32_t slow_workers = 0; ///< the first so many take slow_factor times as long
    double slow_factor = 1;
    std::vector<double> factors{}; ///< besides, a factor for each worker; of all others it is 1

    /// Throws configuration_error.
    void validate() const {
        auto const is_time = [](double x) { return x >= 0 && std::isfinite(x); };
        if (!is_time(mean)) throw configuration_error("compute_time: the mean must be finite and not negative");
        if (!(spread >= 0 && spread <= 10)) throw configuration_error("compute_time: the spread must lie in [0, 10]");
        if (!(tail > 1 && std::isfinite(tail))) throw configuration_error("compute_time: the tail must be above 1");
        if (!is_time(slow_factor)) throw configuration_error("compute_time: the slow factor must be finite");
        for (double const f : factors)
            if (!is_time(f)) throw configuration_error("compute_time: a worker's factor must be finite");
    }

    /// Seconds that `at.worker` takes in `at.round` for so many gradients, the first being `at.local_step`.
    double seconds(worker_context const& at, std::uint32_t gradients = 1) const {
        auto const random = at.random(purpose::compute_time);
        double sum = 0;
        for (std::uint32_t i = 0; i < gradients; ++i) sum += draw(random, std::uint64_t{at.local_step} + i);
        double const slow = at.worker < slow_workers ? slow_factor : 1;
        return mean * sum * slow * (at.worker < factors.size() ? factors[at.worker] : 1);
    }

private:
    // Of mean 1. Each gradient has a block of 2^32 numbers.
    double draw(random_stream const& random, std::uint64_t gradient) const {
        auto const first = gradient << 32;
        auto const uniform = [&] { return 1 - random.uniform(first); }; // in (0, 1]
        switch (how) {
        case law::constant:
            break;
        case law::lognormal:
            return portable::exp(spread * (normal(random, first) - spread / 2));
        case law::exponential:
            return -portable::log(uniform());
        case law::pareto:
            return (tail - 1) / tail * portable::exp(-portable::log(uniform()) / tail);
        }
        return 1;
    }
    // Standard normal, by Marsaglia's polar method: it needs no cosine.
    static double normal(random_stream const& random, std::uint64_t i) {
        for (;; i += 2) {
            double const x = 2 * random.uniform(i) - 1, y = 2 * random.uniform(i + 1) - 1;
            double const s = x * x + y * y;
            if (s > 0 && s < 1) return x * std::sqrt(-2 * portable::log(s) / s);
        }
    }
};

} // namespace terse
