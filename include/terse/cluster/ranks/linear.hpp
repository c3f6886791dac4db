// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <variant>

#include <terse/backend/buffer.hpp>

namespace terse::ranks {

/// Calls f with the values of every part of a message whose coordinates all workers have in common: f(view<B, T>).
/// False, and perhaps after some calls, if there is a part that is not like that.
template <class M, class F>
bool for_each_values(M& m, F&& f) {
    if constexpr (requires { m.held; }) {
        return std::visit([&](auto& held) { return for_each_values(held, f); }, m.held);
    } else if constexpr (requires { m.parts; }) {
        for (auto& part : m.parts)
            if (!for_each_values(part, f)) return false;
        return true;
    } else if constexpr (requires { m.values.part(std::size_t{}, m.values.size()); }) {
        if constexpr (requires { m.shared_support; })
            if (!m.shared_support) return false;
        f(m.values.part(0, m.values.size()));
        return true;
    } else {
        return false;
    }
}

} // namespace terse::ranks
