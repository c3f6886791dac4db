// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <terse/backend/cuda/largest.cuh>

#include "device.cuh"
#include "host/kernels.hpp"
#include "launchers.cuh"

BOOST_AUTO_TEST_SUITE(kernels)

using namespace terse;
using namespace terse_test;

namespace {

template <class T>
struct example {
    std::string name;
    std::vector<T> numbers;
};

/// d numbers of every kind that a selection must be right for.
template <class T>
std::vector<example<T>> examples(std::size_t d) {
    using limits = std::numeric_limits<T>;
    random_stream const random(d, purpose::user);
    auto const normal = [&](std::size_t i) { return random.normal(i); };
    std::vector<example<T>> all;
    auto const add = [&](char const* name, auto number) {
        std::vector<T> x(d);
        for (std::size_t i = 0; i < d; ++i) x[i] = static_cast<T>(number(i));
        all.push_back({name + (", " + std::to_string(d)), std::move(x)});
    };
    add("normals", normal);
    add("few values", [&](std::size_t i) { return std::floor(2 * normal(i)) / 2; });
    add("one value", [](std::size_t) { return -0.375; });
    add("zeros of both signs", [&](std::size_t i) { return i % 3 == 0 ? -0.0 : 0.0; });
    add("mostly zeros", [&](std::size_t i) { return random.below(i, 50) == 0 ? normal(i) : 0.0; });
    add("ascending", [](std::size_t i) { return 1e-3 * static_cast<double>(i); });
    add("a peak", [&](std::size_t i) { return normal(i) * (i / 64 == d / 128 ? 100 : 1); });
    add("denormals", [&](std::size_t i) { return T(normal(i) * 8) * limits::denorm_min(); });
    add("huge ones", [&](std::size_t i) { return (i % 2 == 0 ? -0.5 : 0.5) * limits::max() * T(random.uniform(i)); });
    add("infinities", [&](std::size_t i) { return i % 97 == 3 ? T(-1) * limits::infinity() : T(normal(i)); });
    add("not a number", [&](std::size_t i) { return i == d / 2 ? limits::quiet_NaN() : T(normal(i)); });
    return all;
}

/// What the kernels say about a selection.
enum class way { among_candidates, among_all };

/// take_largest by kernels, started by `launch`; e and g begin `shift` numbers after an address that is one of a pack.
template <class T, class Launch>
taken<T> take_by_kernels(Launch launch, factors<T> by, std::vector<T> g, std::vector<T> m, std::vector<T> e,
                         std::size_t k, std::size_t shift = 0, way* went = nullptr) {
    using device = thrust_device;
    auto const d = e.size();
    for (auto* x : {&g, &m, &e}) x->insert(x->begin(), shift, T(77));
    auto g_memory = upload<device>(g), m_memory = upload<device>(m), e_memory = upload<device>(e);
    auto const part = [&](buffer<device, T>& all) { return all.part(shift, all.size() - shift); };
    buffer<device, index_t> indices(k);
    buffer<device, T> values(k);
    scratch<device> temporary;
    auto const select = [&](auto const& source) {
        return kernel::select_largest<T>(launch, source, d, view<device, index_t>(indices), view<device, T>(values),
                                         random_stream(3, purpose::sample), temporary);
    };
    auto* const to = part(e_memory).data();
    auto const* const selection =
        by.momentum ? select(kernel::accumulated_momentum<T>{by.a, by.beta, part(g_memory).data(),
                                                             part(m_memory).data(), by.nesterov, by.b, to})
                    : select(kernel::accumulated<T>{by.a, part(g_memory).data(), by.b, to});
    taken<T> out{download(view<device, index_t const>(indices)), download(view<device, T const>(values)),
                 download(view<device, T const>(part(e_memory))),
                 by.momentum ? download(view<device, T const>(part(m_memory))) : std::vector<T>{}};
    if (selection != nullptr) {
        kernel::selection<T> s;
        to_host<device>::copy(reinterpret_cast<std::byte const*>(selection), sizeof s,
                              reinterpret_cast<std::byte*>(&s));
        out.finite = s.taken_bad == 0;
        if (went != nullptr) *went = s.found >= k && s.found <= 4 * k + 4096 ? way::among_candidates : way::among_all;
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
                if (!by.momentum) m.clear();
                auto const title = std::to_string(k) + " of " + name;
                auto const wanted = outcomes(title, take_on_host<T>(by, g, m, e, k));
                for (auto const& launch : launchers(orders)) {
                    append(here, outcomes(title, take_by_kernels<T>(launch, by, g, m, e, k, number % 5 == 0 ? 1 : 0)));
                    append(there, wanted);
                }
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

// A sample is enough for most vectors, and where it is not, nobody is misled.
BOOST_AUTO_TEST_CASE(candidates_are_enough_for_usual_vectors) {
    constexpr std::size_t d = 40000;
    std::vector<float> const zeros(d);
    for (auto const& [name, x] : examples<float>(d))
        for (auto const k : {std::size_t{1}, d / 1000, d / 100, d / 10}) {
            auto went = way::among_all;
            take_by_kernels<float>(launchers(1).front(), {}, x, {}, zeros, k, 0, &went);
            bool const ties = name.starts_with("one value") || name.starts_with("zeros") ||
                              (name.starts_with("mostly zeros") && k > 500);
            if (name.starts_with("few values") || name.starts_with("denormals")) continue; // either way
            BOOST_TEST((went == way::among_all) == ties, k << " of " << name);
        }
}

BOOST_AUTO_TEST_SUITE_END()
