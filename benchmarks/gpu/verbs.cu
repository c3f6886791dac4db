// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "measure.cuh"

#include <cmath>

namespace bench {

using terse::index_t;
using terse::view;

void measure_verbs(bench& b) {
    auto const d = b.dimension();
    auto const n = static_cast<double>(d);
    auto const x = made(d, 1);
    auto y_memory = made(d, 2);
    view<device, float> const y = y_memory;
    terse::scratch<device> temporary;

    b("copy", 8 * n, [&] { device::copy(x, y); });
    b("fill", 4 * n, [&] { device::fill(y, 0.5f); });
    b("axpby", 12 * n, [&] { device::axpby(0.5f, x, 0.5f, y); });
    b("combine", 12 * n, [&] { device::combine(x, 0.5f, y, y); });
    b("sum", 4 * n, [&] { device::sum(y); });
    b("sum_of_squares", 4 * n, [&] { device::sum_of_squares(y); });
    b("first_non_finite", 4 * n, [&] { device::first_non_finite(y); });

    auto const k = std::max<std::size_t>(1, d / 100);
    terse::buffer<device, index_t> indices(d);
    vector values(d);
    view<device, index_t> const some = indices.part(0, k);
    b("select_largest 1%", 4 * n, [&] { device::select_largest(x, k, some, values.part(0, k), temporary); });
    b("nth_magnitude 1%", 4 * n, [&] { device::nth_magnitude(view<device, float const>(x), k, temporary); });
    b("select_at_least", 4 * n,
      [&] { device::select_at_least(x, 1.5f, view<device, index_t>(indices), view<device, float>(values)); });
    device::sequence(0, d / k, some);
    b("scatter_axpy 1%", 20 * static_cast<double>(k), [&] { device::scatter_axpy(0.5f, some, values.part(0, k), y); });
    for (std::size_t const workers : {8u, 64u}) {
        auto const few = std::min(k, d / workers);
        std::vector<terse::sparse_entries<device, float>> messages(workers, {some.part(0, few), x.part(0, few)});
        b("merge " + std::to_string(workers) + " of 1%", 12 * static_cast<double>(workers * few), [&] {
            device::merge<float>(messages, d, view<device, index_t>(indices), view<device, float>(values), temporary);
        });
    }

    terse::buffer<device, std::uint64_t> signs((d + 63) / 64);
    b("pack_signs", 4 * n + n / 8,
      [&] { device::pack_signs(view<device, float const>(x), view<device, std::uint64_t>(signs)); });
    b("add_signs", 8 * n + n / 8, [&] { device::add_signs(0.5f, signs, y); });
    terse::random_stream const random(1, terse::purpose::rounding);
    terse::level_grid const grid{};
    vector units(grid.buckets(d));
    terse::buffer<device, std::uint64_t> levels(grid.words(d));
    b("quantize to 8 bits", 5 * n,
      [&] { device::quantize(x, grid, view<device, float>(units), view<device, std::uint64_t>(levels), random); });
    b("add_levels", 9 * n, [&] { device::add_levels(0.5f, levels, units, grid, y); });
    b("round_to_powers", 8 * n, [&] { device::round_to_powers(x, y, random); });
    b("round_values to bf16", 8 * n,
      [&] { device::round_values(terse::wire::precision::bf16, y, view<device, float>()); });

    for (auto const how : {terse::sketch_hashing::blocks, terse::sketch_hashing::classic}) {
        if (how == terse::sketch_hashing::classic && d > 100'000'000) continue; // for comparison, not for speed
        std::string const name = how == terse::sketch_hashing::blocks ? "sketch" : "sketch, classic";
        terse::count_sketch const sketch{.hashing = how};
        auto const plan = sketch.plan(1);
        vector table(plan.size());
        b("accumulate_" + name, 12 * n,
          [&] { device::accumulate_sketch(0.5f, x, 0.5f, y, plan, view<device, float>(table)); });
        b("estimate_from_" + name, 4 * n, [&] { device::estimate_from_sketch(table, plan, y); });
        if (how == terse::sketch_hashing::blocks) // once for a plan; what is written
            b("order of a sketch", n / 4 * static_cast<double>(sketch.rows),
              [&] { terse::order_of<device>(sketch.plan(1), d); });
    }

    auto const rows = static_cast<std::size_t>(std::sqrt(n));
    terse::matrix_shape const s{rows, rows, std::min<std::size_t>(4, rows)};
    auto const size = s.rows * s.cols;
    auto const bytes = static_cast<double>(size) * 4;
    auto p_memory = made(s.rows * s.rank, 3), q_memory = made(s.cols * s.rank, 4);
    view<device, float> const p = p_memory, q = q_memory, matrix = y.part(0, size);
    b("accumulate_product", 3 * bytes,
      [&] { device::accumulate_product(0.5f, x.part(0, size), 0.5f, matrix, s, q, p); });
    b("orthonormalise", 8 * static_cast<double>(p.size()), [&] { device::orthonormalise(p, s.rows, s.rank); });
    b("transposed_product", bytes, [&] { device::transposed_product(matrix, s, p, q); });
    b("add_outer_product", 2 * bytes, [&] { device::add_outer_product(-0.5f, p, q, s, matrix); });
}

} // namespace bench
