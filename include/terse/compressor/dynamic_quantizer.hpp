// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/scratch.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/context.hpp>
#include <terse/error.hpp>
#include <terse/wire/levels.hpp>

namespace terse {

/// DQ-SGD: QSGD with one norm for all coordinates, whose bits follow the norm of what is compressed in round n of N:
///     B_n = log2(k a^((N - n) / 2) ||v||_p + 1) + 1,
/// to the nearest integer, between 2 and 16; s_n = 2^(B_n - 1) - 1. For strongly convex functions
/// a = 1 - 2 mu eta + L mu eta^2, for others a = 1. Nothing is kept between rounds; with a budget that is kept whatever
/// the norms are: budgeted_quantizer.
struct dynamic_quantizer {
    double constant = 100;    ///< k, or t of the paper's rule for non-convex functions
    double a = 1;             ///< in (0, 1]; see convex()
    std::uint64_t rounds = 0; ///< N; of no consequence where a = 1
    terse::norm norm = terse::norm::l2;
    level_coding coding = level_coding::fixed;

    static constexpr unsigned fewest = 2, most = 16;

    template <class B, class T>
    using message = level_message<B, T>;

    /// a for functions with mu I <= F'' <= L I and learning rate eta.
    static constexpr double convex(double mu, double L, double eta) { return 1 - 2 * mu * eta + L * mu * eta * eta; }

    void validate(std::size_t) const {
        if (!(constant > 0 && std::isfinite(constant)))
            throw configuration_error("dynamic_quantizer: the constant must be positive and finite");
        if (!(a > 0 && a <= 1)) throw configuration_error("dynamic_quantizer: a must lie in (0, 1]");
        if (a < 1 && rounds == 0) throw configuration_error("dynamic_quantizer: a < 1 needs the number of rounds");
        if (norm == terse::norm::given) throw configuration_error("dynamic_quantizer: the norm is l2 or linf");
    }

    /// The bits of a coordinate in a round (from 0) in which the norm is this; after the last round as in it.
    unsigned bits(std::uint64_t round, double of_norm) const {
        auto const left = static_cast<double>(rounds - std::min(rounds, round + 1));    // N - n, where n counts from 1
        double const b = std::log2(constant * std::pow(a, left / 2) * of_norm + 1) + 1; // B_n
        return b >= fewest ? static_cast<unsigned>(std::min<double>(std::floor(b + 0.5), most)) : fewest;
    }
    /// Bits of all messages of one worker whose norms these will be, one for each round, with d floats; headers count.
    double total_bits(std::size_t d, std::span<double const> norms) const {
        double total = 0;
        for (std::size_t n = 0; n < norms.size(); ++n)
            total += 8.0 * (wire::header_bytes + 10 + sizeof(float)) + static_cast<double>(d) * bits(n, norms[n]);
        return total;
    }
    /// The same with the largest constant whose messages are not more than so many bits, found by bisection. Throws
    /// configuration_error if two bits for a coordinate are too many already.
    dynamic_quantizer within(double budget, std::size_t d, std::span<double const> norms) const {
        auto best = *this;
        best.constant = 0x1p-1000;
        if (!(best.total_bits(d, norms) <= budget))
            throw configuration_error("dynamic_quantizer: the budget is too small for two bits in each round");
        double low = -1000, high = 1000; // of the constant's logarithm
        for (int i = 0; i < 64; ++i) {
            auto tried = *this;
            tried.constant = std::exp2((low + high) / 2);
            bool const fits = tried.total_bits(d, norms) <= budget;
            (fits ? low : high) = (low + high) / 2;
            if (fits) best = tried;
        }
        return best;
    }

    /// ||v||_p; infinite where the sum of squares is.
    template <class B, class T>
    double norm_of(view<B, T const> v, scratch<B>& temporary) const {
        auto const largest = static_cast<double>(B::nth_magnitude(v, 1, temporary));
        return norm == terse::norm::l2 && std::isfinite(largest) ? std::sqrt(B::sum_of_squares(v)) : largest;
    }
    /// out = Q(in) with so many bits for a coordinate.
    template <class B, class T>
    static void quantize(view<B, T const> in, unsigned bits, terse::norm norm, level_coding coding,
                         level_message<B, T>& out, context<B> at) {
        out.reset(in.size(), {.levels = (1u << (bits - 1)) - 1, .bucket = 0, .norm = norm}, coding);
        B::template quantize<T>(in, out.grid, view<B, T>(out.units), view<B, std::uint64_t>(out.words),
                                at.own_stream(purpose::rounding));
    }

    template <class B, class T>
    void compress(input<B, T> in, level_message<B, T>& out, context<B> at) const {
        view<B, T const> const v = in;
        quantize(v, bits(at.round, norm_of(v, *at.temporary)), norm, coding, out, at);
    }
};

} // namespace terse
