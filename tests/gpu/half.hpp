// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <terse/compressor/half_values.hpp>

#include "verbs.hpp"

namespace terse_test {

/// Numbers half-way between two that 16 bits can hold, and their neighbours.
template <class T>
std::vector<T> ties(terse::wire::precision p) {
    std::vector<T> all;
    for (std::uint32_t h = 0; h < 0xffff; ++h) {
        auto const of = [p](std::uint32_t bits) {
            return terse::wire::from_half<T>(static_cast<std::uint16_t>(bits), p);
        };
        auto const middle = of(h) / 2 + of(h + 1) / 2;
        for (auto const x : {middle, std::nextafter(middle, T(0)), std::nextafter(middle, 2 * middle), of(h)})
            all.push_back(x);
    }
    return all;
}

/// What the verbs of values in 16 bits make of every sample on backend B.
template <class B, class T>
std::vector<outcome> every_half() {
    using terse::index_t;
    using terse::view;
    static_assert(terse::RoundingVerbs<B, T>);
    std::vector<outcome> all;
    for (auto const p : {terse::wire::precision::full, terse::wire::precision::fp16, terse::wire::precision::bf16}) {
        auto samples = terse_test::samples<T>();
        samples.push_back({"ties", ties<T>(p == terse::wire::precision::full ? terse::wire::precision::fp16 : p)});
        for (auto const& [name, numbers] : samples) {
            auto const d = numbers.size();
            auto const is = [&, &name = name](char const* verb, terse::buffer<B, T> const& x) {
                all.push_back(make_outcome(verb + (" of " + name), download(view<B, T const>(x))));
            };
            auto x = upload<B>(numbers);
            B::round_values(p, view<B, T>(x), view<B, T>());
            is("round_values alone", x);
            x = upload<B>(numbers);
            auto rest = upload<B>(std::vector<T>(d, T(-0.0)));
            B::round_values(p, view<B, T>(x), view<B, T>(rest));
            is("round_values", x);
            is("rest of round_values", rest);

            terse::buffer<B, index_t> thirds((d + 2) / 3);
            B::sequence(0, 3, view<B, index_t>(thirds));
            x = upload<B>(numbers);
            B::round_entries(p, thirds, x.part(0, thirds.size()), view<B, T>(rest));
            is("round_entries", x);
            is("rest of round_entries", rest);
        }
    }
    return all;
}

} // namespace terse_test
