// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>

#include <terse/terse.hpp>

#include "reference.hpp"

template <>
struct terse_test::to_host<terse::cpu> {
    template <class T>
    static void copy(T const* from, std::size_t n, T* to) {
        std::copy_n(from, n, to);
    }
};
