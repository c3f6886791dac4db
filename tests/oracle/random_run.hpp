// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <span>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/cluster/simulated.hpp>
#include <terse/compressor/any_of.hpp>
#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/train.hpp>

/// What the tests compare the library with: everything here is written a second time, as plainly as can be.
namespace oracle {

using numbers = std::vector<double>;

/// A pure function of some words, uniform in [0, 1).
inline double uniform(std::initializer_list<std::uint64_t> words) {
    std::uint64_t x = 0;
    for (auto const word : words) { // splitmix64
        x += word + 0x9e3779b97f4a7c15u;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        x ^= x >> 31;
    }
    return static_cast<double>(x >> 11) * 0x1p-53;
}
inline std::size_t between(std::size_t low, std::size_t high, double u) {
    return low + static_cast<std::size_t>(u * static_cast<double>(high - low + 1));
}

enum class kind { identity, top_k, sign, blockwise_sign, blockwise_top_k, block, grid, random_k };
inline constexpr std::initializer_list<kind> every_kind = {kind::top_k,           kind::sign,    kind::blockwise_sign,
                                                           kind::blockwise_top_k, kind::block,   kind::grid,
                                                           kind::random_k,        kind::identity};

using any_compressor =
    terse::any_of<terse::identity, terse::top_k, terse::scaled_sign, terse::blockwise<terse::scaled_sign>,
                  terse::blockwise<terse::top_k>, terse::random_block, terse::random_k>;

/// C(v), and where it was not zeroed.
struct compressed {
    numbers value;
    std::vector<bool> sent;
};

/// The k largest of v[first .. first + n), by sorting all of them; ties to the lowest index.
inline void largest(numbers const& v, std::size_t first, std::size_t n, std::size_t k, compressed& out) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(v[a]) > std::fabs(v[b]); });
    for (std::size_t j = 0; j < k; ++j) {
        out.value[order[j]] = v[order[j]];
        out.sent[order[j]] = true;
    }
}

/// The mean magnitude of v[first .. first + n) with the signs of v; the sign of zero is +.
inline void signs(numbers const& v, std::size_t first, std::size_t n, compressed& out) {
    double sum = 0;
    for (std::size_t i = first; i < first + n; ++i) sum += std::fabs(v[i]);
    for (std::size_t i = first; i < first + n; ++i) {
        out.value[i] = (v[i] >= 0 ? 1 : -1) * sum / static_cast<double>(n);
        out.sent[i] = true;
    }
}

/// A random experiment: quadratics F_k(x) = 1/2 (x - a_k)' A_k (x - a_k) with noise in their gradients, a method's
/// hyper-parameters, and a learning rate that drops twice.
struct random_run {
    std::uint64_t seed;
    kind compressor;
    std::size_t workers, dimension, k, block;
    double ratio; ///< of blockwise top-k
    double beta, lambda, decay, clip;
    std::uint64_t period;
    std::vector<numbers> matrix, center;
    numbers start, lr;
    std::uint64_t segment = 0; ///< of the compressor's draws

    explicit random_run(std::uint64_t s, kind c = kind::top_k, std::size_t rounds = 40) : seed(s), compressor(c) {
        auto u = [&, n = std::uint64_t{0}]() mutable { return uniform({seed, 17, n++}); };
        workers = between(1, 6, u());
        dimension = between(1, 20, u());
        k = between(1, dimension, u() * u());
        block = between(1, dimension + 2, u());
        ratio = 0.05 + 0.9 * u();
        double const b = u();
        beta = b < 0.1 ? 0 : b < 0.4 ? 0.9 : 0.95 * u();
        lambda = u();
        double const w = u();
        decay = w < 0.5 ? 0 : 0.1 * u();
        double const g = u();
        clip = g < 0.5 ? 0 : 0.5 + 6 * u();
        period = between(0, 6, u());

        auto const rate = 0.005 + 0.05 * u();
        auto const first = between(1, rounds - 1, u());
        auto const second = between(1, rounds - 1, u());
        for (std::size_t t = 0; t < rounds; ++t)
            lr.push_back(rate * (t >= first ? 0.05 + 0.9 * uniform({seed, 18}) : 1) *
                         (t >= second ? 0.2 + 0.7 * uniform({seed, 19}) : 1));

        auto const d = dimension;
        for (std::size_t i = 0; i < d; ++i) start.push_back(4 * u() - 2);
        for (std::size_t worker = 0; worker < workers; ++worker) {
            numbers m(d * d), a(d * d), place(d);
            for (auto& x : m) x = 2 * u() - 1;
            for (auto& x : place) x = 6 * u() - 3;
            for (std::size_t i = 0; i < d; ++i)
                for (std::size_t j = 0; j < d; ++j) {
                    a[i * d + j] = i == j ? 0.3 : 0;
                    for (std::size_t l = 0; l < d; ++l)
                        a[i * d + j] += 2 * m[i * d + l] * m[j * d + l] / static_cast<double>(d);
                }
            matrix.push_back(a);
            center.push_back(place);
        }
    }

