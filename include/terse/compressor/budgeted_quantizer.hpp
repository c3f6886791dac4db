// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/compressor/dynamic_quantizer.hpp>
#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/levels.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// DQ-SGD under a budget: a dynamic_quantizer whose constant is found anew in every round, by bisection, as the largest
/// for which this round, with the mean of the workers' norms, and the rounds after it, with the mean of all norms so
/// far, take no more than what is left. All workers send as many bits. Talks while it compresses: the norms go to the
/// server and the number of bits comes back before the messages do. The budget is kept whatever the norms are.
struct budgeted_quantizer {
    dynamic_quantizer rule{}; ///< its rounds N are those that the budget is for; its constant is of no consequence
    double budget = 0;        ///< bits that a worker sends in N rounds, headers and norms counted

    template <class B, class T>
    struct shared_state {
        double spent = 0; ///< bits of each worker so far
        double norms = 0; ///< the sum of the rounds' mean norms,
        std::uint64_t rounds = 0;

        /// Throws configuration_error unless the budget is enough for two bits in each round.
        void reset(budgeted_quantizer const& c, std::size_t d) {
            if (!(c.budget >= static_cast<double>(c.rule.rounds) * bits_of_round<T>(d, dynamic_quantizer::fewest)))
                throw configuration_error("budgeted_quantizer: the budget is too small for two bits in each round");
            *this = {};
        }
        template <class A>
        void state(A& archive) {
            archive("bits spent", spent);
            archive("sum of norms", norms);
            archive("rounds with norms", rounds);
        }
    };
    template <class B, class T>
    struct round_memory {
        std::vector<dense_message<B, T>> norms; ///< of hosted workers
        dense_message<B, T> chosen;             ///< the bits of a coordinate
        std::vector<level_message<B, T>> messages;
        scratch<B> temporary;

        void reset(budgeted_quantizer const&, std::size_t, std::size_t hosted) {
            norms.resize(hosted), messages.resize(hosted);
        }
    };

    void validate(std::size_t d) const {
        rule.validate(d);
        if (rule.rounds == 0) throw configuration_error("budgeted_quantizer: the number of rounds must be given");
        if (rule.coding != level_coding::fixed)
            throw configuration_error("budgeted_quantizer: the sizes of messages must be known beforehand");
    }

    /// Bits that a worker sends in a round: its norm, and d coordinates of so many bits.
    template <class T>
    static double bits_of_round(std::size_t d, unsigned bits) {
        std::uint64_t const levels = (static_cast<std::uint64_t>(d) * bits + 7) / 8; // in bytes, as all here
        auto const rest = 2 * wire::header_bytes + sizeof(T) + 10 + sizeof(T);
        return 8.0 * static_cast<double>(rest + levels);
    }

    /// The bits of a coordinate in a round (from 0), if its norm is `now`, that of later rounds is expected to be
    /// `later`, and so many bits are left. After the last round, two.
    template <class T>
    unsigned bits(std::uint64_t round, double now, double later, double left, std::size_t d) const {
        constexpr auto fewest = dynamic_quantizer::fewest;
        if (round >= rule.rounds) return fewest;
        auto const with = [&](double exponent) {
            auto c = rule;
            c.constant = std::exp2(exponent);
            return c;
        };
        double low = -1000, high = 1000;
        for (int i = 0; i < 64; ++i) {
            auto const middle = (low + high) / 2;
            auto const c = with(middle);
            bool const fits = bits_of_round<T>(d, c.bits(round, now)) + bits_after<T>(c, round, later, d) <= left;
            (fits ? low : high) = middle;
        }
        auto chosen = with(low).bits(round, now);
        auto const reserve = static_cast<double>(rule.rounds - 1 - round) * bits_of_round<T>(d, fewest);
        while (chosen > fewest && !(bits_of_round<T>(d, chosen) + reserve <= left)) --chosen; // a norm is infinite
        return chosen;
    }

    template <class B, class T>
    void begin(shared_state<B, T>&, context<B>) const {}

    template <class B, class T>
    std::size_t open(std::type_identity_t<T> a, input<B, T> x, std::type_identity_t<T> b, view<B, T> y,
                     shared_state<B, T> const&, round_memory<B, T>& memory, std::size_t i, context<B> at) const {
        auto const bad = x.empty() ? B::first_non_finite(view<B, T const>(y)) : detail::accumulate<B, T>(a, x, b, y);
        put(memory.norms[i], rule.norm_of(view<B, T const>(y), *at.temporary));
        return bad;
    }

    template <class Cluster, class B, class T>
    void confer(Cluster& cluster, shared_state<B, T>& shared, round_memory<B, T>& memory, update<B, T>& u) const {
        auto const d = cluster.vector(0).size();
        cluster.gather(std::span(memory.norms), [&](auto all) {
            double sum = 0;
            for (auto const& m : all) sum += get(m, memory.temporary);
            auto const now = sum / static_cast<double>(cluster.workers());
            shared.norms += now;
            ++shared.rounds;
            auto const later = shared.norms / static_cast<double>(shared.rounds);
            auto const chosen = bits<T>(cluster.round(), now, later, budget - shared.spent, d);
            shared.spent += bits_of_round<T>(d, chosen);
            put(memory.chosen, chosen);
        });
        cluster.broadcast(memory.chosen, 1, [](context<B>) {});
        auto const chosen = static_cast<unsigned>(get(memory.chosen, memory.temporary));

        cluster.for_each([&](std::size_t i, context<B> at) {
            dynamic_quantizer::quantize(view<B, T const>(cluster.vector(i)), chosen, rule.norm, rule.coding,
                                        memory.messages[i], at);
            memory.messages[i].add_to(T(-1), cluster.vector(i));
        });
        u.become_dense(d);
        cluster.gather(std::span(memory.messages), [&](auto all) {
            B::fill(view<B, T>(u.dense.values), T(0));
            for (auto const& m : all) m.add_to(T(1) / static_cast<T>(cluster.workers()), u.dense.values);
        });
        cluster.broadcast(u.dense, d, [](context<B>) {});
    }

private:
    // Bits of the rounds after this one, if their norm is this. A round has b bits or more if
    // k a^((N - n) / 2) norm >= 2^(b - 3/2) - 1, so those that do are the last ones.
    template <class T>
    static double bits_after(dynamic_quantizer const& c, std::uint64_t round, double norm, std::size_t d) {
        auto const after = static_cast<double>(c.rounds - 1 - round);
        auto total = after * bits_of_round<T>(d, dynamic_quantizer::fewest);
        for (auto b = dynamic_quantizer::fewest + 1; b <= dynamic_quantizer::most; ++b) {
            auto const needed = (std::exp2(b - 1.5) - 1) / (c.constant * norm); // of a^((N - n) / 2)
            if (!(needed <= 1)) break;
            auto const rounds =
                c.a == 1 ? after : std::min(after, std::floor(2 * std::log(needed) / std::log(c.a)) + 1);
            total += rounds * (bits_of_round<T>(d, b) - bits_of_round<T>(d, b - 1));
        }
        return total;
    }

    template <class B, class T>
    static void put(dense_message<B, T>& m, double x) {
        auto const value = static_cast<T>(x);
        m.reset(1);
        B::upload(std::span<T const>(&value, 1), view<B, T>(m.values));
    }
    template <class B, class T>
    static double get(dense_message<B, T> const& m, scratch<B>& temporary) { // it is not negative
        return static_cast<double>(B::nth_magnitude(view<B, T const>(m.values), 1, temporary));
    }
};

} // namespace terse
