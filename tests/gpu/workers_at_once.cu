// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "device.cuh"
#include "examples.cuh"
#include "host/kernels.hpp"

// What several workers take in launches that they share.
BOOST_AUTO_TEST_SUITE(workers_at_once)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;

template <class T>
using buffers = std::vector<buffer<thrust_device, T>>;

/// Workers with vectors of their own; each takes k entries.
template <class T>
struct team {
    std::vector<example<T>> of;
    buffers<T> g, m, e;
    buffers<index_t> indices;
    buffers<T> values;
    scratch<thrust_device> temporary;

    team(std::vector<example<T>> all, std::size_t workers, std::size_t k) : of(std::move(all)) {
        of.resize(std::min(workers, of.size()));
        for (auto const& [name, x] : of) {
            g.push_back(upload<thrust_device>(x));
            m.push_back(upload<thrust_device>(std::vector<T>(x.rbegin(), x.rend())));
            e.push_back(upload<thrust_device>(std::vector<T>(x.size(), T(0.25))));
            indices.emplace_back(k);
            values.emplace_back(k);
        }
    }

    view<thrust_device, T const> addend(std::size_t i, view<thrust_device, T const> const*) { return g[i]; }
    momentum_step<thrust_device, T> addend(std::size_t i, momentum_step<thrust_device, T> const*) {
        return {T(0.9), g[i], m[i], i % 2 == 0};
    }
    added_before<thrust_device, T> addend(std::size_t i, added_before<thrust_device, T> const*) {
        return {T(-0.6), m[i], g[i]};
    }
    template <class G>
    largest_take<thrust_device, T, G> take(std::size_t i) {
        return {T(0.5),    addend(i, static_cast<G const*>(nullptr)),          T(-0.7), e[i], indices[i],
                values[i], {1, purpose::sample, static_cast<std::uint32_t>(i)}};
    }

    std::vector<outcome> outcomes(std::vector<std::uint64_t> const& finite) const {
        std::vector<outcome> all;
        for (std::size_t i = 0; i < of.size(); ++i)
            append(all, i, {all_of(indices[i]), all_of(values[i]), all_of(e[i]), all_of(m[i]), finite[i] != 0});
        return all;
    }
    /// What the host makes of the same.
    template <class G>
    std::vector<outcome> outcomes_on_host() {
        std::vector<outcome> all;
        for (std::size_t i = 0; i < of.size(); ++i) {
            auto const t = take<G>(i);
            factors<T> by{.a = t.a, .b = t.b};
            if constexpr (requires { t.g.nesterov; })
                by.momentum = true, by.beta = t.g.beta, by.nesterov = t.g.nesterov;
            else if constexpr (requires { t.g.u; })
                by.adds_before = true, by.beta = t.g.a;
            append(all, i, take_on_host<T>(by, all_of(g[i]), all_of(m[i]), all_of(e[i]), indices[i].size()));
        }
        return all;
    }

private:
    template <class N>
    static std::vector<N> all_of(buffer<thrust_device, N> const& b) {
        return download(view<thrust_device, N const>(b));
    }
    void append(std::vector<outcome>& all, std::size_t i, taken<T> const& t) const {
        auto const& name = of[i].name;
        all.push_back(make_outcome("indices of " + name, t.indices));
        all.push_back(make_outcome("values of " + name, t.values));
        all.push_back(make_outcome("residual of " + name, t.e));
        all.push_back(make_outcome("momentum of " + name, t.m));
        all.push_back(make_outcome("finite of " + name, std::vector<std::uint64_t>{t.finite}));
    }
};

// Together, one after the other, and on the host; returns the launches of all together.
template <class T, class G>
std::size_t takes_together(std::size_t d, std::size_t workers, std::size_t k) {
    team<T> together(examples<T>(d), workers, k), alone(examples<T>(d), workers, k);
    auto const wanted = alone.template outcomes_on_host<G>();
    std::vector<largest_take<thrust_device, T, G>> all;
    for (std::size_t i = 0; i < together.of.size(); ++i) all.push_back(together.template take<G>(i));
    std::vector<std::uint64_t> finite;
    auto const started = counting_launcher::count([&] {
        auto const later = verbs::take_largest(std::span(std::as_const(all)), together.temporary);
        auto const each = later.finite();
        finite.assign(each.begin(), each.end());
    });
    check_same(together.outcomes(finite), wanted);
    finite.clear();
    for (std::size_t i = 0; i < alone.of.size(); ++i) {
        auto const t = alone.template take<G>(i);
        finite.push_back(verbs::take_largest<T>(t.a, t.g, t.b, t.e, t.indices, t.values, t.random, alone.temporary));
    }
    check_same(alone.outcomes(finite), wanted);
    return started;
}

template <class T>
void takes_of_every_kind() {
    for (std::size_t const d : {1u, 33u, 4097u, 9001u})
        for (auto const k : {std::size_t{0}, d / 100, d / 10, d}) {
            takes_together<T, view<thrust_device, T const>>(d, 11, k);
            takes_together<T, momentum_step<thrust_device, T>>(d, 11, k);
            takes_together<T, added_before<thrust_device, T>>(d, 11, k);
        }
}

} // namespace

BOOST_AUTO_TEST_CASE(largest_are_taken_together_as_one_after_the_other) {
    takes_of_every_kind<float>();
    takes_of_every_kind<double>();
}

BOOST_AUTO_TEST_CASE(launches_do_not_depend_on_the_number_of_workers) {
    using plain = view<thrust_device, float const>;
    auto const of_one = takes_together<float, plain>(9001, 1, 90);
    BOOST_TEST(of_one > 0u);
    BOOST_TEST((takes_together<float, plain>(9001, 4, 90)) == of_one);
    BOOST_TEST((takes_together<float, plain>(9001, 11, 90)) == of_one);
}

BOOST_AUTO_TEST_CASE(who_takes_another_number_is_named_before_anything_starts) {
    using plain = view<thrust_device, float const>;
    team<float> three(examples<float>(100), 3, 10);
    std::vector<largest_take<thrust_device, float, plain>> all;
    for (std::size_t i = 0; i < 3; ++i) all.push_back(three.take<plain>(i));
    auto const before = three.outcomes({1, 1, 1});
    auto const says = [](char const* text) {
        return [text](dimension_error const& e) { return std::string(e.what()).find(text) != std::string::npos; };
    };
    auto const take = [&] { verbs::take_largest(std::span(std::as_const(all)), three.temporary); };
    start_counts::take();
    all[2].indices = all[2].indices.part(0, 9);
    BOOST_CHECK_EXCEPTION(take(), dimension_error,
                          says("worker 2 of those at once has 100 coordinates and room for 9 indices and 10"));
    all[2] = three.take<plain>(2);
    all[1].values = all[1].values.part(0, 9);
    BOOST_CHECK_EXCEPTION(take(), dimension_error, says("room for 10 indices and 9 values"));
    all[1] = three.take<plain>(1);
    all[1].e = all[1].e.part(0, 99);
    BOOST_CHECK_EXCEPTION(take(), dimension_error, says("worker 1 of those at once has 99 coordinates"));
    BOOST_TEST(start_counts::take().empty());
    check_same(three.outcomes({1, 1, 1}), before);
}

BOOST_AUTO_TEST_SUITE_END()
