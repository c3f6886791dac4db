// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <terse/compressor/low_rank.hpp>
#include <terse/random.hpp>

#include "outcome.hpp"

namespace terse_test {

/// What the verbs of low-rank compression make of matrices of many shapes on backend B.
template <class B, class T>
std::vector<outcome> every_low_rank() {
    using terse::view;
    using constant = view<B, T const>;
    static_assert(terse::LowRankVerbs<B, T>);
    std::vector<outcome> all;
    auto const check = [&](terse::matrix_shape s, char const* kind, auto number) {
        auto const is = [&](char const* verb, auto v) {
            auto const shape = std::to_string(s.rows) + " x " + std::to_string(s.cols) + ", " + std::to_string(s.rank);
            all.push_back(make_outcome(verb + (" of " + shape) + ", " + kind, download(v)));
        };
        auto const made = [&](std::size_t n, std::uint32_t worker) {
            terse::random_stream const random(5, terse::purpose::user, worker);
            std::vector<T> x(n);
            for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(number(random.normal(i), i));
            return upload<B>(x);
        };
        auto const x = made(s.rows * s.cols, 0);
        auto y = made(s.rows * s.cols, 1);
        auto q = made(s.cols * s.rank, 2), p = made(s.rows * s.rank, 3);
        B::accumulate_product(T(0.7), x, T(-0.3), view<B, T>(y), s, q, view<B, T>(p));
        is("the matrix", constant(y));
        is("accumulate_product", constant(p));
        B::accumulate_product(T(2), constant(), T(2), view<B, T>(y), s, q, view<B, T>(p));
        is("the product alone", constant(p));
        is("the matrix as it was", constant(y));
        auto z = y;
        auto const left = made(s.rows * s.rank, 4), right = made(s.cols * s.rank, 5);
        B::accumulate_product(T(0.7), x, terse::low_rank_term<B, T>{left, right}, T(-0.3), view<B, T>(z), s, q,
                              view<B, T>(p));
        is("the matrix with a term taken off", constant(z));
        is("the product with a term taken off", constant(p));
        B::orthonormalise(view<B, T>(p), s.rows, s.rank);
        is("orthonormalise", constant(p));
        B::transposed_product(y, s, p, view<B, T>(q));
        is("transposed_product", constant(q));
        B::add_outer_product(T(-0.9), p, q, s, view<B, T>(y));
        is("add_outer_product", constant(y));
    };
    std::pair<std::size_t, std::size_t> const shapes[] = {{1, 1},    {1, 40},  {2, 15},  {3, 16},  {17, 17},
                                                          {4, 1031}, {33, 48}, {300, 3}, {5001, 2}};
    for (auto const& [rows, cols] : shapes)
        for (std::size_t const rank : {1u, 2u, 3u, 4u, 5u, 7u, 9u}) {
            check({rows, cols, rank}, "normals", [](double x, std::size_t) { return x; });
            if (rank % 2 == 0) continue;
            check({rows, cols, rank}, "few values", [](double x, std::size_t) { return x < 0 ? -0.0 : 0.5; });
            check({rows, cols, rank}, "zeros", [](double x, std::size_t) { return x < 0 ? -0.0 : 0.0; });
            check({rows, cols, rank}, "huge ones",
                  [](double x, std::size_t) { return (x < 0 ? -0.5 : 0.5) * double{std::numeric_limits<T>::max()}; });
            check({rows, cols, rank}, "denormals",
                  [](double x, std::size_t) { return T(8 * x) * std::numeric_limits<T>::denorm_min(); });
            check({rows, cols, rank}, "not a number",
                  [](double x, std::size_t i) { return i == 7 ? std::numeric_limits<double>::quiet_NaN() : x; });
        }
    return all;
}

} // namespace terse_test
