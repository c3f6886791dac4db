// expect: error
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <terse/terse.hpp>

struct device; // another backend's memory

int main() {
    terse::view<terse::cpu, float> y;
#ifdef TERSE_EXPECT_ERROR
    terse::view<device, float const> x;
#else
    terse::view<terse::cpu, float const> x;
#endif
    terse::cpu::axpy(1, x, y);
}
