// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/wire/header.hpp>

namespace terse::mpi {

/// Calls f with the values of every part of a message whose coordinates all workers have in common: f(span of T).
/// False, and perhaps after some calls, if there is a part that is not like that.
template <class M, class F>
bool for_each_values(M& m, F&& f) {
    if constexpr (requires { m.held; }) {
        return std::visit([&](auto& held) { return for_each_values(held, f); }, m.held);
    } else if constexpr (requires { m.parts; }) {
        for (auto& part : m.parts)
            if (!for_each_values(part, f)) return false;
        return true;
    } else if constexpr (requires { m.values; }) {
        if constexpr (requires { m.shared_support; })
            if (!m.shared_support) return false;
        f(std::span(m.values.data(), m.values.size()));
        return true;
    } else {
        return false;
    }
}

/// sum += m. False if they are not of the same coordinates.
template <class M>
bool add_values(M& m, M& sum) {
    using T = typename wire::scalar_of<M>::type;
    std::vector<std::span<T>> to;
    std::size_t at = 0;
    return for_each_values(sum, [&](std::span<T> values) { to.push_back(values); }) &&
           for_each_values(m,
                           [&](std::span<T> values) {
                               if (at < to.size() && to[at].size() == values.size())
                                   cpu::axpy(T(1), view<cpu, T const>(values.data(), values.size()),
                                             view<cpu, T>(to[at].data(), to[at].size()));
                               ++at;
                           }) &&
           at == to.size();
}

} // namespace terse::mpi
