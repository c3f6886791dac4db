// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Levels, sketches and low-rank factors, and the generator of random numbers by itself.
#include <cstddef>
#include <cstdint>
#include <string>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;
using in = view<cpu, float const>;
using out = view<cpu, float>;

// make(d) gives work(e, g), which reads this many vectors of floats.
template <class Make>
void add(std::string const& name, std::size_t d, double vectors_read, Make make) {
    add_benchmark({name, d}, [=](benchmark::State& state, benchmark_row const& row) {
        auto& x = vectors_of<float>(row.d, row.input);
        auto work = make(row.d, in(x.g()));
        against_addition<float>(state, row, x, vectors_read * sizeof(float) * static_cast<double>(row.d), work);
    });
}

#if defined(__x86_64__)
// Sixteen random bits for each coordinate, 256 coordinates after the other in the same place.
template <class Make>
void draw(terse::random_stream const& random, std::size_t d, Make make) {
    terse::group_draws draws(random);
    for (std::size_t four = 0; four < d / 256; ++four) {
        make(draws, four);
        benchmark::DoNotOptimize(draws.room.data());
        benchmark::ClobberMemory();
    }
}
#endif

void add_levels(std::size_t d, unsigned bits) {
    add("add " + std::to_string(bits) + "-bit levels", d, 1 + bits / 32.0, [bits](std::size_t n, in g) {
        terse::context<cpu> const at;
        terse::level_message<cpu, float> message;
        terse::qsgd{.bits = bits}.compress(terse::input<cpu, float>(g), message, at);
        (void)n;
        return [message](out e, in) { message.add_to(-0.5F, e); };
    });
}

void add_sketch(std::size_t d, std::size_t columns, terse::sketch_hashing how) {
    std::string const kind =
        std::string(how == terse::sketch_hashing::classic ? "classic " : "") + "sketch, 5 x " + std::to_string(columns);
    terse::sketch_plan const plan(5, columns, how, terse::random_stream(1, terse::purpose::hashing));
    add(kind + ", insert", d, 1, [plan](std::size_t, in) {
        return [plan, table = terse::buffer<cpu, float>(plan.size())](out e, in) mutable {
            cpu::accumulate_sketch<float>(1.0F, {}, 1.0F, e, plan, out(table));
        };
    });
    add(kind + ", insert e + g", d, 2, [plan](std::size_t, in) {
        return [plan, table = terse::buffer<cpu, float>(plan.size())](out e, in g) mutable {
            cpu::accumulate_sketch<float>(1.0F, g, 1.0F, e, plan, out(table));
        };
    });
    add(kind + ", recover", d, 1, [plan](std::size_t, in g) {
        terse::buffer<cpu, float> table(plan.size()), copy(g.size());
        cpu::copy(g, out(copy));
        cpu::accumulate_sketch<float>(1.0F, {}, 1.0F, out(copy), plan, out(table));
        return [plan, table](out e, in) { cpu::estimate_from_sketch<float>(in(table), plan, e); };
    });
}

// A worker's part of PowerSGD with feedback: two passes over its matrix, of which the first takes the last round's
// factors off; what the cluster does between them is left out.
void add_low_rank(std::size_t rows, std::size_t cols, std::size_t rank) {
    add("power_sgd rank " + std::to_string(rank) + ", local step", rows * cols, 2, [=](std::size_t, in g) {
        terse::matrix_shape const shape{rows, cols, rank};
        terse::buffer<cpu, float> p(rows * rank), q(cols * rank), last_p(rows * rank);
        cpu::copy(g.part(0, q.size()), out(q));
        return [shape, p, q, last_p, last_q = q](out e, in x) mutable {
            cpu::accumulate_product<float>(1.0F, x, {in(last_p), in(last_q)}, 0.5F, e, shape, in(q), out(p));
            cpu::orthonormalise(out(p), shape.rows, shape.rank);
            cpu::transposed_product<float>(in(e), shape, in(p), out(q));
        };
    });
}

benchmarks const few_numbers([] {
    for (auto const d : options().sizes({25'000'000}, {1'000'000, 25'000'000})) {
#if defined(__x86_64__)
        auto const add_draws = [d](char const* name, terse::instruction_set form, auto make) {
            if (!terse::supported(form)) return;
            add(name, d, 0, [make](std::size_t n, in) {
                return [n, make, random = terse::random_stream(1, terse::purpose::rounding)](out, in) {
                    draw(random, n, make);
                };
            });
        };
        add_draws("random bits for rounding, AVX2", terse::instruction_set::avx2, terse::avx2::make);
        add_draws("random bits for rounding, AVX-512", terse::instruction_set::avx512, terse::avx512::make);
#endif
        for (unsigned const bits : {8u, 4u}) add_levels(d, bits);
        for (std::size_t const columns : {10'000u, 100'000u}) {
            add_sketch(d, columns, terse::sketch_hashing::blocks);
            if (options().full()) add_sketch(d, columns, terse::sketch_hashing::classic);
        }
    }
    if (options().smoke()) add_low_rank(20, 50, 4);
    if (!options().smoke() && !options().instructions) add_low_rank(4096, 6144, 4);
});

} // namespace
