// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <terse/backend/thrust/select.cuh>

#include "device.cuh"
#include "examples.cuh"
#include "host/kernels.hpp"

BOOST_AUTO_TEST_SUITE(kernels)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = verbs_by_kernels;

/// What the kernels say about a selection.
enum class way { among_candidates, among_all };

/// take_largest by kernels, started by `launch`; e and g begin `shift` numbers after an address that is one of a pack.
template <class T, class Launch>
taken<T> take_by_kernels(Launch launch, factors<T> by, std::vector<T> g, std::vector<T> m, std::vector<T> e,
                         std::size_t k, std::size_t shift = 0, std::size_t most_shares = 1024, way* went = nullptr) {
    using device = thrust_device;
    auto const d = e.size();
    for (auto* x : {&g, &m, &e}) x->insert(x->begin(), shift, T(77));
    auto g_memory = upload<device>(g), m_memory = upload<device>(m), e_memory = upload<device>(e);
    auto const part = [&](buffer<device, T>& all) { return all.part(shift, all.size() - shift); };
    buffer<device, index_t> indices(k);
    buffer<device, T> values(k);
    scratch<device> temporary;
    auto const select = [&](auto const& source) {
        kernel::largest_of<T, device, std::remove_cvref_t<decltype(source)>> one{source, indices, values,
                                                                                 random_stream(3, purpose::sample)};
        kernel::select_largest(launch, std::span(&one, 1), d, temporary, most_shares);
        return one.selected;
    };
    auto* const to = part(e_memory).data();
    auto const* const selection =
        by.adds_before ? select(kernel::accumulated_after_addition<T>{by.a, part(g_memory).data(), by.beta,
                                                                      part(m_memory).data(), by.b, to})
        : by.momentum  ? select(kernel::accumulated_momentum<T>{by.a, by.beta, part(g_memory).data(),
                                                                part(m_memory).data(), by.nesterov, by.b, to})
                       : select(kernel::accumulated<T>{by.a, part(g_memory).data(), by.b, to});
    taken<T> out{download(view<device, index_t const>(indices)), download(view<device, T const>(values)),
                 download(view<device, T const>(part(e_memory))),
                 by.momentum || by.adds_before ? download(view<device, T const>(part(m_memory))) : std::vector<T>{}};
    if (selection != nullptr) {
        kernel::selection<T> s;
        to_host<device>::copy(reinterpret_cast<std::byte const*>(selection), sizeof s,
                              reinterpret_cast<std::byte*>(&s));
        out.finite = s.taken_bad == 0;
        auto const room = kernel::sample_plan::of(d, k).capacity;
        if (went != nullptr) *went = s.found >= k && s.found <= room ? way::among_candidates : way::among_all;
    }
    return out;
}

template <class T>
std::vector<outcome> outcomes(std::string const& name, taken<T> const& t) {
    return {make_outcome("indices of " + name, t.indices), make_outcome("values of " + name, t.values),
            make_outcome("residual of " + name, t.e), make_outcome("momentum of " + name, t.m),
            make_outcome("finite of " + name, std::vector<std::uint64_t>{t.finite})};
}

template <class T>
void takes_as_the_host(std::vector<std::size_t> const& sizes, int orders) {
    std::vector<outcome> here, there;
    auto const append = [](std::vector<outcome>& all, std::vector<outcome> more) {
        all.insert(all.end(), more.begin(), more.end());
    };
    std::size_t number = 0;
    for (auto const d : sizes)
        for (auto const& [name, x] : examples<T>(d))
            for (auto const k : {std::size_t{0}, std::min<std::size_t>(d, 1), d / 100, d / 10, d / 3, d}) {
                // g and e make x up, but for rounding; with other factors they do not.
                std::vector<T> g(d), e(d), m(d);
                for (std::size_t i = 0; i < d; ++i) {
                    g[i] = i % 2 == 0 ? x[i] : T(0);
                    e[i] = i % 2 == 0 ? T(0) : x[i];
                    m[i] = x[d - 1 - i];
                }
                factors<T> by;
                ++number;
                if (number % 3 == 0) by.a = T(0.3), by.b = T(-0.7);
                by.momentum = number % 2 == 0;
                by.beta = T(0.9);
                by.nesterov = number % 4 == 0;
                by.adds_before = number % 6 == 1 || number % 6 == 3;
                if (!by.momentum && !by.adds_before) m.clear();
                auto const title = std::to_string(k) + " of " + name;
                auto const wanted = outcomes(title, take_on_host<T>(by, g, m, e, k));
                for (auto const& launch : launchers(orders)) {
                    append(here, outcomes(title, take_by_kernels<T>(launch, by, g, m, e, k, number % 5 == 0 ? 1 : 0,
                                                                    number % 2 == 0 ? 3 : 1024)));
                    append(there, wanted);
                }
            }
    check_same(here, there);
}

template <class T>
void selects_as_thrust(std::vector<std::size_t> const& sizes) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (auto const& [name, numbers] : examples<T>(d))
            for (auto const k : {std::size_t{0}, d / 50, d / 2, d}) {
                auto const x = upload<thrust_device>(numbers);
                buffer<thrust_device, index_t> indices(k);
                buffer<thrust_device, T> values(k);
                scratch<thrust_device> temporary;
                auto const outcomes_of = [&](std::vector<outcome>& all) {
                    all.push_back(make_outcome("indices of " + name, download(view<thrust_device, index_t>(indices))));
                    all.push_back(make_outcome("values of " + name, download(view<thrust_device, T>(values))));
                };
                verbs::select_largest<T>(x, k, indices, values, temporary);
                outcomes_of(here);
                terse::select_largest<T>(x, k, indices, values, temporary);
                outcomes_of(there);
            }
    check_same(here, there);
}

