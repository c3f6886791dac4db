// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/backend/view.hpp>

namespace terse {

/// What pack_signs does for one of several workers: the signs of x go to `words`.
template <class B, class T>
struct sign_packing {
    view<B, T const> x;
    view<B, std::uint64_t> words;
};

/// What accumulate_signs does for one of several workers: e <- b e + a (x - scale sign(x)), whose signs go to `words`.
template <class B, class T>
struct sign_take {
    T a;
    view<B, T const> x;
    T scale;
    T b;
    view<B, T> e;
    view<B, std::uint64_t> words;
};

/// What subtract_signs does for one of several workers: e <- e - scale sign(e), where the sign of zero is +.
template <class B, class T>
struct sign_subtraction {
    T scale;
    view<B, T> e;
};

} // namespace terse
