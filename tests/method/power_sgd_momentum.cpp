// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include <terse/cluster/solo.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/power_sgd_momentum.hpp>

#include "oracle/follow.hpp"

using namespace oracle;

namespace {

// The vector of a random run cut into matrices and rows.
terse::layout random_layout(random_run const& run) {
    std::vector<terse::segment> segments;
    for (std::size_t at = 0, i = 0; at < run.dimension; ++i) {
        auto const left = run.dimension - at;
        auto const rows = between(1, std::min<std::size_t>(left, 5), uniform({run.seed, 31, i}));
        auto const cols = between(1, left / rows, uniform({run.seed, 32, i}));
        segments.push_back({"s" + std::to_string(i), rows, cols});
        at += rows * cols;
    }
    return terse::layout(segments);
}

std::size_t random_rank(random_run const& run) { return between(1, 4, uniform({run.seed, 33})); }

// PowerSGD paper, Algorithms 1 and 2, matrix by matrix.
struct paper {
    random_run const& run;
    terse::layout const& layers;
    std::size_t rank;
    terse::power_sgd_momentum_options o;
    numbers w = run.start;
    numbers m = zeros(run);
    std::vector<numbers> e = zeros_for_each_worker(run);
    std::vector<numbers> query = std::vector<numbers>(layers.count());

    // Every column four times against those before it, whether it needs that or not.
    static void orthonormalise(numbers& p, std::size_t n, std::size_t r) { // p[i * r + k]
        for (std::size_t k = 0; k < r; ++k)
            for (int again = 0; again < 4; ++again) {
                for (std::size_t l = 0; l < k; ++l) {
                    double along = 0;
                    for (std::size_t i = 0; i < n; ++i) along += p[i * r + k] * p[i * r + l];
                    for (std::size_t i = 0; i < n; ++i) p[i * r + k] -= along * p[i * r + l];
                }
                double length = 0;
                for (std::size_t i = 0; i < n; ++i) length += p[i * r + k] * p[i * r + k];
                for (std::size_t i = 0; i < n && length > 0; ++i) p[i * r + k] /= std::sqrt(length);
            }
    }

    void step(std::uint64_t t, double lr) {
        auto const workers = static_cast<double>(run.workers);
        for (std::size_t k = 0; k < run.workers; ++k) {
            auto const g = run.gradient(k, t, w);
            for (std::size_t i = 0; i < run.dimension; ++i) e[k][i] += g[i];
        }
        numbers u = zeros(run);
        terse::random_stream const normal(run.seed, terse::purpose::query, terse::shared_by_all, t, 0);
        std::size_t drawn = 0; // numbers of the query, whose columns lie one after the other
        for (std::size_t s = 0; s < layers.count(); ++s) {
            auto const first = layers.offset(s), n = layers[s].rows, c = layers[s].cols;
            if (n == 1 || c == 1) {
                for (std::size_t i = first; i < first + n * c; ++i)
                    for (auto& v : e) {
                        u[i] += v[i] / workers;
                        v[i] = 0;
                    }
                continue;
            }
            auto const r = std::min({rank, n, c});
            auto& q = query[s]; // q[j * r + k]
            if (q.empty() || !o.warm_start) {
                q.resize(c * r);
                for (std::size_t k = 0; k < r; ++k)
                    for (std::size_t j = 0; j < c; ++j) q[j * r + k] = normal.normal(drawn + k * c + j);
            }
            drawn += c * r;
            numbers p(n * r);
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t k = 0; k < r; ++k)
                    for (auto const& v : e)
                        for (std::size_t j = 0; j < c; ++j)
                            p[i * r + k] += v[first + i * c + j] * q[j * r + k] / workers;
            orthonormalise(p, n, r);
            std::vector<numbers> own(run.workers, numbers(c * r));
            q.assign(c * r, 0);
            for (std::size_t j = 0; j < c; ++j)
                for (std::size_t k = 0; k < r; ++k)
                    for (std::size_t worker = 0; worker < run.workers; ++worker) {
                        for (std::size_t i = 0; i < n; ++i)
                            own[worker][j * r + k] += e[worker][first + i * c + j] * p[i * r + k];
                        q[j * r + k] += own[worker][j * r + k] / workers;
                    }
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < c; ++j)
                    for (std::size_t k = 0; k < r; ++k) {
                        u[first + i * c + j] += p[i * r + k] * q[j * r + k];
                        for (std::size_t worker = 0; worker < run.workers; ++worker)
                            e[worker][first + i * c + j] -=
                                p[i * r + k] *
                                (o.keeps == terse::power_sgd::residual::local ? own[worker] : q)[j * r + k];
                    }
        }
        for (std::size_t i = 0; i < run.dimension; ++i) {
            m[i] = run.beta * m[i] + u[i];
            w[i] -= lr * (o.adds_update ? u[i] + m[i] : m[i]);
        }
    }
};

