// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string_view>
#include <tuple>

#include <terse/cluster/simulated.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/loop/compose.hpp>
#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dmsgd_local.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/saef.hpp>
#include <terse/momentum/no_momentum.hpp>

namespace lab {

struct no_options {};

/// One method: what the program says about it, the library's options with their defaults, and the recipe, which is
/// called with (compressor, options).
template <class Options, class Recipe>
struct registered {
    std::string_view name;
    std::string_view compressor; ///< its own, if the user chooses none
    std::string_view momentum;
    std::string_view feedback;
    std::string_view downlink;
    std::string_view what;
    std::string_view source;
    Options options;
    Recipe recipe;
};

template <class Options, class Recipe>
registered(std::string_view, std::string_view, std::string_view, std::string_view, std::string_view, std::string_view,
           std::string_view, Options, Recipe) -> registered<Options, Recipe>;

/// All methods of the program. run, compare, methods, the examples and the checks of the documentation go by this list.
inline constexpr auto registry = std::tuple{
    registered{"dsgd", "identity", "none", "none", "dense", "distributed SGD", "GMC paper, eq. 1", no_options{},
               [](auto c, no_options) { return compose(c, terse::no_momentum{}, terse::no_feedback{}); }},
    registered{"dmsgd", "identity", "global", "none", "dense", "momentum SGD, one momentum for all", "GMC paper, eq. 3",
               terse::dmsgd_options{},
               [](auto c, auto o) {
                   return compose(c, terse::global_momentum{.beta = o.beta, .lr = o.lr}, terse::no_feedback{});
               }},
    registered{"dmsgd_local", "identity", "local", "none", "dense", "momentum SGD, a momentum on each worker",
               "GMC paper, eq. 4-6", terse::dmsgd_local_options{},
               [](auto c, auto o) { return compose(c, terse::local_momentum{.beta = o.beta}, terse::no_feedback{}); }},
    registered{"nesterov", "identity", "local, Nesterov", "none", "dense", "SGD with Nesterov's momentum",
               "Nesterov 1983; PR-SGD-Momentum paper, eq. 5", terse::nesterov_options{},
               [](auto c, auto o) {
                   return compose(c, terse::local_momentum{.beta = o.beta, .nesterov = true}, terse::no_feedback{});
               }},
    registered{"gmc", "top_k", "global", "standard", "as sent", "global momentum compression", "GMC paper, Algorithm 1",
               terse::gmc_options{}, [](auto c, auto o) { return gmc(c, o); }},
    registered{"gmc_plus", "top_k", "global", "detached", "as sent", "GMC with detached error feedback",
               "GMC paper, Algorithm 2", terse::gmc_plus_options{}, [](auto c, auto o) { return gmc_plus(c, o); }},
    registered{"gmc_server", "top_k", "server", "standard", "dense", "compression, momentum on the server",
               "GMC paper, Algorithm 3", terse::gmc_server_options{}, [](auto c, auto o) { return gmc_server(c, o); }},
    registered{"gmc_lr_inside", "top_k", "global", "standard, model units", "as sent",
               "GMC with the learning rate inside the residual", "GMC paper, Algorithm 4",
               terse::gmc_lr_inside_options{}, [](auto c, auto o) { return gmc_lr_inside(c, o); }},
    registered{"dgc", "top_k", "local", "standard", "as sent", "deep gradient compression, no factor masking",
               "Lin et al. 2018, section 3", terse::dgc_options{.factor_masking = false},
               [](auto c, auto o) { return dgc(c, o); }},
    registered{"dgc_mfm", "top_k", "local, factor masking", "standard", "as sent",
               "deep gradient compression with momentum factor masking", "Lin et al. 2018, section 3",
               terse::dgc_options{.factor_masking = true}, [](auto c, auto o) { return dgc(c, o); }},
    registered{"def_a", "top_k", "local", "detached, model units", "as sent",
               "detached error feedback; --output corrected for its other output", "Xu & Huang 2022",
               terse::def_a_options{}, [](auto c, auto o) { return def_a(c, o); }},
    registered{"ef_sgd", "top_k", "none", "standard, model units", "as sent", "SGD with error feedback",
               "Karimireddy et al. 2019", no_options{}, [](auto c, no_options) { return terse::ef_sgd(c); }},
    registered{"ef_sgdm", "top_k", "local", "standard, model units", "as sent",
               "momentum SGD with error feedback, single-way", "SAEF paper, Algorithm 1", terse::ef_sgdm_options{},
               [](auto c, auto o) { return ef_sgdm(c, o); }},
    registered{"ef_sgdm_dc", "top_k", "local", "standard, model units", "compressed",
               "momentum SGD with error feedback, double-way", "SAEF paper, Algorithm 1", terse::ef_sgdm_options{},
               [](auto c, auto o) { return ef_sgdm_dc(c, o); }},
    registered{"dist_ef_sgdm", "scaled_sign", "local, Nesterov", "standard, rescaled by the learning rate",
               "compressed", "dist-EF-blockSGDM; --block for more than one block", "Zheng et al. 2019",
               terse::dist_ef_sgdm_options{}, [](auto c, auto o) { return dist_ef_sgdm(c, o); }},
    registered{"saef", "top_k", "local", "detached by 1, model units", "as sent", "step-ahead error feedback",
               "SAEF paper, Algorithm 1", terse::saef_options{}, [](auto c, auto o) { return saef(c, o); }},
    registered{"saef_dc", "top_k", "local", "detached by 1, model units", "compressed",
               "step-ahead error feedback, double-way", "SAEF paper, Algorithm 1", terse::saef_options{},
               [](auto c, auto o) { return saef_dc(c, o); }},
    registered{"sign_sgd", "scaled_sign", "none", "none", "as sent", "scaled sign SGD, without feedback",
               "Bernstein et al. 2018, scaled", no_options{},
               [](auto c, no_options) { return compose(c, terse::no_momentum{}, terse::no_feedback{}); }},
};

} // namespace lab
