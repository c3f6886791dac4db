// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/error.hpp>
#include <terse/random.hpp>

namespace terse {

/// The rows of each worker: every row of the dataset belongs to exactly one, and no worker is empty.
using partition = std::vector<std::vector<std::uint32_t>>;

namespace detail {

inline void require_rows(std::size_t rows, std::size_t workers) {
    if (workers == 0) throw configuration_error("partition: needs at least one worker");
    if (rows < workers)
        throw configuration_error("partition: " + std::to_string(rows) + " rows are not enough for " +
                                  std::to_string(workers) + " workers");
    if (rows > std::numeric_limits<std::uint32_t>::max())
        throw configuration_error("partition: rows are numbered with 32 bits");
}

/// Consecutive blocks whose sizes differ by at most one, the larger ones first.
inline partition equal_blocks(std::span<std::uint32_t const> order, std::size_t workers) {
    partition p(workers);
    std::size_t first = 0;
    for (std::size_t k = 0; k < workers; ++k) {
        std::size_t const n = order.size() / workers + (k < order.size() % workers ? 1 : 0);
        p[k].assign(order.begin() + static_cast<std::ptrdiff_t>(first),
                    order.begin() + static_cast<std::ptrdiff_t>(first + n));
        first += n;
    }
    return p;
}

/// log of a Gamma(shape, 1) variate (Marsaglia and Tsang 2000). In logarithms, because for a small shape the variate
/// itself is often below the smallest double.
inline double log_gamma_variate(double shape, random_stream const& random) {
    double const boosted = shape < 1 ? shape + 1 : shape;
    double const d = boosted - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
    for (std::uint64_t i = 0;; i += 4) { // index i / 2 of normal() is made of the uniforms i and i + 1
        double const x = random.normal(i / 2);
        double const v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
        if (v <= 0 || std::log(1.0 - random.uniform(i + 2)) >= 0.5 * x * x + d * ((1.0 - v) + std::log(v))) continue;
        double const log_gamma = std::log(d) + std::log(v);
        return shape < 1 ? log_gamma + std::log(1.0 - random.uniform(i + 3)) / shape : log_gamma;
    }
}

} // namespace detail

/// A random permutation of `values` (Fisher-Yates), a pure function of the stream.
inline void shuffle(std::span<std::uint32_t> values, random_stream const& random) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i, i)]);
}

/// Rows dealt at random; the sizes differ by at most one. configuration_error if there are fewer rows than workers.
inline partition iid_partition(std::size_t rows, std::size_t workers, std::uint64_t seed) {
    detail::require_rows(rows, workers);
    std::vector<std::uint32_t> order(rows);
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order, random_stream(seed, purpose::partition));
    return detail::equal_blocks(order, workers);
}

/// Rows sorted by label and cut into equal blocks, so that each worker sees few labels: the hardest case. The sizes
/// differ by at most one. configuration_error if there are fewer rows than workers.
inline partition label_partition(std::span<std::uint32_t const> labels, std::size_t workers) {
    detail::require_rows(labels.size(), workers);
    std::vector<std::uint32_t> order(labels.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::stable_sort(order, {}, [labels](std::uint32_t i) { return labels[i]; });
    return detail::equal_blocks(order, workers);
}

/// For each label, shares ~ Dirichlet(alpha, .., alpha) over the workers decide who gets how many of its rows: near 0 a
/// label lives on one worker, a large alpha is close to iid. Sizes differ. A worker left without rows gets the last row
/// of the worker that has most (the lowest of them). configuration_error unless 0 < alpha < inf and rows >= workers.
inline partition dirichlet_partition(std::span<std::uint32_t const> labels, std::size_t workers, double alpha,
                                     std::uint64_t seed) {
    detail::require_rows(labels.size(), workers);
    if (!(alpha > 0) || !std::isfinite(alpha))
        throw configuration_error("partition: alpha must be positive and finite");

    partition p(workers);
    std::vector<std::uint32_t> order(labels.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::stable_sort(order, {}, [labels](std::uint32_t i) { return labels[i]; });
    std::vector<double> share(workers);
    for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
        std::uint32_t const label = labels[order[first]];
        while (last < order.size() && labels[order[last]] == label) ++last;
        std::span<std::uint32_t> const rows(order.data() + first, last - first);
        shuffle(rows, random_stream(seed, purpose::partition, shared_by_all, 1, label));

        for (std::size_t k = 0; k < workers; ++k)
            share[k] = detail::log_gamma_variate(
                alpha, random_stream(seed, purpose::partition, static_cast<std::uint32_t>(k), 2, label));
        double const most = *std::ranges::max_element(share);
        for (double& s : share) s = std::exp(s - most);
        double const total = std::accumulate(share.begin(), share.end(), 0.0);

        double sum = 0;
        std::size_t begin = 0;
        for (std::size_t k = 0; k < workers; ++k) {
            sum += share[k];
            auto const n = static_cast<double>(rows.size());
            std::size_t const end =
                k + 1 == workers ? rows.size() : static_cast<std::size_t>(std::floor(n * (sum / total) + 0.5));
            for (std::size_t i = begin; i < std::min(end, rows.size()); ++i) p[k].push_back(rows[i]);
            begin = std::max(begin, std::min(end, rows.size()));
        }
    }
    for (auto& mine : p)
        if (mine.empty()) {
            auto& donor = *std::ranges::max_element(p, {}, [](auto const& rows) { return rows.size(); });
            mine.push_back(donor.back());
            donor.pop_back();
        }
    return p;
}

} // namespace terse
