// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// The version of the library. The wire format and checkpoints carry numbers of their own.
#define TERSE_VERSION_MAJOR 0
#define TERSE_VERSION_MINOR 1
#define TERSE_VERSION_PATCH 0
#define TERSE_VERSION_STRING "0.1.0"

// Equal bits on every machine need IEEE arithmetic as written; -ffast-math breaks that silently.
#if defined(__FAST_MATH__) && !defined(TERSE_ALLOW_FAST_MATH)
#error                                                                                                                 \
    "terse promises the same bits everywhere, and -ffast-math breaks that: compile without it, or define TERSE_ALLOW_FAST_MATH"
#endif
