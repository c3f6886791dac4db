// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/cluster/attendance.hpp>

namespace terse {

/// A session in which not every message counts: see cluster/unreliable.hpp.
template <class Session>
concept TakesAttendance = requires(Session& s, std::uint64_t seed, std::uint64_t round) {
    { s.attend(seed, round) } -> std::same_as<std::span<attendance const>>;
    { s.divisor() } -> std::same_as<std::uint32_t>;
};

/// Who counts in this round. In most clusters that is everyone.
template <class Session>
class roll {
public:
    void call(Session& session, std::uint64_t seed, std::uint64_t round) {
        if constexpr (TakesAttendance<Session>) all_ = session.attend(seed, round);
    }
    attendance of(std::size_t k) const {
        if constexpr (TakesAttendance<Session>)
            return all_.empty() ? attendance{} : all_[k];
        else
            return {};
    }
    bool complete() const {
        return std::ranges::all_of(all_, [](attendance const& a) { return a.counts(); });
    }
    /// Empty if everyone counts.
    std::span<attendance const> all() const { return all_; }
    /// What the sum of messages is divided by.
    static std::uint32_t divisor(Session const& session) {
        if constexpr (TakesAttendance<Session>)
            return session.divisor();
        else
            return session.workers();
    }

private:
    std::span<attendance const> all_{};
};

} // namespace terse
