// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "device.cuh"
#include "examples.cuh"

namespace terse_test {

/// Workers with vectors of their own, and room for what they say.
template <class T>
struct team {
    using device = terse::thrust_device;
    template <class N>
    using buffers = std::vector<terse::buffer<device, N>>;

    std::vector<example<T>> of;
    std::vector<std::vector<T>> old;
    buffers<T> x, e, units;
    buffers<std::uint64_t> words;
    terse::scratch<device> temporary;

    team(std::size_t d, std::size_t workers, terse::level_grid const& grid = {.levels = 1, .bucket = 64})
        : of(examples<T>(d)) {
        of.resize(std::min(workers, of.size()));
        for (auto const& [name, numbers] : of) {
            old.emplace_back(numbers.rbegin(), numbers.rend());
            for (auto& v : old.back()) v *= T(0.01);
            x.push_back(upload<device>(numbers));
            e.push_back(upload<device>(old.back()));
            units.emplace_back(grid.buckets(d));
            words.emplace_back(std::max(grid.words(d), (d + 63) / 64));
        }
    }
    std::size_t size() const { return of.size(); }
    std::size_t d() const { return x.front().size(); }

    static terse::random_stream random(std::size_t i) {
        return {7, terse::purpose::rounding, static_cast<std::uint32_t>(i), 5};
    }
    terse::accumulation<device, T> sum(std::size_t i) { return {T(0.3), x[i], T(-0.9), e[i]}; }
    terse::sign_packing<device, T> packing(std::size_t i) { return {x[i], words[i].part(0, (d() + 63) / 64)}; }
    terse::sign_take<device, T> signs(std::size_t i, T scale) {
        return {T(-0.3), x[i], scale, T(0.9), e[i], words[i].part(0, (d() + 63) / 64)};
    }
    terse::sign_subtraction<device, T> less_signs(std::size_t i, T scale) { return {scale, e[i]}; }
    terse::level_take<device, T> levels(std::size_t i, terse::level_grid const& grid) {
        return {T(0.7), x[i], T(-0.9), e[i], units[i], words[i].part(0, grid.words(d())), random(i)};
    }
    template <class F>
    auto all(F f) {
        std::vector<decltype(f(std::size_t{0}))> takes;
        for (std::size_t i = 0; i < size(); ++i) takes.push_back(f(i));
        return takes;
    }
};

} // namespace terse_test
