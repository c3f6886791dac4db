// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#backend
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <memory>

// [vector]
/// A vector type that says neither data() nor size().
struct parameters {
    std::unique_ptr<double[]> numbers;
    std::size_t how_many;
};

template <>
struct terse::vector_traits<parameters> {
    using backend = terse::cpu;
    using scalar = double;
    static terse::view<terse::cpu, double> of(parameters& p) { return {p.numbers.get(), p.how_many}; }
};
// [vector]

static_assert(terse::Backend<terse::cpu, float> && terse::Backend<terse::cpu, double>);

int main() {
    auto const toy = terse::toy_2();
    parameters w{std::make_unique<double[]>(2), 2};
    w.numbers[0] = w.numbers[1] = 10;
    auto run = terse::train(terse::dmsgd(), terse::simulated{.workers = 2}, w);
    for (int t = 0; t < 1000; ++t)
        run.step(0.005, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
    return w.numbers[0] * w.numbers[0] < 1e-20 ? 0 : 1;
}
