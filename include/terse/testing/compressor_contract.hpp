// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/testing/compressor_trial.hpp>
#include <terse/testing/inputs.hpp>

namespace terse::testing {

/// What a compressor promises beyond the laws for all; the defaults promise nothing.
struct compressor_claims {
    std::vector<std::size_t> dimensions{1, 2, 63, 64, 65, 4097}; ///< those that validate() refuses are left out
    bool sends_entries = false;                                  ///< a coordinate is sent as it is, or not at all
    bool even = false;         ///< entries that are alike are sent equally often, wherever they stand
    bool same_support = false; ///< all workers send the same coordinates
    bool packs_values = false; ///< values may travel in fewer bits than they have (entropy coding)
    double growth = 1;         ///< no number of C(v) is larger than growth max |v_i|
    std::function<double(std::size_t)> contraction{}; ///< delta(d): E ||C(v) - v||^2 <= (1 - delta) ||v||^2
    std::function<double(std::size_t)> variance{};    ///< omega(d): E C(v) = v and E ||C(v) - v||^2 <= omega ||v||^2
    std::size_t statistics_dimension = 64;            ///< where expectations are measured,
    std::uint64_t draws = 2000;                       ///< over so many rounds, and must fit within 5 standard errors
};

namespace detail {

template <class T, class B, class C>
class compressor_checks {
public:
    compressor_checks(C const& c, compressor_claims const& claims) : c_(c), claims_(claims) {}

    std::vector<std::string> run() {
        bool any = false;
        for (auto const d : claims_.dimensions) {
            if (!accepts(d)) continue;
            any = true;
            auto const largest = std::numeric_limits<T>::max() / static_cast<T>(2 * claims_.growth);
            for (auto const& in : finite_inputs<T>(d, largest)) check(in);
            for (auto const& in : non_finite_inputs<T>(d)) check(in);
            check_positions_are_counted(d);
            if (claims_.same_support) check_same_support(d);
        }
        if (!any) report("validate() refuses every dimension that was tried: set claims.dimensions");
        if (claims_.even || claims_.contraction || claims_.variance) check_expectations();
        return std::move(report_.violations);
    }

private:
    using trial = compressor_trial<C, B, T>;

    bool accepts(std::size_t d) const {
        try {
            terse::validate(c_, d);
            return true;
        } catch (terse::error const&) {
            return false;
        }
    }
    void report(std::string const& what) { report_.add(what); }

    // The laws for every compressor and every input.
    void check(named_input<T> const& in) {
        report_.about = "d = " + std::to_string(in.values.size()) + ", " + in.name;
        trial fresh;
        fresh.compress(c_, in.values, worker_context{1, 3, 1, 4, 0});
        fresh.check_message(report_, in.finite);
        reused_.compress(c_, in.values, worker_context{1, 3, 1, 4, 0});
        if (!fresh.equals(reused_))
            report("the same call gives another message when the message and the scratch memory were used before");
        if (claims_.sends_entries)
            for (std::size_t i = 0; i < in.values.size(); ++i)
                if (fresh.carries[i] && !alike(fresh.decoded[i], in.values[i]))
                    return report("entry " + std::to_string(i) + " is sent as another number");

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
        terse::take<B, T>(c_, a, g, b, e, own.out, at);
        B::axpby(a, g, b, view<B, T>(expected));
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
                return report("take() leaves another residual than b e + a g - C(b e + a g) at " + std::to_string(i));
            if (!in.finite) continue;
            if (!std::isfinite(rest[i])) return report("the residual of a finite vector is not finite");
            if (claims_.sends_entries && !alike(rest[i], own.carries[i] ? T(0) : p[i]))
                return report("sent plus kept is not what was there at " + std::to_string(i));
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
        constexpr int exponents = 4 * std::numeric_limits<T>::max_exponent / 5;
        random_stream const random(6, purpose::data);
        std::uint64_t most = 0;
        for (std::uint64_t repeat = 0; repeat < 16; ++repeat) {
            std::vector<T> x(d);
            for (std::size_t j = 0; j < m; ++j) {
                auto const u = 4 * (repeat * m + j);
                auto const size = std::ldexp(1 + random.uniform(u), static_cast<int>(random.below(u + 1, exponents)));
                x[j * (d / m) + random.below(u + 2, d / m)] =
                    static_cast<T>(random.below(u + 3, 2) == 0 ? size : -size);
            }
            t.compress(c_, x, worker_context{1, 3, 1, 4, 0});
            if (!same_bits(t.decoded, x)) return; // they do not arrive: nothing can be concluded
            most = std::max(most, t.out.bytes());
        }
        double bits = std::log2(static_cast<double>(d / m));
        if (!claims_.packs_values) bits += std::numeric_limits<T>::digits + std::log2(exponents) - 1e-9;
        auto const least = wire::header_bytes + static_cast<std::uint64_t>(static_cast<double>(m) * bits / 8);
        if (most < least)
            report("bytes() is " + std::to_string(most) + ", but " + std::to_string(m) + " values and their places " +
                   "cannot take fewer than " + std::to_string(least) + " - are the indices counted?");
    }

