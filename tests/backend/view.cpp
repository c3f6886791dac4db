// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <array>
#include <concepts>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include <Eigen/Core>

#include <terse/backend/cpu.hpp>

BOOST_AUTO_TEST_SUITE(view_tests)

using terse::cpu;
using terse::HostVector;
using terse::input;
using terse::vector_traits;
using terse::view;

struct device; // another backend

// Memory of one backend is not memory of another, and constant memory stays constant.
static_assert(std::convertible_to<view<cpu, float>, view<cpu, float const>>);
static_assert(!std::convertible_to<view<cpu, float const>, view<cpu, float>>);
static_assert(!std::convertible_to<view<device, float>, view<cpu, float>>);
static_assert(!std::convertible_to<view<device, float>, view<cpu, float const>>);
static_assert(!std::convertible_to<view<cpu, float>, view<device, float>>);
static_assert(!std::convertible_to<view<cpu, float>, view<cpu, double>>);
static_assert(std::convertible_to<view<device, float>, input<device, float>>);

// Only the host's can be indexed, and it is a range and a span.
template <class V>
concept Indexed = requires(V v) {
    v[0];
};
static_assert(Indexed<view<cpu, float>> && !Indexed<view<device, float>>);
static_assert(std::ranges::contiguous_range<view<cpu, float>> && std::ranges::borrowed_range<view<cpu, float>>);
static_assert(!std::ranges::range<view<device, float>>);
static_assert(std::convertible_to<view<cpu, float>, std::span<float>>);
static_assert(!std::convertible_to<view<cpu, float const>, std::span<float>>);
static_assert(std::convertible_to<std::span<float>, view<cpu, float>>);
static_assert(!std::convertible_to<std::span<float>, view<device, float>>);

// What a user's vector may be.
using matrix = Eigen::MatrixXf;
using row_of_columns = decltype(std::declval<matrix&>().row(0));
using column_of_columns = decltype(std::declval<matrix&>().col(0));
static_assert(HostVector<std::vector<float>> && HostVector<std::span<double>> && HostVector<std::array<float, 3>>);
static_assert(HostVector<Eigen::VectorXf> && HostVector<Eigen::RowVectorXd> && HostVector<Eigen::Vector3d>);
static_assert(HostVector<Eigen::Map<Eigen::VectorXf>> && HostVector<column_of_columns>);
static_assert(!HostVector<row_of_columns>); // every n-th number
static_assert(!HostVector<Eigen::Map<Eigen::VectorXf, 0, Eigen::InnerStride<>>>);
static_assert(!HostVector<matrix>);
static_assert(!HostVector<std::vector<bool>>);
static_assert(!HostVector<decltype(Eigen::VectorXf() + Eigen::VectorXf())>);
static_assert(std::same_as<vector_traits<std::vector<float>>::scalar, float>);
static_assert(std::same_as<vector_traits<std::vector<float> const>::scalar, float const>);
static_assert(std::same_as<vector_traits<std::span<float const>>::scalar, float const>);
static_assert(std::same_as<vector_traits<Eigen::VectorXd>::backend, cpu>);
static_assert(std::same_as<vector_traits<view<device, float>>::backend, device>);

BOOST_AUTO_TEST_CASE(a_view_is_the_users_memory) {
    std::vector<float> v{1, 2, 3, 4};
    auto const all = vector_traits<std::vector<float>>::of(v);
    BOOST_TEST(all.data() == v.data());
    BOOST_TEST(all.size() == 4u);
    all[2] = 9;
    BOOST_TEST(v[2] == 9);
    auto const middle = all.part(1, 2);
    BOOST_TEST(middle.data() == v.data() + 1);
    BOOST_TEST(middle.size() == 2u);
    BOOST_TEST(all.part(4, 0).empty());

    Eigen::VectorXd w = Eigen::VectorXd::Zero(3);
    vector_traits<Eigen::VectorXd>::of(w)[1] = 5;
    BOOST_TEST(w[1] == 5);
    Eigen::Map<Eigen::VectorXd> map(w.data() + 1, 2);
    BOOST_TEST(vector_traits<Eigen::Map<Eigen::VectorXd>>::of(map)[0] == 5);
    BOOST_TEST(terse::as_eigen(vector_traits<Eigen::VectorXd>::of(w)).sum() == 5);
}

BOOST_AUTO_TEST_CASE(the_empty_view) {
    view<cpu, float> const nothing;
    BOOST_TEST(nothing.empty());
    BOOST_TEST((nothing.begin() == nothing.end()));
}

BOOST_AUTO_TEST_SUITE_END()
