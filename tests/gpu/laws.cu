// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cmath>
#include <limits>
#include <type_traits>

#include "device.cuh"
#include "methods.hpp"

BOOST_AUTO_TEST_SUITE(laws)

using namespace terse;
using namespace terse_test;

namespace {

// [functor]
struct gradient_of_square {
    __host__ __device__ float operator()(float x) const { return 2 * x; }
};
// [functor]

template <class T, class Method>
std::vector<double> on_device(Method const& method, simulated cluster = {.workers = 3}) {
    return trajectory<thrust_device, T>(method, 1000, 10, cluster);
}

// The iterates alone: what was sent is counted at the end.
template <class T, class Method>
std::vector<double> iterates_on_device(Method const& method) {
    auto all = on_device<T>(method);
    all.resize(1000 * 10);
    return all;
}

double largest_difference(std::vector<double> const& a, std::vector<double> const& b) {
    BOOST_TEST_REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::fabs(a[i] - b[i]));
    return largest;
}

} // namespace

BOOST_AUTO_TEST_CASE(to_send_all_is_not_to_compress) {
    auto const all = iterates_on_device<float>(gmc({.ratio = 1.0}));
    BOOST_TEST(all == iterates_on_device<float>(gmc(identity{})));
    BOOST_TEST(all == iterates_on_device<float>(dmsgd()));
    BOOST_TEST(all != iterates_on_device<float>(gmc({.ratio = 0.5})));
}

BOOST_AUTO_TEST_CASE(detached_by_zero_is_standard) {
    BOOST_TEST(on_device<float>(gmc_plus({.ratio = 0.1, .lambda = 0.0})) == on_device<float>(gmc({.ratio = 0.1})));
    BOOST_TEST(on_device<float>(gmc_plus({.ratio = 0.1})) != on_device<float>(gmc({.ratio = 0.1})));
}

BOOST_AUTO_TEST_CASE(without_compression_it_is_the_same_where_momentum_lives) {
    auto const previous = momentum_lr::previous; // the local form keeps m when the learning rate changes
    auto const global = iterates_on_device<double>(dmsgd({.lr = previous}));
    BOOST_TEST(largest_difference(global, iterates_on_device<double>(dmsgd_local())) < 1e-12);
    BOOST_TEST(largest_difference(global, iterates_on_device<double>(gmc_server(identity{}, {.lr = previous}))) <
               1e-12);
    BOOST_TEST(largest_difference(global, iterates_on_device<double>(nesterov())) > 1e-3);
}

// What is sent and what stays is what was there, to the last bit where entries are selected.
template <class T>
void nothing_is_lost_in() {
    constexpr std::size_t d = 5000;
    std::vector<T> numbers(d);
    for (std::size_t i = 0; i < d; ++i) numbers[i] = static_cast<T>(random_stream(3, purpose::user).normal(i));
    scratch<thrust_device> temporary;
    context<thrust_device> at;
    at.temporary = &temporary;
    auto const check = [&](auto const& compressor) {
        auto e = upload<thrust_device>(numbers);
        auto const zero = upload<thrust_device>(std::vector<T>(d));
        message_of<std::decay_t<decltype(compressor)>, thrust_device, T> sent;
        take<thrust_device, T>(compressor, T(1), zero, T(1), e, sent, at);
        auto const left = download(view<thrust_device, T const>(e));
        BOOST_TEST(left != numbers);
        sent.add_to(T(1), view<thrust_device, T>(e));
        auto const together = download(view<thrust_device, T const>(e));
        double largest = 0;
        for (std::size_t i = 0; i < d; ++i)
            largest = std::max(largest, std::fabs(static_cast<double>(together[i]) - static_cast<double>(numbers[i])));
        return largest;
    };
    BOOST_TEST(check(identity{}) == 0);
    BOOST_TEST(check(top_k{.ratio = 0.03}) == 0);
    BOOST_TEST(check(sampled_top_k{.ratio = 0.03}) == 0);
    BOOST_TEST(check(threshold{.at_least = 1.0}) == 0);
    BOOST_TEST(check(random_k{.ratio = 0.03}) == 0);
    BOOST_TEST(check(random_block{.ratio = 0.7}) == 0);
    BOOST_TEST(check(blockwise<top_k>{.inner = {.ratio = 0.03}, .size = 999}) == 0);
    BOOST_TEST(check(scaled_sign{}) < 8 * std::numeric_limits<T>::epsilon());
}
BOOST_AUTO_TEST_CASE(nothing_is_lost) {
    nothing_is_lost_in<float>();
    nothing_is_lost_in<double>();
}

