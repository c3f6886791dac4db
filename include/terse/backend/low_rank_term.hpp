// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <terse/backend/view.hpp>

namespace terse {

/// A matrix left right' of factors that lie column by column, or nothing.
template <class B, class T>
struct low_rank_term {
    view<B, T const> left{};
    view<B, T const> right{};
};

} // namespace terse
