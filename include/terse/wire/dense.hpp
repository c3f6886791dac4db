// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/buffer.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Every coordinate. Payload: the values.
template <class B, class T>
struct dense_message {
    static constexpr auto kind = wire::kind::dense;

    buffer<B, T> values;

    void reset(std::size_t dimension) { values.resize(dimension); }
    std::size_t dimension() const { return values.size(); }

    void add_to(T a, view<B, T> y) const { B::axpy(a, values, y); }
    void clear_in(view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t payload_bytes() const { return values.size() * sizeof(T); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    double floats() const { return static_cast<double>(values.size()); }
};

} // namespace terse
