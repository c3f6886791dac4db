// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

#include <terse/backend/magnitude.hpp>
#include <terse/backend/scratch.hpp>

namespace terse {

/// The n-th largest magnitude of x, n in 1 .. size.
template <class T>
magnitude_t<T> nth_magnitude(view<cpu, T const> x, std::size_t n, scratch<cpu>& temporary) {
    auto const keys = temporary.template take<magnitude_t<T>>(x.size());
    std::transform(x.begin(), x.end(), keys.begin(), [](T v) { return magnitude(v); });
    auto* const nth = keys.begin() + (n - 1);
    std::nth_element(keys.begin(), nth, keys.end(), std::greater<>());
    return *nth;
}

/// The n entries of x that come first in the order (|x| descending, index ascending), in index order.
template <class T>
void select_largest(view<cpu, T const> x, std::size_t n, view<cpu, index_t> indices, view<cpu, T> values,
                    scratch<cpu>& temporary) {
    if (n == 0) return;
    scratch<cpu>::scope const scope(temporary);
    auto const last = nth_magnitude<T>(x, n, temporary);
    auto const above =
        static_cast<std::size_t>(std::count_if(x.begin(), x.end(), [&](T v) { return magnitude(v) > last; }));
    auto ties = n - above;
    for (std::size_t i = 0, out = 0; out < n; ++i) {
        auto const m = magnitude(x[i]);
        if (m < last || (m == last && ties == 0)) continue;
        if (m == last) --ties;
        indices[out] = i;
        values[out++] = x[i];
    }
}

} // namespace terse
