// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "device.cuh"
#include "examples.cuh"
#include "host/kernels.hpp"

BOOST_AUTO_TEST_SUITE(sketch_kernels)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;

sketch_plan plan_of(std::size_t rows, std::size_t columns, sketch_hashing how = sketch_hashing::blocks) {
    return {rows, columns, how, random_stream(7, purpose::hashing)};
}

template <class T>
void append(std::vector<outcome>& all, std::string const& name, sketched<T> const& s) {
    all.push_back(make_outcome("what is sketched, " + name, s.y));
    all.push_back(make_outcome("sketch of " + name, s.table));
}

/// What kernels make of y and, if there is one, x; in a table that had been full of rubbish.
template <class T>
sketched<T> sketch_by_kernels(std::vector<T> const& x, std::vector<T> const& y, sketch_plan const& plan) {
    auto const x_memory = upload<thrust_device>(x);
    auto y_memory = upload<thrust_device>(y), table = upload<thrust_device>(std::vector<T>(plan.size(), T(9)));
    verbs::accumulate_sketch<T>(T(0.7), x_memory, T(-0.3), y_memory, plan, table);
    return {download(view<thrust_device, T const>(y_memory)), download(view<thrust_device, T const>(table))};
}
template <class T>
void compare(std::string const& name, std::vector<T> const& x, std::vector<T> const& y, sketch_plan const& plan,
             std::vector<outcome>& here, std::vector<outcome>& there) {
    auto const title = name + ", " + std::to_string(plan.rows.size()) + " x " + std::to_string(plan.columns);
    append(here, title, sketch_by_kernels<T>(x, y, plan));
    append(there, title, sketch_on_host<T>(T(0.7), x, T(-0.3), y, plan));
}

template <class T>
void sketches_as_the_host(std::vector<std::size_t> const& sizes, std::vector<sketch_plan> const& plans) {
    std::vector<outcome> here, there;
    for (auto const d : sizes)
        for (auto const& plan : plans)
            for (auto const& [name, numbers] : examples<T>(d)) {
                compare<T>(name, numbers, {numbers.rbegin(), numbers.rend()}, plan, here, there);
                compare<T>(name + " alone", {}, numbers, plan, here, there);
            }
    check_same(here, there);
}

template <class T>
void selects_as_thrust(std::size_t d, sketch_plan const& plan) {
    std::vector<outcome> here, there;
    for (auto const& [name, numbers] : examples<T>(d)) {
        auto const sketch = sketch_on_host<T>(T(0), {}, T(0), numbers, plan);
        auto const table = upload<thrust_device>(sketch.table);
        for (auto const k : {std::size_t{0}, d / 50, d / 2, d}) {
            buffer<thrust_device, index_t> indices(k);
            buffer<thrust_device, T> values(k), y(d);
            scratch<thrust_device> temporary;
            auto const outcomes_of = [&](std::vector<outcome>& all) {
                auto const title = std::to_string(k) + " from a sketch of " + name;
                all.push_back(make_outcome("estimates, " + title, download(view<thrust_device, T const>(y))));
                all.push_back(make_outcome("indices, " + title, download(view<thrust_device, index_t const>(indices))));
                all.push_back(make_outcome("values, " + title, download(view<thrust_device, T const>(values))));
            };
            verbs::select_from_sketch(table, plan, view<thrust_device, T>(y), k, view<thrust_device, index_t>(indices),
                                      view<thrust_device, T>(values), temporary); // as count_sketch does
            outcomes_of(here);
            thrust_device::estimate_from_sketch<T>(table, plan, y);
            thrust_device::select_largest<T>(y, k, indices, values, temporary);
            outcomes_of(there);
        }
    }
    check_same(here, there);
}

std::vector<float> noise(std::size_t d) { return examples<float>(d).front().numbers; }

} // namespace

BOOST_AUTO_TEST_CASE(sketches_are_those_of_the_host) {
    std::vector<sketch_plan> const plans{plan_of(1, 16), plan_of(3, 64), plan_of(5, 1008),
                                         plan_of(3, 37, sketch_hashing::classic)};
    sketches_as_the_host<float>({1, 15, 16, 17, 255, 257, 4097, 20001}, plans);
    sketches_as_the_host<double>({1, 15, 16, 17, 255, 257, 4097}, plans);
}

BOOST_AUTO_TEST_CASE(what_is_selected_from_a_sketch_is_that_of_thrust) {
    for (std::size_t const d : {1u, 17u, 4097u, 20001u}) {
        for (std::size_t const rows : {1u, 3u, 5u, 7u}) selects_as_thrust<float>(d, plan_of(rows, 1008));
        selects_as_thrust<double>(d, plan_of(5, 1008));
        selects_as_thrust<float>(d, plan_of(5, 1000, sketch_hashing::classic));
    }
}

