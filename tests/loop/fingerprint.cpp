// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <vector>

#include <terse/loop/configuration.hpp>
#include <terse/terse.hpp>

BOOST_AUTO_TEST_SUITE(fingerprint_tests)

namespace {

template <class P>
std::uint32_t of(P const& p) {
    terse::fingerprint f;
    f.add(p);
    return f.value();
}

enum class colour { red, green };
struct eight {
    int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
};
struct derived : terse::top_k {
    double more = 1;
};
struct with_a_pointer {
    double a = 0;
    void (*f)() = nullptr;
};

} // namespace

BOOST_AUTO_TEST_CASE(every_member_counts) {
    std::set<std::uint32_t> seen{of(eight{})};
    int eight::*const members[] = {&eight::a, &eight::b, &eight::c, &eight::d,
                                   &eight::e, &eight::f, &eight::g, &eight::h};
    for (auto const member : members) {
        eight x;
        x.*member += 100;
        BOOST_TEST(seen.insert(of(x)).second);
    }
    BOOST_TEST(of(eight{}) == of(eight{}));
    BOOST_TEST(of(colour::red) != of(colour::green));
    BOOST_TEST(of(std::vector<double>{1, 2}) != of(std::vector<double>{2, 1}));
    BOOST_TEST(of(std::array<int, 2>{}) != of(std::array<int, 3>{}));
}

BOOST_AUTO_TEST_CASE(every_option_of_a_method_counts) {
    using terse::schedule;
    terse::layout const layout({{"a", 5, 2}}), other({{"a", 2, 5}});
    using either = terse::any_of<terse::top_k, terse::scaled_sign>;
    auto clipped = terse::gmc();
    clipped.clip.norm = 1;
    std::vector<std::uint32_t> const all{
        of(terse::gmc()),
        of(terse::gmc({.ratio = 0.02})),
        of(terse::gmc({.ratio = schedule::linear(0.02, 0.01, 10)})),
        of(terse::gmc({.ratio = schedule::linear(0.02, 0.01, 11)})),
        of(terse::gmc({.ratio = schedule::steps(0.02, 0.5, {3, 5})})),
        of(terse::gmc({.ratio = schedule::steps(0.02, 0.5, {3, 6})})),
        of(terse::gmc({.ratio = schedule(0.02).warmed_up(schedule::shape::linear, 0.1, 4)})),
        of(terse::gmc({.count = 3})),
        of(terse::gmc({.beta = 0.8})),
        of(terse::gmc({.lr = terse::momentum_lr::previous})),
        of(terse::gmc_plus({.lambda = 0.5})),
        of(clipped),
        of(terse::gmc(either{terse::top_k{}})),
        of(terse::gmc(either{terse::scaled_sign{}})),
        of(terse::gmc(terse::per_segment<terse::top_k>{.inner = {}, .layout = layout})),
        of(terse::gmc(terse::per_segment<terse::top_k>{.inner = {}, .layout = other})),
        of(terse::gmc(terse::per_segment<terse::top_k>{.inner = {.count = 1}, .layout = other})),
        of(terse::saef({.period = 2})),
        of(terse::saef({.period = 3})),
        of(terse::inner_outer_sgd()),
        of(terse::inner_outer_sgd({.inner_lr = 0.0})),
        of(terse::inner_outer_sgd({.inner_lr = 0.1})),
        of(terse::inner_outer_sgd({.period = 9})),
        of(terse::ac_sa()),
        of(terse::ac_sa({.weight = 1})),
        of(terse::ac_sa({.strong_convexity = 1}))};
    BOOST_TEST((std::set(all.begin(), all.end()).size()) == all.size());
    BOOST_TEST(of(terse::gmc()) == all.front());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_looked_into_does_no_harm) {
    BOOST_TEST(of(derived{}) == 0u);
    with_a_pointer x, y;
    y.f = [] {};
    BOOST_TEST(of(x) == of(y));
    y.a = 1;
    BOOST_TEST(of(x) != of(y));
}

BOOST_AUTO_TEST_CASE(is_part_of_the_configuration) {
    std::vector<float> w{1, 2}, v{1, 3};
    auto const differs = [&](auto const& method, std::vector<float>& start, terse::train_options options) {
        auto const view = terse::vector_traits<std::vector<float>>::of(w);
        auto const a = terse::configuration(terse::gmc(), view, 4, terse::train_options{});
        auto const b = terse::configuration(method, terse::vector_traits<std::vector<float>>::of(start), 4, options);
        std::string names;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (a[i].value != b[i].value) names += std::string(names.empty() ? "" : ", ") + a[i].name;
        return names;
    };
    BOOST_TEST(differs(terse::gmc(), w, {}) == "");
    BOOST_TEST(differs(terse::gmc(), v, {}) == "model at the start");
    BOOST_TEST(differs(terse::gmc({.beta = 0.5}), w, {}) == "options");
    BOOST_TEST(differs(terse::gmc(), w, {.on_non_finite = terse::non_finite::propagate}) == "options");
    BOOST_TEST(differs(terse::gmc(), w, {.seed = 1}) == "seed, options");
    BOOST_TEST(differs(terse::dgc(), w, {}) == "type of the method, options");
}

BOOST_AUTO_TEST_SUITE_END()