    /// The callback's gradient: worker's stochastic gradient of a round, a pure function.
    void user_gradient(std::size_t worker, std::uint64_t round, std::span<double const> x, std::span<double> g) const {
        for (std::size_t i = 0; i < dimension; ++i) {
            g[i] = 2 * uniform({seed, 23, worker, round, i}) - 1;
            for (std::size_t j = 0; j < dimension; ++j)
                g[i] += matrix[worker][i * dimension + j] * (x[j] - center[worker][j]);
        }
    }
    auto callback() const {
        return [this](terse::worker_context at, terse::view<terse::cpu, double const> x,
                      terse::view<terse::cpu, double> g) { user_gradient(at.worker, at.round, x, g); };
    }

    numbers clipped_gradient(std::size_t worker, std::uint64_t round, numbers const& x) const {
        numbers g(dimension);
        user_gradient(worker, round, x, g);
        if (clip > 0) {
            double length = 0;
            for (double const y : g) length += y * y;
            length = std::sqrt(length);
            double const limit = clip / std::sqrt(static_cast<double>(workers));
            if (length > limit)
                for (double& y : g) y *= limit / length;
        }
        return g;
    }
    /// Clipped, with weight decay at the point where it was taken.
    numbers gradient(std::size_t worker, std::uint64_t round, numbers const& x) const {
        auto g = clipped_gradient(worker, round, x);
        for (std::size_t i = 0; i < dimension; ++i) g[i] += decay * x[i];
        return g;
    }

    compressed compress(numbers const& v, std::uint64_t round, std::uint32_t worker) const {
        auto const d = dimension;
        compressed out{numbers(d, 0.0), std::vector<bool>(d, false)};
        auto const send = [&](std::size_t i) {
            out.value[i] = v[i];
            out.sent[i] = true;
        };
        // The one draw of the library that both sides must see.
        terse::random_stream const draw(seed, terse::purpose::support, terse::shared_by_all, round, segment);
        switch (compressor) {
        case kind::identity:
            for (std::size_t i = 0; i < d; ++i) send(i);
            break;
        case kind::top_k:
            largest(v, 0, d, k, out);
            break;
        case kind::sign:
            signs(v, 0, d, out);
            break;
        case kind::blockwise_sign:
            for (std::size_t i = 0; i < d; i += block) signs(v, i, std::min(block, d - i), out);
            break;
        case kind::blockwise_top_k:
            for (std::size_t i = 0; i < d; i += block) {
                auto const n = std::min(block, d - i);
                auto const rounded = static_cast<std::size_t>(std::floor(ratio * static_cast<double>(n) + 0.5));
                largest(v, i, n, std::max<std::size_t>(1, rounded), out);
            }
            break;
        case kind::block:
            for (std::size_t j = 0, first = draw.below(0, d); j < k; ++j) send((first + j) % d);
            break;
        case kind::grid: {
            auto const first = k * draw.below(0, (d + k - 1) / k);
            for (std::size_t i = first; i < std::min(d, first + k); ++i) send(i);
            break;
        }
        case kind::random_k: {
            terse::scratch<terse::cpu> temporary;
            terse::sparse_message<terse::cpu, double> message;
            terse::context<terse::cpu> at{
                {seed, round, worker, static_cast<std::uint32_t>(workers), 0}, segment, &temporary};
            terse::random_k{.count = k, .shared_support = false}.compress(
                terse::view<terse::cpu, double const>(v.data(), d), message, at);
            for (auto const i : terse::view<terse::cpu, terse::index_t const>(message.indices)) send(i);
            break;
        }
        }
        return out;
    }

    /// The library's compressor of the same kind.
    any_compressor library_compressor() const {
        switch (compressor) {
        case kind::identity:
            break;
        case kind::top_k:
            return terse::top_k{.count = k};
        case kind::sign:
            return terse::scaled_sign{};
        case kind::blockwise_sign:
            return terse::blockwise<terse::scaled_sign>{.inner = {}, .size = block};
        case kind::blockwise_top_k:
            return terse::blockwise<terse::top_k>{.inner = {.ratio = ratio}, .size = block};
        case kind::block:
            return terse::random_block{.count = k};
        case kind::grid:
            return terse::random_block{.count = k, .at = terse::random_block::placement::grid};
        case kind::random_k:
            return terse::random_k{.count = k, .shared_support = false};
        }
        return terse::identity{};
    }

    /// The method with this run's clipping and coupled weight decay.
    template <class Method>
    Method around(Method method) const {
        method.clip = {.norm = clip};
        method.decay = {.rate = decay};
        return method;
    }

    terse::simulated cluster(unsigned threads = 1) const {
        return {.workers = static_cast<std::uint32_t>(workers), .threads = threads};
    }
};

} // namespace oracle
