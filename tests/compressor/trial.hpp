// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <terse/testing/compressor_trial.hpp>
#include <terse/wire/sparse.hpp>

namespace checks {

using scalars = std::tuple<float, double>;

template <class C, class T>
using trial = terse::testing::compressor_trial<C, terse::cpu, T>;

/// C(v) of a worker in a round, with seed 1 and 4 workers.
template <class T, class C>
trial<C, T> compressed(C const& c, std::vector<T> const& v, std::uint64_t round = 0, std::uint32_t worker = 0) {
    trial<C, T> t;
    t.compress(c, v, terse::worker_context{1, round, worker, 4, 0});
    return t;
}

template <class B, class T>
std::vector<std::size_t> indices_of(terse::sparse_message<B, T> const& m) {
    return {m.indices.data(), m.indices.data() + m.indices.size()};
}

template <class T>
double squared(std::vector<T> const& v) {
    double sum = 0;
    for (auto const x : v) sum += static_cast<double>(x) * static_cast<double>(x);
    return sum;
}
/// ||a - b||^2
template <class T>
double squared_distance(std::vector<T> const& a, std::vector<T> const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto const x = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += x * x;
    }
    return sum;
}

/// validate(d) throws E, and the message names the compressor.
template <class E, class C>
void refuses(C const& c, std::size_t d, std::string const& name) {
    BOOST_CHECK_EXCEPTION(terse::validate(c, d), E,
                          [&](E const& e) { return std::string(e.what()).find(name) != std::string::npos; });
}

} // namespace checks
