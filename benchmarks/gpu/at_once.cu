// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "measure.cuh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bench {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

using terse::index_t;
using terse::view;

namespace {

constexpr std::size_t workers = 8;

/// What all workers are asked for, in the launches of one, and one after the other.
template <class Take, class F>
void compare(bench& b, std::string const& name, double bytes, std::vector<Take> const& all, F verb) {
    b(
        name + " of 8, together", bytes, [&] { verb(std::span(all)); }, workers);
    auto const one_by_one = [&] {
        for (auto const& t : all) verb(std::span(&t, 1));
    };
    b(name + " of 8, one by one", bytes, one_by_one, workers);
}

} // namespace

/// Verbs for several workers. Short vectors are where launches tell.
void measure_at_once(bench& b) {
    auto const d = b.dimension();
    auto const n = static_cast<double>(workers * d);
    auto const k = std::max<std::size_t>(1, d / 100);
    terse::level_grid const grid{};
    terse::scratch<device> temporary;
    std::vector<vector> g, e, values, units;
    std::vector<terse::buffer<device, index_t>> indices;
    std::vector<terse::buffer<device, std::uint64_t>> signs, levels;
    for (std::size_t i = 0; i < workers; ++i) {
        g.push_back(made(d, 2 * i)), e.push_back(made(d, 2 * i + 1));
        values.emplace_back(k), indices.emplace_back(k);
        signs.emplace_back((d + 63) / 64), levels.emplace_back(grid.words(d)), units.emplace_back(grid.buckets(d));
    }
    std::vector<view<device, float const>> vectors;
    std::vector<terse::accumulation<device, float>> sums;
    std::vector<terse::scaling<device, float>> scalings;
    std::vector<terse::coordinates_of<device, float>> sent;
    std::vector<terse::largest_take<device, float, view<device, float const>>> largest;
    std::vector<terse::sign_take<device, float>> sign_takes;
    std::vector<terse::level_take<device, float>> level_takes;
    std::vector<terse::sign_subtraction<device, float>> messages;
    std::vector<terse::block_take<device, float>> blocks;
    std::vector<terse::entry_move<device, float>> moves;
    terse::buffer<device, index_t> support(k);
    device::sequence(0, static_cast<index_t>(d / k), support);
    auto const entries = static_cast<double>(workers * k);
    for (std::uint32_t i = 0; i < workers; ++i) {
        device::sequence(i, d / k, view<device, index_t>(indices[i]).part(0, k - 1));
        vectors.push_back(g[i]);
        messages.push_back({0.5f, e[i]});
        blocks.push_back({{1, g[i], 0.5f, e[i]}, d / 2, values[i]});
        moves.push_back({e[i], support, support, 1, values[i]});
        sums.push_back({1, g[i], 0.5f, e[i]});
        scalings.push_back({1, e[i]});
        sent.push_back({e[i], view<device, index_t const>(indices[i]).part(0, k - 1)});
        largest.push_back({1, g[i], 0.5f, e[i], indices[i], values[i], {1, terse::purpose::sample, i}});
        sign_takes.push_back({1, g[i], 0, 0.5f, e[i], signs[i]});
        level_takes.push_back({1, g[i], 0.5f, e[i], units[i], levels[i], {1, terse::purpose::rounding, i}});
    }
    compare(b, "axpby_each", 12 * n, sums, [&](auto all) { device::axpby_each(all); });
    compare(b, "scale_each", 8 * n, scalings, [&](auto all) { device::scale_each(all); });
    compare(b, "sum_of_squares_each", 4 * n, vectors, [&](auto all) { device::sum_of_squares_each(all, temporary); });
    compare(b, "scatter_fill_each 1%", 12 * static_cast<double>(workers * k), sent,
            [&](auto all) { device::scatter_fill_each(all, 0); });
    compare(b, "accumulate", 12 * n, sums, [&](auto all) { device::accumulate(all, temporary); });
    compare(b, "take_largest 1%", 12 * n, largest, [&](auto all) { device::take_largest(all, temporary); });
    compare(b, "accumulate_signs", 12 * n, sign_takes, [&](auto all) { device::accumulate_signs(all, temporary); });
    compare(b, "subtract_signs", 8 * n, messages, [&](auto all) { device::subtract_signs(all); });
    compare(b, "take_block 1%", 12 * n + 8 * entries, blocks, [&](auto all) { device::take_block(all, temporary); });
    compare(b, "move_entries 1%", 20 * entries, moves, [&](auto all) { device::move_entries(all); });
    compare(b, "take_quantized", 21 * n, level_takes, [&](auto all) { device::take_quantized(all, grid, temporary); });
}

#else

void measure_at_once(bench&) {} // Thrust's host systems do without

#endif

} // namespace bench