    void check_same_support(std::size_t d) {
        report_.about = "d = " + std::to_string(d);
        trial first, other;
        first.compress(c_, normal_vector<T>(d, 7), worker_context{1, 3, 0, 4, 0});
        other.compress(c_, normal_vector<T>(d, 8), worker_context{1, 3, 1, 4, 0});
        if (first.carries != other.carries) report("two workers send different coordinates");
    }

    void check_expectations() {
        auto const d = claims_.statistics_dimension;
        report_.about = "d = " + std::to_string(d);
        if (!accepts(d)) return report("validate() refuses claims.statistics_dimension");
        if (claims_.even) check_even(d);
        auto inputs = finite_inputs<T>(d, T(1e6));
        std::erase_if(inputs, [](auto const& in) { return in.name == "denormals"; });
        for (auto const& in : inputs) check_expectation(in);
    }

    void check_even(std::size_t d) {
        std::vector<average> share(std::min<std::size_t>(d, 8));
        average all;
        trial t;
        for (std::uint64_t round = 0; round < claims_.draws; ++round) {
            t.compress(c_, normal_vector<T>(d, 9, round), worker_context{1, round, 1, 4, 0});
            std::vector<double> sent(share.size());
            for (std::size_t i = 0; i < d; ++i) sent[i * sent.size() / d] += t.carries[i] ? 1 : 0;
            for (std::size_t j = 0; j < sent.size(); ++j) {
                auto const width =
                    ((j + 1) * d + sent.size() - 1) / sent.size() - (j * d + sent.size() - 1) / sent.size();
                share[j].add(sent[j] / static_cast<double>(width));
            }
            all.add(static_cast<double>(t.count()) / static_cast<double>(d));
        }
        for (std::size_t j = 0; j < share.size(); ++j)
            if (std::fabs(share[j].mean() - all.mean()) > 5 * share[j].error() + 1e-12)
                report("part " + std::to_string(j) + " of " + std::to_string(share.size()) + " is sent " +
                       std::to_string(share[j].mean()) + " of the time, the whole " + std::to_string(all.mean()));
    }

    // E ||C(v) - v||^2 / ||v||^2 and E C(v) over rounds. A compressor that draws nothing is measured once, exactly.
    void check_expectation(named_input<T> const& in) {
        auto const d = in.values.size();
        report_.about = "d = " + std::to_string(d) + ", " + in.name;
        double norm = 0;
        for (auto const x : in.values) norm += static_cast<double>(x) * static_cast<double>(x);
        if (norm == 0) return;
        trial t;
        average lost;
        std::vector<average> mean(d);
        for (std::uint64_t round = 0; round < (draws_anything(d) ? claims_.draws : 1); ++round) {
            t.compress(c_, in.values, worker_context{1, round, 1, 4, 0});
            double loss = 0;
            for (std::size_t i = 0; i < d; ++i) {
                auto const x = static_cast<double>(t.decoded[i]);
                loss += (x - static_cast<double>(in.values[i])) * (x - static_cast<double>(in.values[i]));
                mean[i].add(x);
            }
            lost.add(loss / norm);
        }
        double const tiny = 1e3 * static_cast<double>(std::numeric_limits<T>::epsilon());
        if (claims_.contraction) {
            double const delta = claims_.contraction(d);
            // A loss in [0, 1] with mean 1 - delta has at most this deviation, even where no draw has shown it.
            double const widest =
                lost.count() == 1 ? 0 : std::sqrt(delta * (1 - delta) / static_cast<double>(lost.count()));
            if (!(lost.mean() <= 1 - delta + 5 * std::max(lost.error(), widest) + tiny))
                report("loses " + std::to_string(lost.mean()) +
                       " of ||v||^2, more than 1 - delta = " + std::to_string(1 - delta));
        }
        if (!claims_.variance) return;
        double const omega = claims_.variance(d);
        if (!(lost.mean() <= omega + 5 * lost.error() + tiny))
            report("E ||C(v) - v||^2 is " + std::to_string(lost.mean()) +
                   " ||v||^2, more than omega = " + std::to_string(omega));
        for (std::size_t i = 0; i < d; ++i)
            if (!(std::fabs(mean[i].mean() - static_cast<double>(in.values[i])) <=
                  5 * mean[i].error() + tiny * std::fabs(static_cast<double>(in.values[i]))))
                return report("biased: E C(v) at " + std::to_string(i) + " is " + std::to_string(mean[i].mean()) +
                              ", v is " + std::to_string(in.values[i]));
    }

    bool draws_anything(std::size_t d) {
        trial one, other;
        auto const x = normal_vector<T>(d, 10);
        for (std::uint64_t round = 0; round < 16; ++round) {
            one.compress(c_, x, worker_context{1, 0, 1, 4, 0});
            other.compress(c_, x, worker_context{1, round, 1, 4, 0});
            if (!one.equals(other)) return true;
        }
        return false;
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
