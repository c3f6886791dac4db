// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <terse/error.hpp>
#include <terse/problem/quadratic.hpp>
#include <terse/random.hpp>

namespace terse {

struct random_quadratic_options {
    std::uint64_t seed = 1;
    std::size_t workers = 4;
    std::size_t dimension = 10;
    double smallest = 1;      ///< the eigenvalues of every A_k are uniform between this
    double largest = 10;      ///< and this
    double heterogeneity = 1; ///< a_k = c + heterogeneity * normal: 0 gives all workers the same optimum c
    bool dense = true;        ///< false: diagonal matrices
};

/// A random strongly convex quadratic, a pure function of its options. Dense matrices are H diag H with a random
/// reflection H of their own per worker. configuration_error unless 0 < smallest <= largest < inf and heterogeneity is
/// finite and >= 0.
template <class T = double>
quadratic<T> random_quadratic(random_quadratic_options const& o = {}) {
    if (!(o.smallest > 0) || !(o.smallest <= o.largest) || !std::isfinite(o.largest))
        throw configuration_error("random_quadratic: eigenvalues need 0 < smallest <= largest < inf");
    if (!(o.heterogeneity >= 0) || !std::isfinite(o.heterogeneity))
        throw configuration_error("random_quadratic: heterogeneity must be finite and not negative");

    std::size_t const d = o.dimension;
    random_stream const common(o.seed, purpose::data);
    std::vector<quadratic_term<T>> terms(o.workers);
    std::vector<double> eigenvalue(d), normal(d);
    for (std::size_t k = 0; k < o.workers; ++k) {
        auto const worker = static_cast<std::uint32_t>(k);
        random_stream const spectrum(o.seed, purpose::data, worker, 0, 0),
            direction(o.seed, purpose::data, worker, 0, 1), place(o.seed, purpose::data, worker, 0, 2);
        double squares = 0;
        for (std::size_t i = 0; i < d; ++i) {
            eigenvalue[i] = o.smallest + (o.largest - o.smallest) * spectrum.uniform(i);
            normal[i] = direction.normal(i);
            squares += normal[i] * normal[i];
            terms[k].center.push_back(static_cast<T>(common.normal(i) + o.heterogeneity * place.normal(i)));
        }
        if (!o.dense) {
            terms[k].diagonal.assign(eigenvalue.begin(), eigenvalue.end());
            continue;
        }
        // H = I - 2 n n' / n'n, so (H D H)_ij = D_ij - s n_i n_j (D_i + D_j) + s^2 n_i n_j sum_l D_l n_l^2 with s = 2 /
        // n'n
        double const s = squares > 0 ? 2 / squares : 0;
        double inner = 0;
        for (std::size_t i = 0; i < d; ++i) inner += eigenvalue[i] * normal[i] * normal[i];
        terms[k].matrix.resize(d * d);
        for (std::size_t i = 0; i < d; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                double const a = (i == j ? eigenvalue[i] : 0.0) +
                                 s * normal[i] * normal[j] * (s * inner - eigenvalue[i] - eigenvalue[j]);
                terms[k].matrix[i * d + j] = terms[k].matrix[j * d + i] = static_cast<T>(a);
            }
    }
    return quadratic<T>(std::move(terms));
}

} // namespace terse
