// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <string>

#include <terse/error.hpp>

namespace terse::kernel {

/// One of several workers that a verb is asked for at once.
struct of_those_at_once {
    char const* verb;
    std::size_t worker;

    /// Throws dimension_error, with names, unless it has so many.
    void must_have(std::size_t wanted, char const* what, std::size_t size) const {
        if (size == wanted) return;
        throw dimension_error(verb + (": worker " + std::to_string(worker)) + " of those at once has " +
                              std::to_string(size) + " " + what + " where there must be " + std::to_string(wanted));
    }
};

} // namespace terse::kernel
