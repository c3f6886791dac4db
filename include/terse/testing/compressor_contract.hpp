// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/testing/compressor_claims.hpp>
#include <terse/testing/compressor_trial.hpp>
#include <terse/testing/inputs.hpp>

namespace terse::testing {

namespace detail {

template <class T, class B, class C>
class compressor_checks {
public:
    compressor_checks(C const& c, compressor_claims const& claims) : c_(c), claims_(claims) {}

    std::vector<std::string> run() {
        bool any = false;
        for (auto const d : claims_.dimensions) {
            if (!accepts(c_, d)) continue;
            any = true;
            auto const largest = std::numeric_limits<T>::max() / static_cast<T>(2 * claims_.growth);
            for (auto const& in : finite_inputs<T>(d, largest)) check(in);
            for (auto const& in : non_finite_inputs<T>(d)) check(in);
            check_positions_are_counted(d);
        }
        if (!any) report("validate() refuses every dimension that was tried: set claims.dimensions");
        claim_checks<T, B, C>(c_, claims_, report_).run();
        return std::move(report_.violations);
    }

private:
    using trial = compressor_trial<C, B, T>;

    void report(std::string const& law, std::string const& detail = "") { report_.add(law, detail); }

    // The laws for every compressor and every input.
    void check(named_input<T> const& in) {
        report_.about = "d = " + std::to_string(in.values.size()) + ", " + in.name;
        trial fresh;
        fresh.compress(c_, in.values, worker_context{1, 3, 1, 4, 0});
        fresh.check_message(report_, in.finite);
        if (!fresh.wrong.empty()) return; // it gets no memory without guards
        reused_.compress(c_, in.values, worker_context{1, 3, 1, 4, 0});
        if (!fresh.equals(reused_))
            report("the same call gives another message when the message and the scratch memory were used before");
        if (claims_.sends_entries)
            for (std::size_t i = 0; i < in.values.size(); ++i)
                if (fresh.carries[i] && !alike(fresh.decoded[i], in.values[i]))
                    return report("an entry is sent as another number", " at " + std::to_string(i));

        auto const e = normal_vector<T>(in.values.size(), 4);
        for (T const a : {T(1), T(0.1)})
            for (T const b : {T(1), T(0.5)}) check_take(in, a, b, e);
    }

    // take = the generic form, bit for bit; and what is sent plus what stays is what was there.
    void check_take(named_input<T> const& in, T a, T b, std::vector<T> const& before) {
        auto const g = to_backend<B>(in.values);
        auto e = to_backend<B>(before);
        auto expected = to_backend<B>(before);
        context<B> at{worker_context{1, 3, 1, 4, 0}};
        trial own, generic;
        at.temporary = &own.temporary;
        auto const bad = terse::take<B, T>(c_, a, g, b, e, own.out, at);
        B::axpby(a, g, b, view<B, T>(expected));
        if (bad != B::first_non_finite(view<B, T const>(expected)))
            report("take() returns another coordinate than the first that is not finite");
        auto const p = to_host(view<B, T const>(expected));
        c_.compress(view<B, T const>(expected), generic.out, at);
        generic.out.add_to(T(-1), view<B, T>(expected));

        own.decode(in.values.size());
        generic.decode(in.values.size());
        auto const rest = to_host(view<B, T const>(e));
        if (!own.equals(generic)) report("take() sends another message than compress() of b e + a g");
        auto const reference = to_host(view<B, T const>(expected));
        for (std::size_t i = 0; i < p.size(); ++i) {
            // What becomes of an infinity, or of NaN, is the compressor's affair.
            if (std::isfinite(reference[i]) && !same_bits(rest[i], reference[i]))
                return report("take() leaves another residual than b e + a g - C(b e + a g)",
                              " at " + std::to_string(i));
            if (!in.finite) continue;
            if (!std::isfinite(rest[i])) return report("the residual of a finite vector is not finite");
            if (claims_.sends_entries && !alike(rest[i], own.carries[i] ? T(0) : p[i]))
                return report("sent plus kept is not what was there", " at " + std::to_string(i));
        }
    }

    // m numbers, one somewhere in each of m stretches of d / m zeros, are information: if they arrive whole, they were
    // sent. Numbers and places are drawn at random, so no code can take fewer bytes than these.
    void check_positions_are_counted(std::size_t d) {
        report_.about = "d = " + std::to_string(d);
        trial t;
        t.compress(c_, normal_vector<T>(d, 5), worker_context{1, 3, 1, 4, 0});
        auto const m = t.count();
        if (m == 0 || m > d / 2) return;
        using limits = std::numeric_limits<T>;
        for (int const lowest : {limits::min_exponent, 0}) { // numbers of every size; of 1 and above for thresholds
            int const exponents = limits::max_exponent - lowest;
            auto const most = bytes_of_scattered(d, m, lowest, exponents);
            if (most == 0) continue; // they do not arrive: nothing can be concluded
            auto const stretch = d / m;
            double bits = std::log2(static_cast<double>(stretch));
            if (!claims_.packs_values) bits += limits::digits + std::log2(exponents) - 1e-9;
            auto const least = wire::header_bytes + static_cast<std::uint64_t>(static_cast<double>(m) * bits / 8);
            if (most >= least) return;
            return report("bytes() is too small - are the indices counted?",
                          " " + std::to_string(m) + " values and their places cannot take fewer than " +
                              std::to_string(least) + " bytes; it says " + std::to_string(most));
        }
    }
    std::uint64_t bytes_of_scattered(std::size_t d, std::size_t m, int lowest, int exponents) {
        constexpr int digits = std::numeric_limits<T>::digits - 1;
        random_stream const random(6, purpose::data);
        trial t;
        std::uint64_t most = 0, draw = 0;
        for (int repeat = 0; repeat < 16; ++repeat) {
            std::vector<T> x(d);
            for (std::size_t j = 0; j < m; ++j, draw += 4) {
                auto const sign = random.below(draw, 2) == 0 ? 1.0 : -1.0;
                auto const mantissa = 1 + std::ldexp(std::floor(std::ldexp(random.uniform(draw + 1), digits)), -digits);
                auto const exponent =
                    lowest + static_cast<int>(random.below(draw + 2, static_cast<std::uint64_t>(exponents)));
                x[j * (d / m) + random.below(draw + 3, d / m)] = static_cast<T>(std::ldexp(sign * mantissa, exponent));
            }
            t.compress(c_, x, worker_context{1, 3, 1, 4, 0});
            if (!same_bits(t.decoded, x)) return 0;
            most = std::max(most, t.out.bytes());
        }
        return most;
    }

    C const& c_;
    compressor_claims const& claims_;
    violation_report report_;
    trial reused_;
};

} // namespace detail

/// Tries a compressor on everything that has broken one: sizes, ties, signed zeros, denormals, huge numbers, NaN; and
/// holds it to its claims. Returns one sentence for each violation; empty means that it keeps the contract.
template <class T, class B = cpu, class C>
std::vector<std::string> check_compressor(C const& c, compressor_claims const& claims = {}) {
    static_assert(Compressor<C, B, T>,
                  "the compressor lacks a message type, compress(in, out, at), or what a message must do - "
                  "docs/extending.md#compressor");
    return detail::compressor_checks<T, B, C>(c, claims).run();
}

/// The same as one exception that lists the violations.
template <class T, class B = cpu, class C>
void require_compressor(C const& c, compressor_claims const& claims = {}) {
    std::string all;
    for (auto const& violation : check_compressor<T, B>(c, claims)) all += "\n  " + violation;
    if (!all.empty()) throw error("the compressor breaks its contract:" + all);
}

} // namespace terse::testing
