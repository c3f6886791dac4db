// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "device.cuh"
#include "examples.cuh"

// What is done to vectors of several workers in launches that they share.
BOOST_AUTO_TEST_SUITE(vectors_at_once)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;
using device = thrust_device;

/// Vectors of the examples and their reverses, which begin `shift` numbers after an address that is one of a pack.
template <class T>
struct vectors {
    std::vector<example<T>> of;
    std::vector<std::vector<T>> old;
    std::vector<buffer<device, T>> x_memory, y_memory;
    std::vector<view<device, T const>> x;
    std::vector<view<device, T>> y;
    scratch<device> temporary;

    vectors(std::size_t d, std::size_t n, std::size_t shift = 0) : of(examples<T>(d)) {
        of.resize(std::min(n, of.size()));
        for (auto const& [name, numbers] : of) {
            old.emplace_back(numbers.rbegin(), numbers.rend());
            for (auto* const memory : {&x_memory, &y_memory}) {
                auto all = memory == &x_memory ? numbers : old.back();
                all.insert(all.begin(), shift, T(77));
                memory->push_back(upload<device>(all));
            }
        }
        for (auto const& memory : x_memory) x.push_back(view<device, T const>(memory).part(shift, d));
        for (auto& memory : y_memory) y.push_back(memory.part(shift, d));
    }
    T factor(std::size_t i) const { return T(0.3) - static_cast<T>(i); }
    std::vector<outcome> outcomes() const {
        std::vector<outcome> all;
        for (std::size_t i = 0; i < of.size(); ++i) all.push_back(make_outcome(of[i].name, download(y[i])));
        return all;
    }
};

/// together(vectors), with one launch, does to the y what alone(i, vectors) does to each.
template <class T, class F, class G>
void same_together(F together, G alone) {
    for (std::size_t const d : {1u, 4u, 33u, 4097u, 9001u})
        for (std::size_t const shift : {0u, 1u}) {
            vectors<T> here(d, 11, shift), there(d, 11, shift);
            BOOST_TEST(counting_launcher::count([&] { together(here); }) == 1u);
            for (std::size_t i = 0; i < there.of.size(); ++i) alone(i, there);
            check_same(here.outcomes(), there.outcomes());
        }
}

template <class T>
auto sums_of(vectors<T> const& v) {
    std::vector<accumulation<device, T>> all;
    for (std::size_t i = 0; i < v.x.size(); ++i) all.push_back({v.factor(i), v.x[i], T(-0.9), v.y[i]});
    return all;
}
template <class T>
auto scalings_of(vectors<T> const& v) {
    std::vector<scaling<device, T>> all;
    for (std::size_t i = 0; i < v.x.size(); ++i) all.push_back({v.factor(i), v.y[i]});
    return all;
}

