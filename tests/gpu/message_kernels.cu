// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <terse/backend/thrust/levels.cuh>

#include "device.cuh"
#include "examples.cuh"
#include "host/kernels.hpp"

// Signs and levels.
BOOST_AUTO_TEST_SUITE(message_kernels)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = verbs_by_kernels;

template <class T>
void packs_signs_as_the_host(std::vector<std::size_t> const& sizes) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (auto const& [name, numbers] : examples<T>(d))
            for (auto const scale : {T(0), T(0.25)}) {
                std::vector<T> const old(numbers.rbegin(), numbers.rend());
                auto const outcomes_of = [&](std::vector<outcome>& all, signed_residual<T> const& s) {
                    all.push_back(make_outcome("signs of " + name, s.words));
                    all.push_back(make_outcome("what is left of " + name, s.e));
                    all.push_back(make_outcome("sum of " + name, std::vector{s.sum}));
                };
                auto const x = upload<thrust_device>(numbers);
                auto e = upload<thrust_device>(old);
                buffer<thrust_device, std::uint64_t> words((d + 63) / 64);
                auto const result = [&](double sum) {
                    return signed_residual<T>{download(view<thrust_device, std::uint64_t>(words)),
                                              download(view<thrust_device, T>(e)), sum};
                };
                scratch<thrust_device> temporary;
                auto const sum = verbs::accumulate_signs<T>(T(-0.3), x, scale, T(0.9), e, words, temporary);
                outcomes_of(here, result(sum));
                outcomes_of(there, signs_on_host<T>(T(-0.3), numbers, scale, T(0.9), old));

                auto const packed = verbs::pack_signs(view<thrust_device, T const>(e), words);
                outcomes_of(here, result(packed));
                outcomes_of(there, result(thrust_device::pack_signs(view<thrust_device, T const>(e), words)));
            }
    check_same(here, there);
}

template <class T>
void sums_signs_as_the_host(std::vector<std::size_t> const& sizes) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (std::size_t const n : {0u, 1u, 3u, 128u, 129u, 300u})
            for (std::size_t const shift : {0u, 1u}) {
                random_stream const random(n, purpose::user);
                std::vector<T> a(n);
                std::vector<std::vector<std::uint64_t>> words(n);
                std::vector<buffer<thrust_device, std::uint64_t>> uploaded;
                std::vector<signed_by<thrust_device, T>> terms;
                for (std::size_t k = 0; k < n; ++k) {
                    a[k] = static_cast<T>(random.normal(k));
                    for (std::size_t w = 0; w < (d + 63) / 64; ++w)
                        words[k].push_back(std::uint64_t{random.block(w)[k % 4]} * 0x9e3779b97f4a7c15u);
                    uploaded.push_back(upload<thrust_device>(words[k]));
                }
                for (std::size_t k = 0; k < n; ++k) terms.push_back({a[k], uploaded[k]});
                auto const c = n == 3 ? T(1) : T(1) / T(7);
                auto y = upload<thrust_device>(std::vector<T>(d + shift, T(99)));
                verbs::sum_signs<T>(terms, c, y.part(shift, d));
                auto const title = std::to_string(n) + " signs of " + std::to_string(d);
                here.push_back(make_outcome(title, download(y.part(shift, d))));
                there.push_back(make_outcome(title, sum_of_signs_on_host<T>(a, words, c, d)));
            }
    check_same(here, there);
}

/// Examples, and some of which squares leave the range of doubles.
template <class T>
std::vector<example<T>> examples_for_norms(std::size_t d) {
    auto all = examples<T>(d);
    for (auto const factor : {1e-200, 1e-157, 1e-30, 1e30, 1e200}) {
        if (sizeof(T) == 4 && (factor < 1e-30 || factor > 1e30)) continue;
        all.push_back(all.front());
        for (auto& x : all.back().numbers) x *= static_cast<T>(factor);
    }
    return all;
}

/// Levels and lengths of buckets.
using grids_to_try = std::vector<std::pair<std::uint32_t, std::size_t>>;
grids_to_try const many_grids = {{1u, 100}, {3u, 64}, {30u, 512}, {300u, 5000}, {32767u, ~std::size_t{0}}};
grids_to_try const long_buckets = {{127u, 65536}, {127u, 66001}, {127u, ~std::size_t{0}}};

