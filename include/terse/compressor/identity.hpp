// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/compressor/concept.hpp>
#include <terse/wire/dense.hpp>

namespace terse {

/// No compression: C(v) = v.
struct identity {
    template <class B, class T>
    using message = dense_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, dense_message<B, T>& out, context<B>) const {
        out.reset(in.size());
        B::copy(in, view<B, T>(out.values));
    }
};

} // namespace terse
