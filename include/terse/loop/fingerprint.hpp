// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <type_traits>
#include <variant>

#include <terse/layout.hpp>
#include <terse/run/schedule.hpp>
#include <terse/wire/crc32c.hpp>

namespace terse {

namespace detail {

struct anything {
    template <class X>
    operator X() const; // NOLINT(google-explicit-constructor)
};
template <class P>
struct only_a_base {
    template <class X>
        requires(std::is_base_of_v<X, P> && !std::same_as<X, P>)
    operator X() const; // NOLINT(google-explicit-constructor)
};
template <class P>
concept has_a_base = requires {
    P{only_a_base<P>{}};
};

// The number of members of an aggregate.
template <class P, class... Xs>
constexpr std::size_t count_members(Xs... xs) {
    if constexpr (requires { P{xs..., anything{}}; })
        return count_members<P>(xs..., anything{});
    else
        return sizeof...(Xs);
}

} // namespace detail

/// A checksum of values: numbers, enumerations, ranges, optional values, variants, schedules, layouts, what has a
/// checksum(), and aggregates of these with up to eight members and no base. Of other values nothing is taken.
class fingerprint {
public:
    std::uint32_t value() const { return crc_; }

    void add(std::span<std::byte const> bytes) { crc_ = wire::crc32c(bytes, crc_); }

    template <class P>
    void add(P const& p) {
        if constexpr (std::is_arithmetic_v<P> || std::is_enum_v<P>) {
            add(std::as_bytes(std::span<P const>(&p, 1)));
        } else if constexpr (std::ranges::range<P const>) {
            std::uint64_t n = 0;
            for (auto const& x : p) add(x), ++n;
            add(n);
        } else if constexpr (requires { p.checksum(); }) { // mixing_matrix
            add(p.checksum());
        } else if constexpr (requires { p.valueless_by_exception(); }) {
            add(p.index());
            std::visit([this](auto const& x) { this->add(x); }, p);
        } else if constexpr (requires { p.has_value(); }) { // std::optional
            add(p.has_value());
            if (p) add(*p);
        } else if constexpr (requires { p.chosen; }) { // any_of
            add(p.chosen);
        } else if constexpr (std::is_aggregate_v<P> && !detail::has_a_base<P>) {
            add_members(p);
        }
    }
    void add(segment const& s) { // nvcc cannot count the members of an aggregate that holds a string
        add(s.name);
        add(s.rows);
        add(s.cols);
    }
    void add(layout const& l) { add(l.segments()); }
    void add(schedule const& s) {
        add(s.milestones);
        for (auto const x : {s.first, s.last, s.warm_up_first}) add(x);
        for (auto const x : {s.rounds, s.steps_count, s.warm_up_rounds}) add(x);
        for (auto const x : {s.kind, s.warm_up_kind}) add(x);
    }

private:
    template <class... Xs>
    void add_all(Xs const&... xs) {
        (add(xs), ...);
    }
    template <class P>
    void add_members(P const& p) {
        constexpr auto n = detail::count_members<P>();
        if constexpr (n == 1) {
            auto const& [a] = p;
            add_all(a);
        } else if constexpr (n == 2) {
            auto const& [a, b] = p;
            add_all(a, b);
        } else if constexpr (n == 3) {
            auto const& [a, b, c] = p;
            add_all(a, b, c);
        } else if constexpr (n == 4) {
            auto const& [a, b, c, d] = p;
            add_all(a, b, c, d);
        } else if constexpr (n == 5) {
            auto const& [a, b, c, d, e] = p;
            add_all(a, b, c, d, e);
        } else if constexpr (n == 6) {
            auto const& [a, b, c, d, e, f] = p;
            add_all(a, b, c, d, e, f);
        } else if constexpr (n == 7) {
            auto const& [a, b, c, d, e, f, g] = p;
            add_all(a, b, c, d, e, f, g);
        } else if constexpr (n == 8) {
            auto const& [a, b, c, d, e, f, g, h] = p;
            add_all(a, b, c, d, e, f, g, h);
        }
    }

    std::uint32_t crc_ = 0;
};

} // namespace terse