BOOST_AUTO_TEST_CASE(threads_do_not_change_the_bits) {
    auto const one = on_device<float>(dgc({.ratio = 0.1}), {.workers = 4});
    BOOST_TEST(one == on_device<float>(dgc({.ratio = 0.1}), {.workers = 4, .threads = 2}));
}

// GMC paper, Algorithm 1: a transcription in plain loops.
BOOST_AUTO_TEST_CASE(gmc_is_the_papers) {
    constexpr std::size_t d = 40, k = 4;
    constexpr std::uint32_t workers = 3;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        quadratics const f{d, seed};
        auto const beta = random_stream(seed, purpose::user).uniform(0);
        auto w_device = upload<thrust_device>(std::vector<double>(d, 1.0));
        auto run = train(gmc({.count = k, .beta = beta}), simulated{.workers = workers},
                         view<thrust_device, double>(w_device));
        auto const gradient = f.gradient<thrust_device, double>(workers);

        std::vector<double> w(d, 1.0), last(w);
        std::vector<std::vector<double>> e(workers, std::vector<double>(d));
        for (int t = 0; t < 20; ++t) {
            double const lr = t < 10 ? 0.3 : 0.1;
            std::vector<double> next = w;
            for (std::uint32_t j = 0; j < workers; ++j) {
                for (std::size_t i = 0; i < d; ++i)
                    e[j][i] += f.curvature(j, i) * (w[i] - f.center(j, i)) - beta / lr * (w[i] - last[i]);
                for (std::size_t n = 0; n < k; ++n) {
                    std::size_t best = 0;
                    for (std::size_t i = 1; i < d; ++i)
                        if (std::fabs(e[j][i]) > std::fabs(e[j][best])) best = i;
                    next[best] -= lr * e[j][best] / workers;
                    e[j][best] = 0; // sent
                }
            }
            last = w;
            w = next;
            run.step(lr, gradient);
            BOOST_TEST(largest_difference(download(run.w()), w) < 1e-11);
        }
    }
}

// DGC, Algorithms 1 and 2: momentum correction, factor masking, local clipping.
BOOST_AUTO_TEST_CASE(dgc_is_the_papers) {
    constexpr std::size_t d = 40, k = 4;
    constexpr std::uint32_t workers = 4;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        quadratics const f{d, seed};
        auto const beta = random_stream(seed, purpose::user).uniform(0);
        double const clip = 8;
        auto w_device = upload<thrust_device>(std::vector<double>(d, 1.0));
        auto run = train(dgc({.count = k, .beta = beta, .clip_norm = clip}), simulated{.workers = workers},
                         view<thrust_device, double>(w_device));
        auto const gradient = f.gradient<thrust_device, double>(workers);

        std::vector<double> w(d, 1.0);
        std::vector<std::vector<double>> u(workers, std::vector<double>(d)), v(u);
        int clipped = 0;
        for (int t = 0; t < 20; ++t) {
            double const lr = t < 10 ? 0.1 : 0.03;
            std::vector<double> next = w;
            for (std::uint32_t j = 0; j < workers; ++j) {
                std::vector<double> g(d);
                double squares = 0;
                for (std::size_t i = 0; i < d; ++i) {
                    g[i] = f.curvature(j, i) * (w[i] - f.center(j, i));
                    squares += g[i] * g[i];
                }
                double const limit = clip / std::sqrt(double{workers});
                bool const too_long = std::sqrt(squares) > limit;
                clipped += too_long ? 1 : 0;
                for (std::size_t i = 0; i < d; ++i) {
                    u[j][i] = beta * u[j][i] + (too_long ? g[i] * limit / std::sqrt(squares) : g[i]);
                    v[j][i] += u[j][i];
                }
                for (std::size_t n = 0; n < k; ++n) {
                    std::size_t best = 0;
                    for (std::size_t i = 1; i < d; ++i)
                        if (std::fabs(v[j][i]) > std::fabs(v[j][best])) best = i;
                    next[best] -= lr * v[j][best] / workers;
                    v[j][best] = u[j][best] = 0; // sent
                }
            }
            w = next;
            run.step(lr, gradient);
            BOOST_TEST(largest_difference(download(run.w()), w) < 1e-11);
        }
        BOOST_TEST(clipped > 0);
    }
}

