// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include <Random123/philox.h>

namespace terse {

/// What a random number is for. Streams of different purposes never meet, so that a new consumer shifts no other.
enum class purpose : std::uint32_t {
    support = 1,
    sample = 2,
    rounding = 3,
    batch = 4,
    partition = 5,
    data = 6,
    initial = 7,
    query = 9,
    hashing = 10,
    compute_time = 11,
    fault = 12,
    user = 1000
};

/// The worker number of draws that all workers share.
inline constexpr std::uint32_t shared_by_all = 0xffffffffu;

/// Random numbers as a pure function of (seed, purpose, worker, round, segment, index): Philox4x32-10 (Random123).
/// One process, many processes and any order of calls draw the same numbers.
class random_stream {
public:
    random_stream(std::uint64_t seed, purpose use, std::uint32_t worker = shared_by_all, std::uint64_t round = 0,
                  std::uint64_t segment = 0)
        : worker_(worker), round_(static_cast<std::uint32_t>(round)) {
        // The key of a stream is itself a Philox output: 64 bits from (seed; purpose, segment, high half of the round).
        auto const k = r123::Philox4x32()({{static_cast<std::uint32_t>(use), low(segment), high(segment), high(round)}},
                                          {{low(seed), high(seed)}});
        key_ = {{k[0], k[1]}};
    }

    /// The index-th 128 bits.
    std::array<std::uint32_t, 4> block(std::uint64_t index) const {
        auto const r = r123::Philox4x32()({{low(index), high(index), worker_, round_}}, key_);
        return {r[0], r[1], r[2], r[3]};
    }

    /// The index-th 64 bits.
    std::uint64_t bits(std::uint64_t index) const {
        auto const b = block(index >> 1);
        auto const i = static_cast<std::size_t>(index & 1) * 2;
        return std::uint64_t{b[i]} | std::uint64_t{b[i + 1]} << 32;
    }

    /// What block(index) is a function of besides the index: the key, and the upper half of the counter.
    struct parameters {
        std::uint32_t key0, key1;
        std::uint32_t worker;
        std::uint32_t round;
    };
    parameters get_parameters() const { return {key_[0], key_[1], worker_, round_}; }

    /// Uniform in [0, 1), 53 bits.
    double uniform(std::uint64_t index) const { return static_cast<double>(bits(index) >> 11) * 0x1p-53; }

    /// Uniform in {0, .., n - 1}, n >= 1 (multiply-shift; the bias is below n / 2^64).
    std::uint64_t below(std::uint64_t index, std::uint64_t n) const { return below_of(bits(index), n); }
    /// The same of these bits.
    static std::uint64_t below_of(std::uint64_t bits, std::uint64_t n) {
        return static_cast<std::uint64_t>(static_cast<wide>(bits) * n >> 64);
    }

    /// Standard normal (Box-Muller). Uses libm, so the last bits may differ between C libraries.
    double normal(std::uint64_t index) const {
        double const u = 1.0 - uniform(2 * index);
        return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * uniform(2 * index + 1));
    }

private:
    __extension__ typedef unsigned __int128 wide; // NOLINT(modernize-use-using): nvcc takes no other form
    static constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
    static constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

    r123::Philox4x32::key_type key_{};
    std::uint32_t worker_;
    std::uint32_t round_;
};

} // namespace terse
