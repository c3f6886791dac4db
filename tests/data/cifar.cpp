// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <sstream>

#include <terse/data/cifar.hpp>

#include "data/fuzz.hpp"
#include "data/real_data.hpp"

BOOST_AUTO_TEST_SUITE(cifar_tests)

std::string record(char label, char pixel) { return label + std::string(3072, pixel); }

terse::dataset<float> read(std::string const& bytes, terse::cifar_options const& options = {}) {
    std::istringstream in(bytes);
    return terse::read_cifar<float>(in, "f", options);
}

BOOST_AUTO_TEST_CASE(bytes_become_features) {
    auto bytes = record(3, '\0') + record(9, '\xff');
    bytes[1] = '\x80';
    auto const d = read(bytes);
    BOOST_TEST(d.rows() == 2u);
    BOOST_TEST(d.features() == 3072u);
    BOOST_TEST(d.classes().size() == 10u);
    BOOST_TEST(d.label(0) == 3u);
    BOOST_TEST(d.label(1) == 9u);
    BOOST_TEST(d.row(0).values[0] == static_cast<float>((128.0 / 255 - 0.5) / 0.5));
    BOOST_TEST(d.row(0).values[1] == -1.0f);
    BOOST_TEST(d.row(1).values[3071] == 1.0f);
    BOOST_TEST(read(bytes, {.center = 0, .spread = 1}).row(1).values[0] == 1.0f);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_record_and_byte) {
    auto const complaint = [](std::string const& bytes) {
        return checks::complaint(bytes, [](std::istream& in) { terse::read_cifar<float>(in, "f"); });
    };
    BOOST_TEST(complaint("") == "0:0: the file has no rows");
    BOOST_TEST(complaint(record(1, 5).substr(0, 3072)) ==
               "1:3073: the file ends at byte 3072 inside a record of 3073 bytes");
    BOOST_TEST(complaint(record(1, 5) + "\x02") == "2:2: the file ends at byte 3074 inside a record of 3073 bytes");
    BOOST_TEST(complaint(record(1, 5) + record(10, 5)) == "2:1: label 10 at byte 3073 is not 0 .. 9");
    BOOST_TEST(complaint(record('\xff', 5)) == "1:1: label 255 at byte 0 is not 0 .. 9");
}

BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
    std::string const valid = record(1, 7) + record(2, 8);
    int const refused =
        checks::damage(valid, 500, [](std::istream& in) { return terse::read_cifar<float>(in, "damaged"); });
    BOOST_TEST(refused > 100);
}

BOOST_AUTO_TEST_CASE(mistakes_are_refused) {
    BOOST_CHECK_THROW(terse::read_cifar<float>("/no/such/file"), terse::input_error);
    BOOST_CHECK_THROW(read(record(1, 1), {.spread = 0}), terse::configuration_error);
    BOOST_CHECK_THROW(read(record(1, 1), {.center = std::numeric_limits<double>::quiet_NaN()}),
                      terse::configuration_error);
}

BOOST_AUTO_TEST_CASE(the_real_files_are_read,
                     *boost::unit_test::precondition(checks::have("cifar10_train_10k.bin", "cifar10_test_2k.bin"))) {
    auto const train = terse::read_cifar<float>(checks::real("cifar10_train_10k.bin"));
    BOOST_TEST(train.rows() == 10000u);
    for (std::uint32_t c = 0; c < 10; ++c) BOOST_TEST(std::ranges::count(train.labels(), c) > 900);
    BOOST_TEST(terse::read_cifar<float>(checks::real("cifar10_test_2k.bin")).rows() == 2000u);
}

BOOST_AUTO_TEST_SUITE_END()
