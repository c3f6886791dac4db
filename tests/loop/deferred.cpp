// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/inputs.hpp>

BOOST_AUTO_TEST_SUITE(deferred)

using namespace terse;
using scalars = std::tuple<float, double>;

// scaled_sign in the generic form: accumulate, compress, subtract.
struct at_once {
    scaled_sign inner{};

    template <class B, class T>
    using message = sign_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, sign_message<B, T>& out, context<B> at) const {
        inner.compress<B, T>(in, out, at);
    }
};

// power_sgd that takes off in the conference what it would leave.
struct talks_at_once {
    power_sgd inner{};

    template <class B, class T>
    struct shared_state : power_sgd::shared_state<B, T> {
        void reset(talks_at_once const& p, std::size_t n) { power_sgd::shared_state<B, T>::reset(p.inner, n); }
    };
    template <class B, class T>
    struct round_memory : power_sgd::round_memory<B, T> {
        void reset(talks_at_once const& p, std::size_t n, std::size_t hosted) {
            power_sgd::round_memory<B, T>::reset(p.inner, n, hosted);
        }
    };

    template <class B, class T>
    void begin(shared_state<B, T>& shared, context<B> at) const {
        inner.begin<B, T>(shared, at);
    }
    template <class B, class T>
    std::size_t open(T a, input<B, T> x, T b, view<B, T> y, shared_state<B, T> const& shared,
                     round_memory<B, T>& memory, std::size_t i, context<B> at) const {
        return inner.open<B, T>(a, x, b, y, shared, memory, i, at);
    }
    template <class Cluster, class B, class T>
    void confer(Cluster& cluster, shared_state<B, T>& shared, round_memory<B, T>& memory, update<B, T>& u) const {
        inner.confer<Cluster, B, T>(cluster, shared, memory, u);
        cluster.for_each(
            [&](std::size_t i, context<B>) { power_sgd::settle<B, T>(memory.rest[i], cluster.vector(i)); });
    }
};

constexpr std::size_t d = 200;

// A gradient that depends on everything that it is given; now and then it is not finite.
template <class T>
auto gradient(bool fails) {
    return [fails](worker_context at, auto x, auto g) {
        auto const random = at.random(purpose::user);
        for (std::size_t i = 0; i < d; ++i) g[i] = x[i] + static_cast<T>(random.uniform(i) - 0.5);
        if (fails && at.worker == 1 && at.round % 7 == 5) g[d / 2] = std::numeric_limits<T>::quiet_NaN();
    };
}

// Two runs, one of which is looked at in all ways that need the true residual, at various times.
template <class T, class M, class N>
void check(M const& method, N const& reference, std::uint32_t in_flight, bool fails) {
    static_assert(lockstep_worker<M, cpu, T>::defers && !lockstep_worker<N, cpu, T>::defers);
    std::vector<T> w(d, T(1)), v = w, corrected(d), expected(d);
    simulated const cluster{.workers = 3, .threads = 2, .gradients_in_flight = in_flight};
    train_options const options{.seed = 5, .on_non_finite = non_finite::skip_round};
    auto run = train(method, cluster, w, options);
    auto plain = train(reference, cluster, v, options);
    for (std::uint64_t t = 0; t < 60; ++t) {
        double const lr = t < 30 ? 0.1 : 0.01;
        run.measure_health(t % 11 == 9);
        plain.measure_health(t % 11 == 9);
        run.step(lr, gradient<T>(fails));
        plain.step(lr, gradient<T>(fails));
        BOOST_TEST_REQUIRE(testing::same_bits(w, v), "round " << t);
        if (t % 11 == 9) {
            auto const own = run.health(), expected_health = plain.health();
            BOOST_TEST(own.residual_norm == expected_health.residual_norm);
            BOOST_TEST(own.contraction == expected_health.contraction);
        }
        if (t % 5 == 2) {
            run.corrected(corrected);
            plain.corrected(expected);
            BOOST_TEST_REQUIRE(testing::same_bits(corrected, expected), "round " << t);
        }
        if (t % 3 == 1)
            for (std::size_t k = 0; k < 3; ++k)
                BOOST_TEST_REQUIRE(
                    testing::same_bits(testing::to_host(run.residual(k)), testing::to_host(plain.residual(k))));
        if (t == 40) {
            auto const saved = save_state(run, "");
            run.step(lr, gradient<T>(fails));
            load_state(run, saved, "");
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(subtraction_has_the_same_bits, T, scalars) {
    for (std::uint32_t const in_flight : {0u, 1u})
        for (bool const fails : {false, in_flight == 0}) // with all gradients in flight, a bad one changes nothing
            for (auto const unit : {units::gradient, units::gradient_rescaled, units::model})
                for (std::uint64_t const average_every : {0u, 4u}) {
                    standard_feedback const feedback{.units = unit, .average_every = average_every};
                    check<T>(compose(scaled_sign{}, global_momentum{}, feedback),
                             compose(at_once{}, global_momentum{}, feedback), in_flight, fails);
                }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(low_rank_subtraction_has_the_same_bits, T, scalars) {
    layout const matrices({{"first", 10, 12}, {"bias", 30, 1}, {"second", 5, 10}});
    for (std::size_t const rank : {1u, 2u, 4u, 5u})
        for (auto const keeps : {power_sgd::residual::aggregated, power_sgd::residual::local})
            for (std::uint64_t const average_every : {0u, 4u}) {
                power_sgd const inner{.rank = rank, .layout = matrices, .keeps = keeps};
                standard_feedback const feedback{.units = units::gradient_rescaled, .average_every = average_every};
                check<T>(compose(inner, server_momentum{}, feedback),
                         compose(talks_at_once{inner}, server_momentum{}, feedback), 0, true);
                // Momentum of the workers' own.
                check<T>(compose(inner, local_momentum{}, feedback),
                         compose(talks_at_once{inner}, local_momentum{}, feedback), 0, false);
            }
}

BOOST_AUTO_TEST_SUITE_END()