template <class T>
void accumulates_as_thrust(std::vector<std::size_t> const& sizes) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (auto const& [name, numbers] : examples<T>(d)) {
            std::vector<T> const old(numbers.rbegin(), numbers.rend());
            auto const x = upload<thrust_device>(numbers);
            auto y = upload<thrust_device>(old), z = upload<thrust_device>(old);
            scratch<thrust_device> temporary;
            bool const in_passing = here.size() % 3 != 0;
            std::size_t const bad = verbs::accumulate<T>(T(0.3), x, T(-0.9), y, in_passing ? &temporary : nullptr);
            thrust_device::axpby<T>(T(0.3), x, T(-0.9), z);
            std::uint64_t const wanted = thrust_device::first_non_finite(view<thrust_device, T const>(z));
            here.push_back(make_outcome("sum of " + name, download(view<thrust_device, T>(y))));
            there.push_back(make_outcome("sum of " + name, download(view<thrust_device, T>(z))));
            here.push_back(make_outcome("first not finite of " + name, std::vector{std::uint64_t{bad}}));
            there.push_back(make_outcome("first not finite of " + name, std::vector{wanted}));
        }
    check_same(here, there);
}

} // namespace

BOOST_AUTO_TEST_CASE(largest_of_few_are_taken_as_on_the_host) {
    takes_as_the_host<float>({0, 1, 2, 31, 32, 33, 1023, 1024, 4095, 4096, 4097}, 2);
    takes_as_the_host<double>({0, 1, 2, 31, 32, 33, 1023, 1024, 2047, 2048, 2049}, 2);
}

BOOST_AUTO_TEST_CASE(largest_of_many_are_taken_as_on_the_host) {
    takes_as_the_host<float>({100003}, 1);
    takes_as_the_host<double>({50000}, 1);
}

// A block has more tiles than threads.
BOOST_AUTO_TEST_CASE(shares_may_be_large) {
    constexpr std::size_t d = 530000;
    std::vector<double> g(d);
    for (std::size_t i = 0; i < d; ++i) g[i] = static_cast<double>(i * i % 9973);
    for (auto const k : {d / 1000, d / 7}) {
        auto const wanted = outcomes("many", take_on_host<double>({}, g, {}, g, k));
        check_same(outcomes("many", take_by_kernels<double>(launchers(1).front(), {}, g, {}, g, k, 0, 1)), wanted);
    }
}

BOOST_AUTO_TEST_CASE(largest_are_selected_as_by_thrust) {
    selects_as_thrust<float>({1, 33, 1024, 4097, 20000});
    selects_as_thrust<double>({1, 33, 1024, 2049, 20000});
}

BOOST_AUTO_TEST_CASE(sums_are_looked_at_in_passing) {
    accumulates_as_thrust<float>({0, 1, 31, 33, 4095, 4097, 20001});
    accumulates_as_thrust<double>({0, 1, 31, 33, 2047, 2049, 20001});
}

// Of numbers that come in no order, a binomial number of the k largest is in a sample.
BOOST_AUTO_TEST_CASE(candidates_are_almost_surely_enough_and_have_room) {
    auto const fewer_than = [](double rank, double n, double share) {
        double sum = 0;
        for (double r = 0; r < rank; ++r)
            sum += std::exp(std::lgamma(n + 1) - std::lgamma(r + 1) - std::lgamma(n - r + 1) + r * std::log(share) +
                            (n - r) * std::log1p(-share));
        return sum;
    };
    for (std::size_t d = 1024; d <= 2'000'000'000; d *= 9)
        for (std::size_t k = 1; k <= d / 4; k *= 4) {
            auto const plan = kernel::sample_plan::of(d, k);
            auto const n = static_cast<double>(plan.parts * plan.run), rank = static_cast<double>(plan.rank);
            auto const share = [&](std::size_t of) { return static_cast<double>(of) / static_cast<double>(d); };
            BOOST_TEST(1 - fewer_than(rank, n, share(k)) < 2e-3, k << " of " << d);
            if (plan.capacity < d) BOOST_TEST(fewer_than(rank, n, share(plan.capacity)) < 2e-3, k << " of " << d);
        }
}

// A sample is enough for most vectors, and where it is not, nobody is misled.
BOOST_AUTO_TEST_CASE(candidates_are_enough_for_usual_vectors) {
    constexpr std::size_t d = 40000;
    std::vector<float> const zeros(d);
    for (auto const& [name, x] : examples<float>(d))
        for (auto const k : {std::size_t{1}, d / 1000, d / 100, d / 10}) {
            auto went = way::among_all;
            take_by_kernels<float>(launchers(1).front(), {}, x, {}, zeros, k, 0, 1024, &went);
            bool const ties = name.starts_with("one value") || name.starts_with("zeros") ||
                              (name.starts_with("mostly zeros") && k > 500);
            if (name.starts_with("few values") || name.starts_with("denormals")) continue; // either way
            BOOST_TEST((went == way::among_all) == ties, k << " of " << name);
        }
}

BOOST_AUTO_TEST_SUITE_END()
