// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "measure.cuh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CUDA

using terse::index_t;
using terse::view;

void measure_kernels(bench& b) {
    auto const d = b.dimension();
    auto const n = static_cast<double>(d);
    auto const x_memory = made(d, 1), u = made(d, 5);
    view<device, float const> const x = x_memory;
    auto y_memory = made(d, 2);
    view<device, float> const y = y_memory;
    terse::scratch<device> temporary;

    auto const k = std::max<std::size_t>(1, d / 100);
    terse::buffer<device, index_t> indices(k);
    vector values(k);
    terse::added_before<device, float> const addition{0.5f, u, x};
    b("take_largest after an addition 1%", 16 * n, [&] {
        device::take_largest<float>(0.5f, addition, 0.5f, y, view<device, index_t>(indices),
                                    view<device, float>(values), {1, terse::purpose::sample}, temporary);
    });
    b("draw_support 1%", 3 * n / 8 + 16 * static_cast<double>(k), [&] {
        device::draw_support({1, terse::purpose::support}, d, view<device, index_t>(indices), temporary);
    });

    auto const plan = terse::count_sketch{}.plan(1);
    vector const table(plan.size());
    b("select_from_sketch 1%", 4 * n, [&] {
        device::select_from_sketch<float>(table, plan, y, k, view<device, index_t>(indices),
                                          view<device, float>(values), temporary);
    });

    terse::buffer<device, std::uint64_t> signs((d + 63) / 64);
    std::vector<terse::signed_by<device, float>> const eight(8, {0.5f, signs});
    b("sum_signs of 8", 4 * n + n, [&] { device::sum_signs<float>(eight, 0.125f, y); });

    std::vector<view<device, float const>> const vectors(8, x);
    b("sum_vectors of 8", 8 * 4 * n + 4 * n, [&] { device::sum_vectors<float>(vectors, 0.125f, y); });
    auto const m = std::max<std::size_t>(1, d / 10);
    terse::buffer<device, index_t> some(m);
    device::sequence(0, d / m, view<device, index_t>(some));
    std::vector<terse::sparse_entries<device, float>> const messages(8, {some, x.part(0, m)});
    b("sum_entries of 8 of 10%", 8 * 12 * static_cast<double>(m) + 8 * n,
      [&] { device::sum_entries<float>(messages, 0.125f, y); });

    terse::level_grid const grid{};
    vector units(grid.buckets(d));
    terse::buffer<device, std::uint64_t> levels(grid.words(d));
    std::vector<terse::levels_by<device, float>> const quantized(8, {levels, units, grid});
    device::quantize(x, grid, view<device, float>(units), view<device, std::uint64_t>(levels),
                     {1, terse::purpose::rounding});
    b("sum_levels of 8", 4 * n + 8 * n, [&] { device::sum_levels<float>(quantized, 0.125f, y); });
    b("take_quantized to 8 bits", 21 * n, [&] {
        device::take_quantized<float>(0.5f, x, 0.5f, y, grid, view<device, float>(units),
                                      view<device, std::uint64_t>(levels), {1, terse::purpose::rounding}, temporary);
    });
}

#else

void measure_kernels(bench&) {} // Thrust's host systems do without

#endif

} // namespace bench