template <class T>
void quantizes_as_thrust(std::vector<std::size_t> const& sizes, grids_to_try const& grids) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (auto const& [name, numbers] : examples_for_norms<T>(d))
            for (auto const which : {norm::l2, norm::linf, norm::given})
                for (auto const& [levels, bucket] : grids) {
                    level_grid const grid{.levels = levels, .bucket = bucket, .norm = which};
                    auto const x = upload<thrust_device>(numbers);
                    auto units = upload<thrust_device>(std::vector<T>(grid.buckets(d), T(0.01)));
                    buffer<thrust_device, std::uint64_t> words(grid.words(d));
                    random_stream const random(7, purpose::rounding, 3, 5);
                    auto const outcomes_of = [&](std::vector<outcome>& to) {
                        auto const title = std::to_string(levels) + " levels of " + name;
                        to.push_back(make_outcome("units, " + title, download(view<thrust_device, T>(units))));
                        to.push_back(make_outcome(title, download(view<thrust_device, std::uint64_t>(words))));
                    };
                    verbs::quantize<T>(x, grid, units, words, random);
                    outcomes_of(here);
                    terse::quantize<T>(x, grid, units, words, random);
                    outcomes_of(there);
                }
    check_same(here, there);
}

template <class T>
void takes_levels_as_the_host(std::vector<std::size_t> const& sizes, grids_to_try const& grids) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (auto const& [name, numbers] : examples_for_norms<T>(d))
            for (auto const which : {norm::l2, norm::linf})
                for (auto const& [levels, bucket] : grids) {
                    level_grid const grid{.levels = levels, .bucket = bucket, .norm = which};
                    auto const title = std::to_string(levels) + " levels of " + name;
                    auto const outcomes_of = [&](std::vector<outcome>& to, quantized_residual<T> const& q) {
                        to.push_back(make_outcome("units, " + title, q.units));
                        to.push_back(make_outcome(title, q.words));
                        to.push_back(make_outcome("what is left, " + title, q.e));
                        to.push_back(make_outcome("first not finite, " + title, std::vector{q.bad}));
                    };
                    // With a smaller second vector, the sum stays near the example, but for rounding.
                    std::vector<T> old(numbers.rbegin(), numbers.rend());
                    for (auto& x : old) x *= T(0.01);
                    random_stream const random(7, purpose::rounding, 3, 5);
                    auto const x = upload<thrust_device>(numbers);
                    auto e = upload<thrust_device>(old);
                    buffer<thrust_device, T> units(grid.buckets(d));
                    buffer<thrust_device, std::uint64_t> words(grid.words(d));
                    scratch<thrust_device> temporary;
                    std::uint64_t const bad =
                        verbs::take_quantized<T>(T(0.7), x, T(-0.9), e, grid, units, words, random, temporary);
                    outcomes_of(here, {download(view<thrust_device, T>(units)),
                                       download(view<thrust_device, std::uint64_t>(words)),
                                       download(view<thrust_device, T>(e)), bad});
                    outcomes_of(there, quantized_on_host<T>(T(0.7), numbers, T(-0.9), old, grid, random));
                }
    check_same(here, there);
}

} // namespace

BOOST_AUTO_TEST_CASE(signs_are_packed_as_on_the_host) {
    packs_signs_as_the_host<float>({0, 1, 15, 16, 17, 63, 64, 65, 4095, 4096, 4097, 70001});
    packs_signs_as_the_host<double>({0, 1, 15, 16, 17, 63, 64, 65, 4095, 4096, 4097, 70001});
}

BOOST_AUTO_TEST_CASE(signs_of_many_are_summed_as_on_the_host) {
    sums_signs_as_the_host<float>({0, 1, 3, 4, 63, 64, 65, 1023, 1025, 5002});
    sums_signs_as_the_host<double>({0, 1, 3, 4, 63, 64, 65, 511, 513, 5001});
}

BOOST_AUTO_TEST_CASE(levels_are_those_of_thrust) {
    quantizes_as_thrust<float>({0, 1, 63, 64, 65, 2047, 2049, 20001}, many_grids);
    quantizes_as_thrust<double>({0, 1, 63, 64, 65, 2047, 2049, 20001}, many_grids);
}

BOOST_AUTO_TEST_CASE(levels_with_feedback_are_those_of_the_host) {
    takes_levels_as_the_host<float>({0, 1, 63, 64, 65, 2047, 2049, 20001}, many_grids);
    takes_levels_as_the_host<double>({0, 1, 63, 64, 65, 2047, 2049, 20001}, many_grids);
}

BOOST_AUTO_TEST_CASE(levels_of_long_buckets_are_those_of_thrust_and_the_host) {
    quantizes_as_thrust<float>({140'003}, long_buckets);
    takes_levels_as_the_host<double>({140'003}, long_buckets);
}

BOOST_AUTO_TEST_SUITE_END()
