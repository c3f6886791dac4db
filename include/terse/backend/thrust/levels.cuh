// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <thrust/for_each.h>
#include <thrust/functional.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/transform_reduce.h>

#include <terse/backend/buffer.hpp>
#include <terse/backend/fixed_order.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/backend/thrust/element.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/thrust/reduce.cuh>
#include <terse/backend/thrust/select.cuh>
#include <terse/backend/view.hpp>
#include <terse/random.hpp>

/// Levels on the device, by the operations of cpu/levels_portable.hpp in their order.
namespace terse::element {

/// Philox4x32-10.
struct philox {
    random_stream::parameters p;

    struct block {
        std::uint32_t word[4];
    };
    __host__ __device__ block operator()(std::uint64_t index) const {
        std::uint32_t c0 = static_cast<std::uint32_t>(index), c1 = static_cast<std::uint32_t>(index >> 32);
        std::uint32_t c2 = p.worker, c3 = p.round, k0 = p.key0, k1 = p.key1;
        for (int round = 0; round < 10; ++round) {
            auto const x = std::uint64_t{0xD2511F53} * c0, y = std::uint64_t{0xCD9E8D57} * c2;
            c0 = static_cast<std::uint32_t>(y >> 32) ^ c1 ^ k0;
            c2 = static_cast<std::uint32_t>(x >> 32) ^ c3 ^ k1;
            c1 = static_cast<std::uint32_t>(y);
            c3 = static_cast<std::uint32_t>(x);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return {{c0, c1, c2, c3}};
    }
};

/// The rounding of level_of.
template <class T>
__host__ __device__ std::int32_t level_of(T x, T unit, std::uint32_t levels, std::uint32_t draw, philox const& random,
                                          std::uint64_t i) {
    T magnitude = x < 0 ? -x : x;
    if (!(unit > 0)) return 0;
    if (unit < (sizeof(T) == 4 ? T(0x1p-100) : static_cast<T>(0x1p-900))) {
        auto const factor = sizeof(T) == 4 ? T(0x1p100) : static_cast<T>(0x1p600);
        magnitude *= factor;
        unit *= factor;
    }
    T r = magnitude * (T(65536) / unit);
    auto const most = static_cast<T>(levels << 16);
    if (most < r) r = most;
    if (!(r >= 0)) return 0;
    auto const whole = static_cast<std::uint32_t>(r);
    auto const sum = whole + draw;
    auto level = static_cast<std::int32_t>(sum >> 16);
    if ((sum & 0xffff) == 0xffff) {
        auto const more = random(std::uint64_t{1} << 63 | i >> 2).word[i & 3] * 0x1p-32;
        if (more < static_cast<double>(r - static_cast<T>(whole))) ++level;
    }
    return x < 0 ? -level : level;
}

/// Rounds and packs a group of 64 coordinates.
template <class T>
struct round_group {
    T const* x;
    std::size_t d;
    T const* units;
    std::size_t bucket;
    std::uint32_t levels;
    unsigned width;
    philox random;
    std::uint64_t* words;

    __host__ __device__ void operator()(std::size_t group) const {
        auto const first = 64 * group;
        auto const n = d - first < 64 ? d - first : 64;
        auto* const to = words + group * width;
        auto const mask = (std::uint64_t{1} << width) - 1;
        for (unsigned w = 0; 64 * w < n * width; ++w) to[w] = 0;
        for (std::size_t lane = 0; lane < 8 && lane < n; ++lane) {
            auto const block = random(8 * group + lane);
            for (std::size_t j = lane; j < n; j += 8) {
                auto const draw = block.word[j / 16] >> (j / 8 % 2 * 16) & 0xffff;
                auto const i = first + j;
                auto const level = level_of(x[i], units[i / bucket], levels, draw, random, i);
                auto const bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(level)) & mask;
                auto const at = j * width;
                to[at / 64] |= bits << at % 64;
                if (at % 64 + width > 64) to[at / 64 + 1] |= bits >> (64 - at % 64);
            }
        }
    }
};

/// The power of two below or above the i-th number, see portable::to_power.
template <class T>
struct to_power {
    philox random;

