// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/cluster/ranks/linear.hpp>
#include <terse/wire/header.hpp>

namespace terse::mpi {

/// sum += m. False if they are not of the same coordinates.
template <class M>
bool add_values(M& m, M& sum) {
    using T = typename wire::scalar_of<M>::type;
    std::vector<view<cpu, T>> to;
    std::size_t at = 0;
    return ranks::for_each_values(sum, [&](view<cpu, T> values) { to.push_back(values); }) &&
           ranks::for_each_values(m,
                                  [&](view<cpu, T> values) {
                                      if (at < to.size() && to[at].size() == values.size())
                                          cpu::axpy(T(1), values, to[at]);
                                      ++at;
                                  }) &&
           at == to.size();
}

} // namespace terse::mpi
