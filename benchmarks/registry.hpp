// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace benchmarks {

/// What adds benchmarks, told whether all are wanted or a short set.
inline std::vector<std::function<void(bool full)>>& registry() {
    static std::vector<std::function<void(bool)>> all;
    return all;
}

/// `static registration const r([](bool full) { .. });` in a source adds its benchmarks.
struct registration {
    explicit registration(std::function<void(bool full)> add) { registry().push_back(std::move(add)); }
};

} // namespace benchmarks