    __host__ __device__ T operator()(T x, std::size_t i) const {
        constexpr int fraction = sizeof(T) == 4 ? 23 : 52;
        constexpr auto infinity = static_cast<magnitude_t<T>>(~magnitude_t<T>{0}) << (fraction + 1) >> 1;
        magnitude_t<T> bits;
        std::memcpy(&bits, &x, sizeof bits);
        auto const magnitude = magnitude_of<T>()(x);
        auto const sign = bits ^ magnitude;
        auto const rest = magnitude & ((magnitude_t<T>{1} << fraction) - 1);
        auto result = magnitude - rest;
        if (magnitude >= infinity) {
            result = infinity | (magnitude_t<T>{1} << (fraction - 1));
            std::memcpy(&x, &result, sizeof x);
            return x;
        }
        auto const draw = random(8 * (i / 64) + i % 8).word[i % 64 / 16] >> (i / 8 % 2 * 16) & 0xffff;
        auto const sum = static_cast<std::uint32_t>(rest >> (fraction - 16)) + draw;
        bool up = sum > 0xffff;
        if (sum == 0xffff) {
            auto const after = static_cast<double>(rest & ((magnitude_t<T>{1} << (fraction - 16)) - 1)) *
                               (sizeof(T) == 4 ? 0x1p-7 : 0x1p-36);
            up = random(std::uint64_t{1} << 63 | i >> 2).word[i & 3] * 0x1p-32 < after;
        }
        auto const above = result + (magnitude_t<T>{1} << fraction);
        if (up && above < infinity) result = above;
        result |= sign;
        std::memcpy(&x, &result, sizeof x);
        return x;
    }
};

/// The i-th level.
struct level_at {
    std::uint64_t const* words;
    unsigned width;

    __host__ __device__ std::int32_t operator()(std::size_t i) const {
        auto const* const group = words + i / 64 * width;
        auto const at = i % 64 * width;
        auto bits = group[at / 64] >> at % 64;
        if (at % 64 + width > 64) bits |= group[at / 64 + 1] << (64 - at % 64);
        return static_cast<std::int32_t>(static_cast<std::int64_t>(bits << (64 - width)) >> (64 - width));
    }
};
/// y_i + a u l_i
template <class T>
struct plus_level {
    T a;
    level_at level;
    T const* units;
    std::size_t bucket;

    __host__ __device__ T operator()(T y, std::size_t i) const {
        return y + a * units[i / bucket] * static_cast<T>(level(i));
    }
};
/// Bits of the i-th level in Elias' code.
struct level_code_bits {
    level_at level;

    __host__ __device__ std::uint64_t operator()(std::size_t i) const {
        auto const l = level(i);
        std::uint64_t bits = l != 0 ? 2 : 1;
        for (auto n = static_cast<std::uint32_t>(l < 0 ? -l : l) + 1; n > 1;) {
            std::uint32_t width = 0;
            for (auto rest = n; rest != 0; rest >>= 1) ++width;
            bits += width;
            n = width - 1;
        }
        return bits;
    }
};

/// The largest magnitude and the sum of squares, in the fixed order, of a bucket, times a factor.
template <class T>
struct bucket_figures {
    T const* x;
    std::size_t d;
    std::size_t bucket;
    double factor;
    magnitude_t<T>* largest;
    double* squares;

    __host__ __device__ void operator()(std::size_t b) const {
        auto const begin = b * bucket;
        auto const end = d - begin < bucket ? d : begin + bucket;
        magnitude_t<T> most = 0;
        double total = 0;
        for (auto first = begin; first < end; first += fixed_order::block) {
            double lane[fixed_order::lanes]{};
            for (auto i = first; i < end && i < first + fixed_order::block; ++i) {
                auto const m = magnitude_of<T>()(x[i]);
                if (m > most) most = m;
                auto const v = static_cast<double>(x[i]) * factor;
                lane[(i - first) % fixed_order::lanes] += v * v;
            }
            for (auto width = fixed_order::lanes / 2; width > 0; width /= 2)
                for (std::size_t j = 0; j < width; ++j) lane[j] += lane[j + width];
            total += lane[0];
        }
        largest[b] = most;
        squares[b] = total;
    }
};

} // namespace terse::element

