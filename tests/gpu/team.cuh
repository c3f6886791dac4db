// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
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
    terse::block_take<device, T> block(std::size_t i, std::size_t first, std::size_t n) {
        return {sum(i), first, units[i].part(0, n)};
    }
    terse::entry_move<device, T> move(std::size_t i, terse::view<device, terse::index_t const> from,
                                      terse::view<device, terse::index_t> indices, T scale) {
        return {e[i], from, indices, scale, units[i].part(0, from.size())};
    }
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

template <class Takes>
auto span_of(Takes const& takes) {
    return std::span(takes);
}
template <class N>
std::vector<N> host(terse::buffer<terse::thrust_device, N> const& b) {
    return download(terse::view<terse::thrust_device, N const>(b));
}

/// Sees to it that a verb refuses what a team asks of it, with words, before anything is started or changed.
template <class T, class Takes, class Verb>
void refuses_takes(team<T> const& team, Takes const& takes, char const* words, Verb verb) {
    auto const says = [&](terse::dimension_error const& e) {
        return std::string(e.what()).find(words) != std::string::npos;
    };
    BOOST_TEST(counting_launcher::count(
                   [&] { BOOST_CHECK_EXCEPTION(verb(span_of(takes)), terse::dimension_error, says); }) == 0u);
    for (std::size_t i = 0; i < team.size(); ++i)
        BOOST_TEST((make_outcome("", host(team.e[i])) == make_outcome("", team.old[i])));
}

} // namespace terse_test
