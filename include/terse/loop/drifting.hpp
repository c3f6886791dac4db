// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <utility>

#include <terse/compressor/concept.hpp>
#include <terse/error.hpp>
#include <terse/outer/no_outer.hpp>
#include <terse/work/clipping.hpp>
#include <terse/work/weight_decay.hpp>

namespace terse {

/// A drift method: the local step, how the models come together, and what is made of their mean; and around these
/// clipping and (coupled) weight decay.
template <class S, class M, class O = no_outer>
struct drift_method {
    S step{};
    M mixing{};
    O outer{};
    clipping clip{};
    weight_decay decay{};

    /// Throws configuration_error or dimension_error if an option does not fit d coordinates.
    void validate(std::size_t d) const {
        if (d == 0) throw dimension_error("train: the model is empty");
        terse::validate(step, d);
        terse::validate(mixing, d);
        terse::validate(outer, d);
        clip.validate(d);
        decay.validate(d);
        if (decay.acts_outside())
            throw configuration_error("train: methods whose workers drift have coupled weight decay only");
    }
};

/// A drift method from its policies.
template <class S, class M, class O = no_outer>
constexpr drift_method<S, M, O> drifting(S step, M mixing, O outer = {}) {
    static_assert(M::takes_outer_rule || std::same_as<O, no_outer>,
                  "this mixing has no mean of all models that an outer rule could move - docs/extending.md#mixing");
    return {std::move(step), std::move(mixing), std::move(outer), {}, {}};
}

} // namespace terse
