// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include <terse/error.hpp>

#include <lab/methods.hpp>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(methods_tests)

BOOST_AUTO_TEST_CASE(none_is_missing) {
    std::vector<std::string> const names{"dsgd",     "dmsgd",      "dmsgd_local",   "nesterov",   "gmc",
                                         "gmc_plus", "gmc_server", "gmc_lr_inside", "dgc",        "dgc_mfm",
                                         "def_a",    "ef_sgd",     "ef_sgdm",       "ef_sgdm_dc", "dist_ef_sgdm",
                                         "saef",     "saef_dc",    "sign_sgd"};
    std::vector<std::string> have;
    for (auto const& m : lab::methods()) have.push_back(m.name);
    BOOST_TEST(have == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_says_what_it_is) {
    playground here;
    BOOST_TEST(here.lab("methods") == 0);
    auto const said = here.said();
    for (auto const& m : lab::methods()) {
        BOOST_TEST(said.find(m.name) != std::string::npos);
        BOOST_TEST(!m.what.empty());
        BOOST_TEST(!m.source.empty());
        BOOST_TEST(said.find(m.source) != std::string::npos);
    }
    BOOST_TEST(here.lab("methods --json") == 0);
    auto const lines = here.said();
    BOOST_TEST(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')) == lab::methods().size());
}

BOOST_AUTO_TEST_CASE(defaults_are_the_library_s) {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    BOOST_TEST((lab::find_method("gmc_plus").defaults ==
                pairs{{"--ratio", "0.01"}, {"--beta", "0.9"}, {"--lambda", "0.5"}, {"--momentum-lr", "current"}}));
    BOOST_TEST((lab::find_method("dsgd").defaults == pairs{}));
    BOOST_TEST((lab::find_method("saef").defaults == pairs{{"--ratio", "0.01"}, {"--beta", "0.9"}, {"--period", "0"}}));
    BOOST_TEST((lab::find_method("dist_ef_sgdm").defaults == pairs{{"--beta", "0.9"}, {"--block", "all"}}));
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_answered_with_the_list) {
    BOOST_CHECK_EXCEPTION(lab::find_method("gcm"), terse::configuration_error, [](terse::error const& e) {
        return std::string(e.what()).find("gmc_server") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(options_without_use_are_noticed) {
    lab::method_settings s;
    s.name = "dsgd";
    s.beta = 0.5;
    s.compressor.k = 3;
    BOOST_TEST(lab::unused_options(s) == (std::vector<std::string>{"--beta", "--k"}), boost::test_tools::per_element());
    s.name = "gmc";
    BOOST_TEST(lab::unused_options(s).empty());
}

BOOST_AUTO_TEST_SUITE_END()