// With kernels of its own, an estimate costs no launch.
BOOST_AUTO_TEST_CASE(selecting_from_a_sketch_is_as_many_launches_as_selecting) {
    auto const plan = plan_of(5, 1008);
    auto y = upload<thrust_device>(noise(5000));
    auto const table = upload<thrust_device>(std::vector<float>(plan.size()));
    buffer<thrust_device, index_t> indices(50);
    buffer<thrust_device, float> values(50);
    scratch<thrust_device> temporary;
    auto const selecting =
        counting_launcher::count([&] { verbs::select_largest<float>(y, 50, indices, values, temporary); });
    BOOST_TEST(counting_launcher::count([&] {
                   verbs::select_from_sketch<float>(table, plan, y, 50, indices, values, temporary);
               }) == selecting);
}

BOOST_AUTO_TEST_CASE(one_launch_makes_all_rows) {
    for (std::size_t const rows : {1u, 5u, 7u})
        BOOST_TEST(counting_launcher::count([&] { sketch_by_kernels<float>({}, noise(3000), plan_of(rows, 160)); }) ==
                   1u);
}

BOOST_AUTO_TEST_CASE(a_plan_and_its_copies_keep_one_order) {
    auto const plan = plan_of(3, 64);
    auto const copy = plan;
    auto const order = order_of<thrust_device>(plan, 1000);
    sketch_by_kernels<float>({}, noise(1000), copy);
    BOOST_TEST(order_of<thrust_device>(copy, 1000).get() == order.get());
    BOOST_TEST(order_of<thrust_device>(plan_of(3, 64), 1000).get() != order.get());
    BOOST_TEST(order->order.size() == 3u * 63u);
}

// Whatever a plan becomes, its order is never that of what it was.
BOOST_AUTO_TEST_CASE(a_changed_plan_has_another_order) {
    std::vector<outcome> here, there;
    auto plan = plan_of(3, 64);
    auto const look = [&](std::string const& name, std::size_t d) {
        auto const x = noise(d);
        compare<float>(name, x, x, plan, here, there);
    };
    look("first", 1000);
    look("longer", 1001);
    look("much shorter", 30);
    look("as at first", 1000);
    plan.columns = 48;
    look("narrower", 1000);
    plan.rows[1] = plan_of(5, 48).rows[4];
    look("another row", 1000);
    plan.rows.pop_back();
    look("fewer rows", 1000);
    plan.hashing = sketch_hashing::classic;
    look("classic", 1000);
    plan.hashing = sketch_hashing::blocks;
    look("in blocks again", 1000);
    check_same(here, there);
}

BOOST_AUTO_TEST_CASE(too_long_vectors_are_refused_before_they_change) {
    auto y = upload<thrust_device>(noise(100)), table = upload<thrust_device>(noise(16));
    view<thrust_device, float> const long_one(y.data(), std::size_t{1} << 36); // of which there is but the beginning
    auto const plan = plan_of(1, 16);
    auto const launches = counting_launcher::count([&] {
        BOOST_CHECK_THROW(verbs::accumulate_sketch<float>(1, long_one, 1, long_one, plan, table), dimension_error);
        BOOST_CHECK_THROW(thrust_device::accumulate_sketch<float>(1, long_one, 1, long_one, plan, table),
                          dimension_error);
    });
    BOOST_TEST(launches == 0u);
    BOOST_TEST((download(view<thrust_device, float const>(y)) == noise(100)));
    BOOST_TEST((download(view<thrust_device, float const>(table)) == noise(16)));
}

BOOST_AUTO_TEST_CASE(threads_share_a_plan) {
    auto const plan = plan_of(5, 160);
    constexpr std::size_t several = 6;
    auto const size_of = [](std::size_t k) { return k % 3 == 0 ? std::size_t{2999} : std::size_t{3000}; };
    std::vector<buffer<thrust_device, float>> vectors, tables; // made here, where an exception finds its way
    for (std::size_t k = 0; k < several; ++k) {
        vectors.push_back(upload<thrust_device>(noise(size_of(k))));
        tables.emplace_back(plan.size());
    }
    std::vector<std::thread> threads;
    for (std::size_t k = 0; k < several; ++k)
        threads.emplace_back([&, k] {
            for (int round = 0; round < 5; ++round)
                thrust_device::accumulate_sketch<float>(0, {}, 0, vectors[k], plan, tables[k]);
        });
    for (auto& t : threads) t.join();
    for (std::size_t k = 0; k < several; ++k) {
        std::vector<outcome> here;
        append<float>(here, "noise", {{}, download(view<thrust_device, float const>(tables[k]))});
        std::vector<outcome> there;
        append<float>(there, "noise", {{}, sketch_on_host<float>(0, {}, 0, noise(size_of(k)), plan).table});
        check_same(here, there);
    }
}

BOOST_AUTO_TEST_SUITE_END()
