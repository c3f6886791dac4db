// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/wire/precision.hpp>

namespace terse::wire {

/// A visitor of a message's fields, and what it is told: the same, in the same order, by a message that is sent (it is
/// constant) and by one that is received. What was received may decide what comes next.
struct field_visitor {
    void numbers(auto&...) {}              ///< plain values in memory of the host
    void array(auto&) {}                   ///< a buffer
    void indices(auto&, std::size_t) {}    ///< a buffer of indices, all below d
    void values(auto&, wire::precision) {} ///< a buffer of values that were rounded to this precision
    void message(auto&) {}                 ///< a message that this one is made of
};

/// A message that can say of what fields it is made, M::fields(m, visitor), for those who carry it as it is in the
/// memory of its backend, without an encoding. What receivers have from share() is left out.
template <class M>
concept HasFields = requires(M const& sent, M& received, field_visitor& visit) {
    M::fields(sent, visit);
    M::fields(received, visit);
};

} // namespace terse::wire
