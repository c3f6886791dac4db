// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <utility>

#include <terse/compressor/concept.hpp>
#include <terse/work/clipping.hpp>
#include <terse/work/one_gradient.hpp>
#include <terse/work/weight_decay.hpp>

namespace terse {

/// The server broadcasts its update as it is.
struct uncompressed {};

/// A lockstep method: what is sent, where momentum lives, what becomes of the rest; and around these, each with a
/// default: how the server compresses its broadcast, what a worker contributes, clipping, weight decay.
template <class C, class M, class F, class D = uncompressed, class W = one_gradient>
struct lockstep_method {
    static constexpr bool keeps_residual = F::keeps_residual;
    static constexpr bool moves_point = F::moves_point;
    static constexpr bool compresses_downlink = !std::same_as<D, uncompressed>;

    C compressor{};
    M momentum{};
    F feedback{};
    D downlink{};
    W work{};
    clipping clip{};
    weight_decay decay{};

    /// Throws configuration_error or dimension_error if an option does not fit d coordinates.
    void validate(std::size_t d) const {
        if (d == 0) throw dimension_error("train: the model is empty");
        terse::validate(compressor, d);
        terse::validate(momentum, d);
        terse::validate(feedback, d);
        terse::validate(downlink, d);
        terse::validate(work, d);
        clip.validate(d);
        decay.validate(d);
    }
};

/// A method from its policies.
template <class C, class M, class F, class D = uncompressed, class W = one_gradient>
constexpr lockstep_method<C, M, F, D, W> compose(C compressor, M momentum, F feedback, D downlink = {}, W work = {}) {
    return {
        std::move(compressor), std::move(momentum), std::move(feedback), std::move(downlink), std::move(work), {}, {}};
}

} // namespace terse
