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
    std::vector<std::string> const names{"dsgd",
                                         "dmsgd",
                                         "dmsgd_local",
                                         "nesterov",
                                         "gmc",
                                         "gmc_plus",
                                         "gmc_server",
                                         "gmc_lr_inside",
                                         "dgc",
                                         "dgc_mfm",
                                         "def_a",
                                         "ef_sgd",
                                         "ef_sgdm",
                                         "ef_sgdm_dc",
                                         "dist_ef_sgdm",
                                         "saef",
                                         "saef_dc",
                                         "sign_sgd",
                                         "minibatch_sgd",
                                         "inner_outer_sgd",
                                         "ac_sa",
                                         "qsgd_sgd",
                                         "dq_sgd",
                                         "terngrad_sgd",
                                         "shared_terngrad_sgd",
                                         "natural_sgd",
                                         "power_sgd_momentum",
                                         "sketched_sgd",
                                         "fetch_sgd",
                                         "local_sgd",
                                         "pr_sgd_m",
                                         "pr_sgd_m_nesterov",
                                         "pr_sgd_m_cleared",
                                         "slowmo",
                                         "bmuf",
                                         "bmuf_nesterov",
                                         "overlap_local_sgd",
                                         "overlap_local_sgd_m",
                                         "cser",
                                         "m_cser",
                                         "m_cser_nesterov",
                                         "qsparse_local_sgd",
                                         "decentralized_sgdm",
                                         "d_psgd"};
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
        BOOST_TEST(m.axes.size() == 3u);
        for (auto const& [axis, value] : m.axes) BOOST_TEST(!value.empty(), m.name << ": " << axis);
    }
    BOOST_TEST(said.find("Nesterov step x complete average x slow momentum") != std::string::npos, said);
    BOOST_TEST(said.find("plain step x complete average x no outer rule") != std::string::npos, said);
    BOOST_TEST(here.lab("methods --json") == 0);
    BOOST_TEST(here.said().find("\"compressor\": \"top_k\", \"step\": \"Polyak\", \"mixing\": \"partial average\", "
                                "\"outer\": \"none\", \"ratio\": \"0.01\", \"ratio1\": \"0.04\"") != std::string::npos);
    auto const lines = here.said();
    BOOST_TEST(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')) == lab::methods().size());
}

BOOST_AUTO_TEST_CASE(defaults_are_the_library_s) {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    BOOST_TEST((lab::find_method("gmc_plus").defaults ==
                pairs{{"--ratio", "0.01"}, {"--beta", "0.9"}, {"--lambda", "0.5"}, {"--momentum-lr", "current"}}));
    BOOST_TEST((lab::find_method("dsgd").defaults == pairs{}));
    BOOST_TEST((lab::find_method("saef").defaults == pairs{{"--ratio", "0.01"}, {"--beta", "0.9"}, {"--period", "0"}}));
    BOOST_TEST((
        lab::find_method("slowmo").defaults ==
        pairs{
            {"--beta", "0.9"}, {"--period", "12"}, {"--outer-beta", "0.5"}, {"--alpha", "1"}, {"--buffers", "reset"}}));
    BOOST_TEST((lab::find_method("cser").defaults ==
                pairs{{"--ratio", "0.01"}, {"--ratio1", "0.04"}, {"--period", "4"}, {"--block-averaging", "no"}}));
    BOOST_TEST((lab::find_method("decentralized_sgdm").defaults == pairs{{"--beta", "0.9"}, {"--topology", "ring"}}));
    BOOST_TEST((lab::find_method("d_psgd").defaults == pairs{{"--beta", "0"}, {"--topology", "ring"}}));
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
    s.compressor.k1 = 2;
    s.name = "m_cser";
    BOOST_TEST(lab::unused_options(s).empty());
    s.compressor.name = "scaled_sign";
    BOOST_TEST(lab::unused_options(s) == (std::vector<std::string>{"--k", "--k1"}), boost::test_tools::per_element());
    s.compressor.per_layer = true;
    s.compressor.values = terse::wire::precision::fp16;
    s.outer_beta = 0.5;
    s.block_averaging = true;
    s.name = "local_sgd";
    BOOST_TEST(lab::unused_options(s) == (std::vector<std::string>{"--beta", "--outer-beta", "--block-averaging", "--k",
                                                                   "--k1", "--compressor", "--per-layer", "--values"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
