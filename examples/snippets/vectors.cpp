// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/vectors.md
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <Eigen/Core>

#include <array>
#include <span>
#include <vector>

namespace {

auto const gradient = [](terse::worker_context at, auto x, auto g) {
    static auto const toy = terse::toy_2();
    toy.problem.gradient(at.worker, x, g);
};

template <class Run>
void some_steps(Run& run) {
    for (int t = 0; t < 100; ++t) run.step(0.005, gradient);
}

} // namespace

int main() {
    auto const method = terse::gmc({.ratio = 0.5});
    terse::simulated const cluster{.workers = 2};

    // [kinds]
    std::vector<double> numbers{10, 10};
    auto a = terse::train(method, cluster, numbers);

    Eigen::VectorXd vector = Eigen::VectorXd::Constant(2, 10.0);
    auto b = terse::train(method, cluster, vector);

    std::array<double, 2> memory{10, 10};
    auto c = terse::train(method, cluster, std::span(memory)); // a span, a map or a view may be a temporary:
    std::array<double, 2> mapped{10, 10};
    auto d =
        terse::train(method, cluster, Eigen::Map<Eigen::VectorXd>(mapped.data(), 2)); // the numbers must outlive it
    // [kinds]
    some_steps(a), some_steps(b), some_steps(c), some_steps(d);

    Eigen::VectorXd w = Eigen::VectorXd::Constant(2, 10.0);
    Eigen::DiagonalMatrix<double, 2> const matrix(1.0, 3.0);
    Eigen::Vector2d const center(200, -100);
    auto run = terse::train(terse::dsgd(), terse::solo{}, w);
    // [eigen]
    run.step(0.05, [&](terse::worker_context, auto x, auto g) {
        terse::as_eigen(g) = matrix * (terse::as_eigen(x) - center); // Eigen maps over the same memory
    });
    // [eigen]
    // [span]
    run.step(0.05, [&](terse::worker_context, std::span<double const> x, std::span<double> g) {
        g[0] = 1 * (x[0] - 200);
        g[1] = 3 * (x[1] + 100);
    });
    // [span]

    bool const same = numbers[0] == vector[0] && numbers[0] == memory[0] && numbers[0] == mapped[0] && numbers[0] != 10;
    return same && w[0] > 10 ? 0 : 1;
}
