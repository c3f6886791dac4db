// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

#include <terse/compressor/fetch_top_k.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace terse {

struct fetch_sgd_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    count_sketch table{};
    schedule rho = 0.9;
    fetch_top_k::rule after = fetch_top_k::rule::subtract;
};

/// FetchSGD: workers are stateless; momentum and error feedback live in sketches at the server.
constexpr auto fetch_sgd(fetch_sgd_options o = {}) {
    return compose(fetch_top_k{.ratio = o.ratio, .count = o.count, .table = o.table, .rho = o.rho, .after = o.after},
                   no_momentum{}, no_feedback{});
}

} // namespace terse