namespace terse {

/// The units of the buckets of x; what is one number for each bucket is done on the host.
template <class T>
void find_units(view<thrust_device, T const> x, level_grid const& grid, view<thrust_device, T> units) {
    constexpr std::size_t long_bucket = 65536; // too long for one thread
    auto const n = units.size();
    buffer<thrust_device, magnitude_t<T>> largest(n);
    buffer<thrust_device, double> squares(n);
    std::vector<magnitude_t<T>> most(n);
    std::vector<double> sums(n);
    auto const look = [&](double factor) {
        thrust::counting_iterator<std::size_t> const first(0);
        thrust::for_each_n(
            device_policy(), first, n,
            element::bucket_figures<T>{x.data(), x.size(), grid.bucket, factor, largest.data(), squares.data()});
        copy_to_host(largest.data(), n, most.data());
        copy_to_host(squares.data(), n, sums.data());
    };
    if (grid.bucket < long_bucket) {
        look(1);
    } else {
        for (std::size_t b = 0; b < n; ++b) {
            auto const part = x.part(b * grid.bucket, std::min(grid.bucket, x.size() - b * grid.bucket));
            most[b] = thrust::transform_reduce(device_policy(), part.data(), part.data() + part.size(),
                                               magnitude_of<T>(), magnitude_t<T>{0}, thrust::maximum<magnitude_t<T>>());
            sums[b] = fixed_order_sum<element::square, T>(part);
        }
    }
    std::vector<double> norms(n);
    bool too_small = false, too_large = false;
    auto const plain = [&](std::size_t b) {
        return grid.norm == norm::linf || most[b] == 0 || most[b] >= not_finite<T>;
    };
    for (std::size_t b = 0; b < n; ++b) {
        norms[b] = plain(b) ? static_cast<double>(from_magnitude<T>(most[b])) : std::sqrt(sums[b]);
        if (sizeof(T) == 4 || plain(b)) continue;
        too_large = too_large || std::isinf(sums[b]);
        too_small = too_small || sums[b] < 0x1p-960;
    }
    auto const first_sums = sums;
    auto const again = [&](double factor, auto concerned) {
        look(factor);
        for (std::size_t b = 0; b < n; ++b)
            if (!plain(b) && concerned(first_sums[b]))
                norms[b] = std::min(std::sqrt(sums[b]) / factor, std::numeric_limits<double>::max());
    };
    if (too_large) again(0x1p-600, [](double sum) { return std::isinf(sum); });
    if (too_small) again(0x1p600, [](double sum) { return sum < 0x1p-960; });
    std::vector<T> host(n);
    for (std::size_t b = 0; b < n; ++b) host[b] = unit_of<T>(norms[b], grid.levels);
    copy_to_device(host.data(), n, units.data());
}

/// The units of the buckets of x, unless they are given, and the levels of its coordinates in words.
template <class T>
void quantize(view<thrust_device, T const> x, level_grid const& grid, view<thrust_device, T> units,
              view<thrust_device, std::uint64_t> words, random_stream const& random) {
    if (grid.norm != norm::given) find_units<T>(x, grid, units);
    thrust::counting_iterator<std::size_t> const first(0);
    thrust::for_each_n(device_policy(), first, (x.size() + 63) / 64,
                       element::round_group<T>{x.data(),
                                               x.size(),
                                               units.data(),
                                               grid.bucket,
                                               grid.levels,
                                               grid.width(),
                                               {random.get_parameters()},
                                               words.data()});
}

} // namespace terse
