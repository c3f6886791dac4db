// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <span>
#include <type_traits>
#include <vector>

#include <terse/backend/view.hpp>

namespace terse {

/// A backend whose states can be saved: the host, or one with download(x, y), which copies x to memory of the host.
template <class B>
concept Saved = std::same_as<B, cpu> || requires(view<B, float const> x, std::span<float> y) {
    B::download(x, y);
};

namespace detail {

template <class B, class T>
std::vector<std::remove_const_t<T>> on_host(view<B, T> x) {
    std::vector<std::remove_const_t<T>> y(x.size());
    B::download(x, std::span(y));
    return y;
}

} // namespace detail

} // namespace terse