template <class T>
void sums_together() {
    same_together<T>([](auto& v) { verbs::axpby_each<T>(sums_of(v)); },
                     [](std::size_t i, auto& v) { device::axpby<T>(v.factor(i), v.x[i], T(-0.9), v.y[i]); });
}
template <class T>
void scales_together() {
    same_together<T>([](auto& v) { verbs::scale_each<T>(scalings_of(v)); },
                     [](std::size_t i, auto& v) { device::scale<T>(v.factor(i), v.y[i]); });
}
template <class T>
void adds_up_squares_together() {
    for (std::size_t const d : {1u, 15u, 17u, 4095u, 4096u, 4097u, 70001u}) {
        vectors<T> v(d, 11, 1);
        std::vector<double> sums, wanted;
        BOOST_TEST(counting_launcher::count([&] { sums = verbs::sum_of_squares_each<T>(v.x, v.temporary); }) == 1u);
        for (auto const x : v.x) wanted.push_back(device::sum_of_squares(x));
        check_same({make_outcome("sums of squares of " + std::to_string(d), sums)},
                   {make_outcome("sums of squares of " + std::to_string(d), wanted)});
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(sums_are_made_together_as_one_after_the_other) {
    sums_together<float>();
    sums_together<double>();
}

BOOST_AUTO_TEST_CASE(vectors_are_scaled_together_as_one_after_the_other) {
    scales_together<float>();
    scales_together<double>();
}

BOOST_AUTO_TEST_CASE(squares_are_added_up_together_as_one_after_the_other) {
    adds_up_squares_together<float>();
    adds_up_squares_together<double>();
}

BOOST_AUTO_TEST_CASE(each_is_filled_where_its_own_indices_are) {
    std::vector<buffer<device, float>> memory;
    std::vector<buffer<device, index_t>> indices;
    std::vector<coordinates_of<device, float>> all;
    std::vector<outcome> here, there;
    for (std::size_t k = 0; k < 40; ++k) {
        std::vector<index_t> mine;
        for (index_t i = k; k % 5 != 3 && i < 1000; i += 1 + k) mine.push_back(i);
        std::vector<float> x(1000, 7.0F);
        memory.push_back(upload<device>(x));
        indices.push_back(upload<device>(mine));
        for (auto const i : mine) x[i] = -0.5F;
        there.push_back(make_outcome("vector " + std::to_string(k), x));
    }
    for (std::size_t k = 0; k < 40; ++k) all.push_back({memory[k], indices[k]});
    BOOST_TEST(counting_launcher::count([&] { verbs::scatter_fill_each<float>(all, -0.5F); }) == 1u);
    for (std::size_t k = 0; k < 40; ++k)
        here.push_back(make_outcome("vector " + std::to_string(k), download(all[k].y)));
    check_same(here, there);
}

BOOST_AUTO_TEST_CASE(nobody_says_nothing) {
    buffer<device, float> nothing;
    coordinates_of<device, float> const no_coordinates{nothing, {}};
    auto const launches = counting_launcher::count([&] {
        verbs::scatter_fill_each<float>({}, 0.0F);
        verbs::scatter_fill_each<float>(std::span(&no_coordinates, 1), 0.0F);
        vectors<float> nobody(10, 0), empty(0, 3);
        for (auto* v : {&nobody, &empty}) {
            verbs::axpby_each<float>(sums_of(*v));
            verbs::scale_each<float>(scalings_of(*v));
            BOOST_TEST((verbs::sum_of_squares_each<float>(v->x, v->temporary) == std::vector<double>(v->x.size(), 0)));
        }
    });
    BOOST_TEST(launches == 0u);
}

BOOST_AUTO_TEST_CASE(whose_sizes_are_wrong_is_named_before_anything_starts) {
    vectors<float> v(100, 3);
    auto const before = v.outcomes();
    auto const refuses = [&](std::string const& words, auto verb) {
        auto const says = [&](dimension_error const& e) {
            return std::string(e.what()).find(words) != std::string::npos;
        };
        BOOST_TEST(counting_launcher::count([&] { BOOST_CHECK_EXCEPTION(verb(), dimension_error, says); }) == 0u);
        check_same(v.outcomes(), before);
    };
    auto sums = sums_of(v);
    sums[2].x = sums[2].x.part(0, 99);
    refuses("axpby_each: worker 2 of those at once has 99 numbers to add", [&] { verbs::axpby_each<float>(sums); });
    sums[1].y = sums[1].y.part(0, 98);
    refuses("axpby_each: worker 1 of those at once has 98 coordinates", [&] { verbs::axpby_each<float>(sums); });
    auto scalings = scalings_of(v);
    scalings[2].y = scalings[2].y.part(0, 99);
    refuses("scale_each: worker 2 of those at once has 99", [&] { verbs::scale_each<float>(scalings); });
    v.x[1] = v.x[1].part(0, 99);
    refuses("sum_of_squares_each: worker 1 of those at once has 99",
            [&] { verbs::sum_of_squares_each<float>(v.x, v.temporary); });
}

BOOST_AUTO_TEST_SUITE_END()
