// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#if defined(__x86_64__)

#include <array>
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <terse/backend/cpu/lanes_avx2.hpp>
#include <terse/backend/cpu/levels_portable.hpp>
#include <terse/backend/cpu/philox_keys.hpp>
#include <terse/backend/cpu/signs_avx2.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/random.hpp>

#define TERSE_FORM avx2
#define TERSE_TARGET [[gnu::target("avx2,popcnt")]]
#include <terse/backend/cpu/levels_frame.hpp>
#undef TERSE_FORM
#undef TERSE_TARGET

#endif