// What is sorted or multiplied at a time is a matter of memory alone.
BOOST_AUTO_TEST_CASE(sketches_and_products_come_in_parts) {
    constexpr std::size_t d = 5003;
    std::vector<float> numbers(d);
    for (std::size_t i = 0; i < d; ++i) numbers[i] = static_cast<float>(random_stream(3, purpose::user).normal(i));
    auto y = upload<thrust_device>(numbers);
    view<thrust_device, float> const x = y;
    for (auto const& sketch : {count_sketch{.rows = 3, .columns = 48},
                               count_sketch{.rows = 1, .columns = 5, .hashing = sketch_hashing::classic}}) {
        auto const plan = sketch.plan(1);
        auto const table = [&](std::size_t at_once) {
            buffer<thrust_device, float> t(plan.size());
            accumulate_sketch<float>(0, {}, 0, x, plan, t, at_once);
            buffer<thrust_device, index_t> indices(d / 2);
            thrust_device::sequence(0, 2, view<thrust_device, index_t>(indices));
            view<thrust_device, index_t const> const even = indices;
            add_entries_to_sketch<float>(0.3f, even, x.part(0, d / 2), plan, t, at_once);
            auto const before = download(view<thrust_device, float const>(t));
            clear_in_sketch<float>(even.part(0, 9), plan, t, at_once);
            BOOST_TEST(download(view<thrust_device, float const>(t)) != before);
            return before;
        };
        BOOST_TEST(table(1 << 20) == table(100));
    }
    matrix_shape const s{50, 100, 5};
    auto const q = upload<thrust_device>(std::vector<float>(numbers.begin(), numbers.begin() + 500));
    auto const left = upload<thrust_device>(std::vector<float>(numbers.begin(), numbers.begin() + 250));
    auto const product = [&](std::size_t rows_at_once) {
        auto matrix = y;
        buffer<thrust_device, float> p(s.rows * s.rank);
        accumulate_product<float>(2, x.part(0, 5000), {left, q}, 0.5f, matrix.part(0, 5000), s, q, p, rows_at_once);
        auto all = download(view<thrust_device, float const>(p));
        for (auto const z : download(view<thrust_device, float const>(matrix))) all.push_back(z);
        return all;
    };
    BOOST_TEST(product(100) == product(7));
}

// Host memory does not pass for device memory, nor the other way round.
static_assert(!std::is_convertible_v<view<cpu, float>, view<thrust_device, float>>);
static_assert(!std::is_convertible_v<view<thrust_device, float>, view<cpu, float>>);

BOOST_AUTO_TEST_CASE(a_device_vector_is_trained_in_place) {
    // [train]
    thrust::device_vector<float> w(1000, 1.0f);
    auto run = terse::train(terse::gmc({.ratio = 0.1}), terse::simulated{.workers = 8}, w);
    run.step(0.1, [](terse::worker_context, auto x, auto g) {
        thrust::transform(thrust::device, x.data(), x.data() + x.size(), g.data(), gradient_of_square());
    });
    // [train]
    BOOST_TEST(static_cast<float>(w[99]) == 1 - 0.1f * 2);
    BOOST_TEST(static_cast<float>(w[100]) == 1.0f); // ties go to the lowest index
    BOOST_TEST(run.w().data() == thrust::raw_pointer_cast(w.data()));
}

BOOST_AUTO_TEST_CASE(a_failed_step_changes_nothing) {
    thrust::device_vector<float> w(1000, 1.0f);
    float* const memory = thrust::raw_pointer_cast(w.data());
    // [pointer]
    terse::view<terse::thrust_device, float> const mine(memory, 1000);
    auto run = terse::train(terse::gmc({.ratio = 0.1}), terse::simulated{.workers = 3}, mine);
    // [pointer]
    auto const good = [](worker_context, auto x, auto g) { thrust_device::copy(x, g); };
    auto const bad = [](worker_context at, auto x, auto g) {
        thrust_device::copy(x, g);
        if (at.worker == 1) thrust_device::fill(g.part(700, 2), std::numeric_limits<float>::infinity());
    };
    run.step(0.1, good);
    auto const before = download(run.w());
    BOOST_CHECK_EXCEPTION(run.step(0.1, bad), non_finite_error, [](non_finite_error const& e) {
        return e.worker == 1 && e.round == 1 && e.coordinate == 700;
    });
    BOOST_TEST(download(run.w()) == before);
    run.step(0.1, good);
    BOOST_TEST(download(run.w()) != before);
}

BOOST_AUTO_TEST_SUITE_END()
