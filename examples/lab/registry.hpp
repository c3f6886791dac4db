// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <string_view>
#include <tuple>

#include <terse/cluster/simulated.hpp>
#include <terse/compressor/shared_terngrad.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/layout.hpp>
#include <terse/loop/compose.hpp>
#include <terse/method/ac_sa.hpp>
#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dmsgd_local.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/fetch_sgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/inner_outer_sgd.hpp>
#include <terse/method/minibatch_sgd.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/power_sgd_momentum.hpp>
#include <terse/method/saef.hpp>
#include <terse/method/sketched_sgd.hpp>
#include <terse/momentum/no_momentum.hpp>

#include <lab/settings.hpp>

namespace lab {

struct no_options {};

/// One method: what the program says about it, the library's options with their defaults, and the recipe, which is
/// called with (compressor, options); with (settings, layout, options) if it brings a compressor that no other can
/// replace.
template <class Options, class Recipe>
struct registered {
    static constexpr bool brings_compressor =
        std::invocable<Recipe, compressor_settings const&, terse::layout const&, Options>;

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

/// The methods of the program on one model. run, compare, methods, the examples and the checks of the documentation go
/// by this list and by drift_registry.hpp, that of methods whose workers have a model each.
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
    registered{"minibatch_sgd", "identity", "none", "none", "dense", "SGD with --period gradients a round at one point",
               "Woodworth et al. 2020", terse::minibatch_sgd_options{},
               [](auto c, auto o) {
                   return compose(c, terse::no_momentum{}, terse::no_feedback{}, terse::uncompressed{},
                                  minibatch_sgd(o).work);
               }},
    registered{"inner_outer_sgd", "identity", "none", "none", "dense",
               "local SGD with inner and outer step sizes; --inner-lr", "Woodworth et al. 2020",
               terse::inner_outer_sgd_options{},
               [](auto c, auto o) {
                   return compose(c, terse::no_momentum{}, terse::no_feedback{}, terse::uncompressed{},
                                  inner_outer_sgd(o).work);
               }},
    registered{"ac_sa", "identity", "accelerated", "none", "dense", "accelerated minibatch SGD",
               "Lan 2012; Woodworth et al. 2020", terse::ac_sa_options{},
               [](auto c, auto o) {
                   auto const m = ac_sa(o);
                   return compose(c, m.momentum, terse::no_feedback{}, terse::uncompressed{}, m.work);
               }},
    registered{"qsgd_sgd", "qsgd", "none", "none", "dense", "SGD with stochastic quantization", "Alistarh et al. 2017",
               no_options{}, [](auto c, no_options) { return compose(c, terse::no_momentum{}, terse::no_feedback{}); }},
    registered{"dq_sgd", "dynamic_quantizer", "none", "none", "dense", "quantized SGD, bits that follow the norm",
               "Yan et al. 2021", no_options{},
               [](auto c, no_options) { return compose(c, terse::no_momentum{}, terse::no_feedback{}); }},
    registered{"terngrad_sgd", "terngrad", "none", "none", "dense",
               "SGD with ternary gradients; --per-layer as published", "Wen et al. 2017", no_options{},
               [](auto c, no_options) { return compose(c, terse::no_momentum{}, terse::no_feedback{}); }},
    registered{"shared_terngrad_sgd", "shared_terngrad", "none", "none", "sum of signs",
               "TernGrad with a scale that all workers share; --per-layer, --mean-scale", "Wen et al. 2017", no_options{},
               [](compressor_settings const& c, terse::layout const& layers, no_options) {
                   if (c.per_layer && layers.count() == 0)
                       throw terse::configuration_error("--per-layer: this problem has no layers");
                   using enum terse::shared_terngrad::scale;
                   auto const coding = c.elias ? terse::level_coding::elias : terse::level_coding::fixed;
                   return compose(terse::shared_terngrad{.ternary = {.clip = c.clip, .coding = coding},
                                                         .layout = c.per_layer ? layers : terse::layout{},
                                                         .share = c.mean_scale ? mean : largest},
                                  terse::no_momentum{}, terse::no_feedback{});
               }},
    registered{"natural_sgd", "natural", "none", "none", "dense", "SGD with natural compression", "Horvath et al. 2019",
               no_options{}, [](auto c, no_options) { return compose(c, terse::no_momentum{}, terse::no_feedback{}); }},
    registered{"power_sgd_momentum", "power_sgd", "server", "standard", "as sent",
               "factors of low rank of a network's matrices, momentum after their mean", "PowerSGD paper, Algorithm 2",
               terse::power_sgd_momentum_options{},
               [](compressor_settings const&, terse::layout const& layers, terse::power_sgd_momentum_options o) {
                   if (layers.count() == 0)
                       throw terse::configuration_error("power_sgd_momentum: this problem has no layers");
                   return power_sgd_momentum(layers, o);
               }},
    registered{"sketched_sgd", "sketched_top_k", "local, factor masking", "standard", "as sent",
               "top-k of the mean, found by count sketches", "Sketched-SGD paper", terse::sketched_sgd_options{},
               [](compressor_settings const& c, terse::layout const&, terse::sketched_sgd_options o) {
                   o.ratio = c.ratio;
                   o.count = c.k;
                   return sketched_sgd(o);
               }},
    registered{"fetch_sgd", "fetch_top_k", "server, in a sketch", "server, in a sketch", "as sent",
               "count sketches, with momentum and feedback in them", "FetchSGD paper", terse::fetch_sgd_options{},
               [](compressor_settings const& c, terse::layout const&, terse::fetch_sgd_options o) {
                   o.ratio = c.ratio;
                   o.count = c.k;
                   return fetch_sgd(o);
               }},
};

} // namespace lab
