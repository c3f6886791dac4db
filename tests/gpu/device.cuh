// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <terse/gpu.cuh>

#include "outcome.hpp"

#ifdef EIGEN_CORE_H
#error "Eigen stays out of device code"
#endif

namespace terse_test {

template <>
struct to_host<terse::thrust_device> {
    template <class T>
    static void copy(T const* from, std::size_t n, T* to) {
        thrust::copy_n(thrust::device_pointer_cast(from), n, to);
    }
};

/// Names the first few outcomes that differ.
inline void check_same(std::vector<outcome> const& here, std::vector<outcome> const& there) {
    BOOST_TEST_REQUIRE(here.size() == there.size());
    BOOST_TEST(here.size() > 0u);
    int shown = 0;
    for (std::size_t i = 0; i < here.size() && shown < 20; ++i) {
        BOOST_TEST_REQUIRE(here[i].what == there[i].what);
        if (here[i] == there[i]) continue;
        ++shown;
        auto const& [a, b] = std::pair(here[i].bits, there[i].bits);
        std::size_t at = 0;
        while (at < std::min(a.size(), b.size()) && a[at] == b[at]) ++at;
        BOOST_ERROR(here[i].what << ": differs at " << at << "; there are " << a.size() << " and " << b.size());
    }
}

} // namespace terse_test
