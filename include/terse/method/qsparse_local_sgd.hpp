// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>

#include <terse/compressor/top_k.hpp>
#include <terse/loop/drifting.hpp>
#include <terse/mixing/compressed_average.hpp>
#include <terse/step/plain_step.hpp>

namespace terse {

struct qsparse_local_sgd_options {
    schedule ratio = 0.01;
    std::size_t count = 0;
    std::uint64_t period = 8; ///< H
};

/// QSparse-local-SGD, with any compressor; ratio and count are top_k's.
template <class C>
constexpr auto qsparse_local_sgd(C compressor, qsparse_local_sgd_options o = {}) {
    return drifting(plain_step{}, compressed_average<C>{.compressor = compressor, .period = o.period});
}
constexpr auto qsparse_local_sgd(qsparse_local_sgd_options o = {}) {
    return qsparse_local_sgd(top_k{.ratio = o.ratio, .count = o.count}, o);
}

} // namespace terse