void follow_paper(random_run const& run, terse::power_sgd_momentum_options o) {
    auto const layers = random_layout(run);
    o.rank = random_rank(run);
    o.beta = run.beta;
    // Where V_k loses a dimension, a column of the warm query is rounding, and so the tolerance is wider than
    // elsewhere.
    follow(run, run.around(terse::power_sgd_momentum(layers, o)), paper{run, layers, o.rank, o}, 1e-7);
}

template <class Method>
numbers end_of(random_run const& run, Method const& method) {
    numbers w = run.start;
    auto sgd = terse::train(method, run.cluster(), w, {.seed = run.seed});
    for (auto const lr : run.lr) sgd.step(lr, run.callback());
    return w;
}

// Gradients like those of a network: of a lower rank than the matrices, rows that sum to zero, rows of zeros, and
// whole matrices of zeros in some rounds, the first among them.
template <class T>
void low_rank_gradient(std::uint64_t seed, terse::layout const& layers, terse::worker_context at, std::span<T const> x,
                       std::span<T> g) {
    for (std::size_t s = 0; s < layers.count(); ++s) {
        auto const rows = layers[s].rows, cols = layers[s].cols;
        auto const part = g.subspan(layers.offset(s), rows * cols);
        std::ranges::fill(part, T(0));
        if ((at.round + s) % 4 == 0) continue;
        auto const rank = between(1, 3, uniform({seed, s, at.round, 1}));
        for (std::size_t l = 0; l < rank; ++l) {
            std::vector<T> a(rows), b(cols);
            T mean = 0;
            for (std::size_t i = 0; i < rows; ++i) {
                a[i] = i % 4 == at.round % 4 ? T(0) : static_cast<T>(2 * uniform({seed, s, at.round, l, i}) - 1);
                mean += a[i] / static_cast<T>(rows);
            }
            if (s % 2 == 0)
                for (auto& v : a) v -= mean;
            for (std::size_t j = 0; j < cols; ++j)
                b[j] = static_cast<T>(uniform({seed, s, at.round, at.worker, l, j, 2})) + x[layers.offset(s) + j] / 8;
            for (std::size_t i = 0; i < rows; ++i)
                for (std::size_t j = 0; j < cols; ++j) part[i * cols + j] += a[i] * b[j];
        }
    }
}

using scalars = std::tuple<float, double>;

} // namespace

BOOST_AUTO_TEST_SUITE(power_sgd_momentum_tests)

BOOST_AUTO_TEST_CASE(follows_algorithms_1_and_2) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        follow_paper(run, {});
        follow_paper(run, {.adds_update = true, .warm_start = false});
        follow_paper(run, {.keeps = terse::power_sgd::residual::local});
    });
}

BOOST_AUTO_TEST_CASE(the_iterates_are_the_same_with_both_residuals) {
    int different = 0;
    for_many_runs({kind::identity}, [&](random_run const& run) {
        auto const layers = random_layout(run);
        terse::power_sgd_momentum_options o{.rank = random_rank(run), .beta = run.beta, .warm_start = false};
        numbers w[2]{run.start, run.start};
        auto one = terse::train(terse::power_sgd_momentum(layers, o), run.cluster(), w[0], {.seed = run.seed});
        o.keeps = terse::power_sgd::residual::local;
        auto other = terse::train(terse::power_sgd_momentum(layers, o), run.cluster(), w[1], {.seed = run.seed});
        for (std::size_t t = 0; t < run.lr.size(); ++t) {
            one.step(run.lr[t], run.callback());
            other.step(run.lr[t], run.callback());
            require_close("w", run, t, w[0], w[1], 1e-9);
        }
        different += difference(one.residual(0), other.residual(0)) > 1e-3;
    });
    BOOST_TEST(different > 10); // the residuals are not
}

