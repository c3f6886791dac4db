// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <terse/data/dataset.hpp>

#include "problem/finite_difference.hpp"

BOOST_AUTO_TEST_SUITE(dataset_tests)

using data = terse::dataset<double>;
using labels = std::vector<std::int64_t>;

BOOST_AUTO_TEST_CASE(rows_and_classes_read_back) {
    auto const d = data::dense(2, {1, 2, 3, 4, 5, 6}, labels{7, -3, 7});
    BOOST_TEST(d.rows() == 3u);
    BOOST_TEST(d.features() == 2u);
    BOOST_TEST(!d.is_sparse());
    BOOST_TEST(d.row(1).values[0] == 3.0);
    BOOST_TEST(d.classes() == (labels{-3, 7}), boost::test_tools::per_element());
    BOOST_TEST(d.label(0) == 1u);
    BOOST_TEST(d.label(1) == 0u);
    BOOST_TEST(d.largest_row() == 61.0);
    BOOST_TEST(d.largest_row(1) == 62.0);

    auto const s = data::sparse(4, {0, 2, 2, 3}, {0, 3, 1}, {1, 2, 3}, labels{1, 2, 1}, {1, 2, 5});
    BOOST_TEST(s.is_sparse());
    BOOST_TEST(s.stored() == 3u);
    BOOST_TEST(s.classes().size() == 3u);
    BOOST_TEST(s.row(1).values.size() == 0u);
    std::vector<double> full(4, 9);
    s.row(0).copy_to(full);
    BOOST_TEST(full == (std::vector<double>{1, 0, 0, 2}), boost::test_tools::per_element());
    s.row(1).copy_to(full);
    BOOST_TEST(full == std::vector<double>(4), boost::test_tools::per_element());
    s.row(2).add_to(2, full);
    BOOST_TEST(full == (std::vector<double>{0, 6, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(products_are_those_of_the_written_out_rows) {
    for (std::size_t features : {1u, 7u, 8u, 9u, 16u, 37u})
        for (bool const sparse : {false, true}) {
            auto const d = checks::random_data<double>(features, 6, features, 2, sparse);
            auto const x = checks::random_vector<double>(3, features);
            std::vector<double> row(features), y = x;
            for (std::size_t i = 0; i < d.rows(); ++i) {
                d.row(i).copy_to(row);
                double expected = 0;
                for (std::size_t j = 0; j < features; ++j) expected += row[j] * x[j];
                BOOST_TEST(std::abs(d.row(i).dot(x) - expected) < 1e-13);
                y = x;
                d.row(i).add_to(-2, y);
                for (std::size_t j = 0; j < features; ++j) BOOST_TEST(y[j] == x[j] - 2 * row[j]);
            }
        }
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused) {
    using terse::dimension_error;
    BOOST_CHECK_THROW(data::dense(0, {}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::dense(2, {}, labels{}), dimension_error);
    BOOST_CHECK_THROW(data::dense(2, {1, 2, 3}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::dense(2, {1, 2}, labels{1, 2}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0}, {}, {}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {}, {}, {}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {1, 1}, {0}, {1}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0, 2}, {0}, {1}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0, 1}, {0, 1}, {1}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0, 2, 1}, {0}, {1}, labels{1, 1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0, 1}, {2}, {1}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0, 2}, {1, 0}, {1, 1}, labels{1}), dimension_error);
    BOOST_CHECK_THROW(data::sparse(2, {0, 2}, {1, 1}, {1, 1}, labels{1}), dimension_error);
    auto const five = data::dense(1, {1, 2, 3, 4, 5}, labels{0, 0, 0, 0, 1});
    BOOST_CHECK_THROW(terse::require_rows<double>(std::vector<std::uint32_t>{}, five), dimension_error);
    BOOST_CHECK_THROW(terse::require_rows<double>(std::vector<std::uint32_t>{0, 5}, five), dimension_error);
    BOOST_CHECK_NO_THROW(terse::require_rows<double>(std::vector<std::uint32_t>{4, 4}, five));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_refused) {
    using terse::configuration_error;
    double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    BOOST_CHECK_THROW(data::dense(1, {nan}, labels{1}), configuration_error);
    BOOST_CHECK_THROW(data::sparse(1, {0, 1}, {0}, {-inf}, labels{1}), configuration_error);
    BOOST_CHECK_THROW(data::dense(1, {1}, labels{1}, {0, 2}), configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
