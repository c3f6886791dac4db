// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <mpi.h>

#include <terse/mpi.hpp>

#include "oracle/random_run.hpp"

/// What the tests on ranks share. No test may leave early on some ranks only, so nothing here or there is
/// BOOST_REQUIRE.
namespace world {

inline int rank() {
    int r = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &r);
    return r;
}
inline int size() {
    int n = 0;
    MPI_Comm_size(MPI_COMM_WORLD, &n);
    return n;
}

inline constexpr std::uint32_t workers = 8;
inline constexpr std::size_t dimension = 173;

/// A noisy gradient, another one for each worker and round.
struct gradient {
    template <class T>
    void operator()(terse::worker_context at, terse::view<terse::cpu, T const> x, terse::view<terse::cpu, T> g) const {
        for (std::size_t i = 0; i < g.size(); ++i)
            g[i] = static_cast<T>(1 + (i + at.worker) % 5) * x[i] -
                   static_cast<T>(4 * oracle::uniform({at.worker, at.round, i}) - 1);
    }
};
inline double rate(int round) { return round < 20 ? 0.02 : 0.005; }

/// A hash of everything that it is given, bit by bit.
class hash {
public:
    template <class X>
    void add(X const& x) {
        static_assert(sizeof(X) == 4 || sizeof(X) == 8);
        if constexpr (sizeof(X) == 4)
            mix(std::bit_cast<std::uint32_t>(x));
        else
            mix(std::bit_cast<std::uint64_t>(x));
    }
    std::uint64_t value() const { return h_; }
    friend bool operator==(hash const&, hash const&) = default;

private:
    void mix(std::uint64_t word) {
        h_ = (h_ ^ word) * 0x9e3779b97f4a7c15u;
        h_ ^= h_ >> 29;
    }
    std::uint64_t h_ = 0;
};

/// w after every round, now and then corrected() or mean(), and what the run says of itself.
template <class T, class Method, class Cluster>
hash trajectory(Method const& method, Cluster const& cluster, int rounds = 50) {
    std::vector<T> w(dimension, T(1)), corrected(dimension);
    auto run = terse::train(method, cluster, w, {.seed = 5});
    run.measure_health();
    hash h;
    for (int t = 0; t < rounds; ++t) {
        run.step(rate(t), gradient{});
        for (auto const x : w) h.add(x);
        if (t % 8 != 7) continue;
        if constexpr (requires { run.mean(corrected); })
            run.mean(corrected);
        else
            run.corrected(corrected);
        for (auto const x : corrected) h.add(x);
        auto const health = run.health();
        for (double const x : {health.gradient_norm, health.residual_norm, health.residual_ratio, health.contraction,
                               health.residual_distance, health.model_distance})
            h.add(x);
    }
    for (auto const x : {run.traffic().total.up, run.traffic().total.down, run.traffic().averaging.up, run.round()})
        h.add(x);
    h.add(run.traffic().rcc());
    return h;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

} // namespace world
