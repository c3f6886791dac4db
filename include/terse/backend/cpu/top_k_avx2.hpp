// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <bit>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/lanes_avx2.hpp>

#define TERSE_FORM avx2
#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]
#include <terse/backend/cpu/top_k_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#endif