BOOST_AUTO_TEST_CASE(workers_together_are_one_worker_on_the_mean) {
    for_many_runs({kind::identity}, [&](random_run const& run) {
        auto const method =
            terse::power_sgd_momentum(random_layout(run), {.rank = random_rank(run), .warm_start = false});
        numbers w[2]{run.start, run.start};
        auto many = terse::train(method, run.cluster(), w[0], {.seed = run.seed});
        auto one = terse::train(method, terse::solo{}, w[1], {.seed = run.seed});
        for (std::size_t t = 0; t < run.lr.size(); ++t) {
            many.step(run.lr[t], run.callback());
            one.step(run.lr[t], [&](terse::worker_context, auto x, auto g) {
                numbers each(run.dimension);
                for (auto& y : g) y = 0;
                for (std::size_t k = 0; k < run.workers; ++k) {
                    run.user_gradient(k, t, x, each);
                    for (std::size_t i = 0; i < each.size(); ++i) g[i] += each[i] / static_cast<double>(run.workers);
                }
            });
            require_close("w", run, t, w[0], w[1], 1e-9);
        }
    });
}

BOOST_AUTO_TEST_CASE(full_rank_is_momentum_sgd) {
    for_many_runs({kind::identity}, [](random_run const& run) {
        auto const exact = end_of(run, terse::dmsgd({.beta = run.beta, .lr = terse::momentum_lr::previous}));
        for (bool const warm : {false, true})
            require_close("w", run, run.lr.size(), exact,
                          end_of(run, terse::power_sgd_momentum(random_layout(run),
                                                                {.rank = 20, .beta = run.beta, .warm_start = warm})),
                          1e-10);
    });
}

// Columns that depend on each other leave rounding when they are made orthonormal, and a query that has lost a column
// must find it again.
BOOST_AUTO_TEST_CASE_TEMPLATE(full_rank_is_momentum_sgd_of_whatever_rank_the_gradients_are, T, scalars) {
    terse::layout const layers({{"tall", 9, 4}, {"wide", 5, 12}, {"square", 6, 6}, {"bias", 6}});
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        for (bool const warm : {false, true}) {
            std::vector<T> exact(layers.size(), T(1)), full = exact;
            terse::simulated const cluster{.workers = 3};
            auto one = terse::train(terse::dmsgd({.lr = terse::momentum_lr::previous}), cluster, exact, {.seed = seed});
            auto other = terse::train(terse::power_sgd_momentum(layers, {.rank = 12, .warm_start = warm}), cluster,
                                      full, {.seed = seed});
            double worst = 0;
            for (int t = 0; t < 60; ++t) {
                auto const gradient = [&](terse::worker_context at, auto x, auto g) {
                    low_rank_gradient<T>(seed, layers, at, std::span<T const>(x.data(), x.size()),
                                         std::span<T>(g.data(), g.size()));
                };
                one.step(0.02, gradient);
                other.step(0.02, gradient);
                for (std::size_t i = 0; i < exact.size(); ++i)
                    worst = std::max(worst, std::fabs(static_cast<double>(exact[i]) - static_cast<double>(full[i])));
            }
            BOOST_TEST(worst < 100 * static_cast<double>(std::numeric_limits<T>::epsilon()),
                       "seed " << seed << ", warm " << warm << ": " << worst);
        }
}

BOOST_AUTO_TEST_CASE(traffic_is_that_of_the_factors_both_ways) {
    std::vector<float> w(3 * 5 + 4);
    terse::layout const layers({{"matrix", 3, 5}, {"bias", 4}});
    auto run = terse::train(terse::power_sgd_momentum(layers, {.rank = 2}), terse::simulated{.workers = 3}, w);
    auto const gradient = [](terse::worker_context at, auto x, auto g) {
        for (std::size_t i = 0; i < g.size(); ++i) g[i] = x[i] + static_cast<float>((i * i + at.worker) % 7);
    };
    run.step(0.1, gradient);
    run.step(0.1, gradient);
    std::uint64_t const each = 32 + 4 * (3 * 2 + 4) + 32 + 4 * (5 * 2);
    BOOST_TEST(run.traffic().round.up == 3 * each);
    BOOST_TEST(run.traffic().round.down == 3 * each);
    BOOST_TEST(run.traffic().total.up == 2 * 3 * each);
    BOOST_TEST(run.traffic().by_kind[static_cast<std::size_t>(terse::wire::kind::dense)].up == 2 * 3 * each);
    BOOST_TEST(run.traffic().floats == 2 * 2 * 3 * (3 * 2 + 4 + 5 * 2));
}

BOOST_AUTO_TEST_SUITE_END()
