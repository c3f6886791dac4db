// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <terse/cluster/mixing_matrix.hpp>
#include <terse/method/bmuf.hpp>
#include <terse/method/cser.hpp>
#include <terse/method/d_psgd.hpp>
#include <terse/method/decentralized_sgdm.hpp>
#include <terse/method/local_sgd.hpp>
#include <terse/method/overlap_local_sgd.hpp>
#include <terse/method/pr_sgd_m.hpp>
#include <terse/method/qsparse_local_sgd.hpp>
#include <terse/method/slowmo.hpp>

namespace lab {

/// One method whose workers have a model each: as `registered`, with the axes of these. The recipe is called with
/// (options); with (compressor, options) if it has a compressor; with (C1, C2, options) if it resets errors; with
/// (mixing matrices, options) if its options have a topology.
template <class Options, class Recipe, bool ResetsErrors = false>
struct registered_drift {
    static constexpr bool resets_errors = ResetsErrors;

    std::string_view name;
    std::string_view compressor; ///< its own, if the user chooses none; empty if there is none
    std::string_view step;
    std::string_view mixing;
    std::string_view outer;
    std::string_view what;
    std::string_view source;
    Options options;
    Recipe recipe;
};

template <class Options, class Recipe>
registered_drift(std::string_view, std::string_view, std::string_view, std::string_view, std::string_view,
                 std::string_view, std::string_view, Options, Recipe) -> registered_drift<Options, Recipe>;

template <class Options, class Recipe>
constexpr registered_drift<Options, Recipe, true> resetting(registered_drift<Options, Recipe> r) {
    return {r.name, r.compressor, r.step, r.mixing, r.outer, r.what, r.source, r.options, r.recipe};
}

struct period_only {
    std::uint64_t period;
};
struct momentum_and_period {
    terse::schedule beta;
    std::uint64_t period;
};
struct error_reset {
    std::uint64_t period = terse::cser_options{}.period;
    bool block_averaging = false;
};
struct error_reset_and_momentum {
    terse::schedule beta = terse::cser_options{}.beta;
    std::uint64_t period = terse::cser_options{}.period;
    bool block_averaging = false;
};
struct neighbours_and_momentum {
    std::string_view topology; ///< as mixing_matrices() takes it
    terse::schedule beta;
};

inline constexpr auto drift_registry = std::tuple{
    registered_drift{"local_sgd", "", "plain", "complete average", "none", "local SGD, models averaged",
                     "SlowMo paper, section 2", terse::local_sgd_options{},
                     [](terse::local_sgd_options o) { return local_sgd(o); }},
    registered_drift{"pr_sgd_m", "", "Polyak", "complete average, of momenta too", "none",
                     "parallel restarted SGD with momentum", "PR-SGD-Momentum paper, Algorithm 1, Option I",
                     terse::pr_sgd_m_options{}, [](terse::pr_sgd_m_options o) { return pr_sgd_m(o); }},
    registered_drift{"pr_sgd_m_nesterov", "", "Nesterov", "complete average, of momenta too", "none",
                     "the same with Nesterov's momentum", "PR-SGD-Momentum paper, Algorithm 1, Option II",
                     terse::pr_sgd_m_options{}, [](terse::pr_sgd_m_options o) { return pr_sgd_m_nesterov(o); }},
    registered_drift{
        "pr_sgd_m_cleared", "", "Polyak", "complete average, momenta cleared", "none",
        "model averaging with cleared momentum", "CNTK; PR-SGD-Momentum paper",
        momentum_and_period{terse::pr_sgd_m_options{}.beta, terse::pr_sgd_m_options{}.period},
        [](momentum_and_period o) { return terse::pr_sgd_m_cleared({.beta = o.beta, .period = o.period}); }},
    registered_drift{"slowmo", "", "Nesterov", "complete average", "slow momentum", "slow momentum over local SGD",
                     "SlowMo paper, Algorithm 1", terse::slowmo_options{},
                     [](terse::slowmo_options o) { return slowmo(o); }},
    registered_drift{"bmuf", "", "plain", "complete average", "block momentum", "blockwise model-update filtering",
                     "BMUF paper, CBM", terse::bmuf_options{}, [](terse::bmuf_options o) { return bmuf(o); }},
    registered_drift{"bmuf_nesterov", "", "plain", "complete average", "block momentum, Nesterov",
                     "the same with Nesterov's block momentum", "BMUF paper, NBM", terse::bmuf_options{},
                     [](terse::bmuf_options o) { return bmuf_nesterov(o); }},
    registered_drift{"overlap_local_sgd", "", "plain", "complete average", "pull towards an anchor",
                     "local SGD whose average may travel meanwhile", "Overlap-Local-SGD paper",
                     terse::overlap_local_sgd_options{},
                     [](terse::overlap_local_sgd_options o) { return overlap_local_sgd(o); }},
    registered_drift{"overlap_local_sgd_m", "", "Nesterov", "complete average", "pull towards an anchor with momentum",
                     "the same with momentum", "Overlap-Local-SGD paper", terse::overlap_local_sgd_m_options{},
                     [](terse::overlap_local_sgd_m_options o) { return overlap_local_sgd_m(o); }},
    resetting(registered_drift{
        "cser", "top_k", "plain", "partial average", "none",
        "communication-efficient SGD with error reset; --k1 for the reset", "CSER paper", error_reset{},
        [](auto c1, auto c2, error_reset o) {
            return terse::cser(c1, c2, {.period = o.period, .block_averaging = o.block_averaging});
        }}),
    resetting(registered_drift{
        "m_cser", "top_k", "Polyak", "partial average", "none", "the same with momentum", "CSER paper",
        error_reset_and_momentum{},
        [](auto c1, auto c2, error_reset_and_momentum o) {
            return terse::m_cser(c1, c2, {.period = o.period, .beta = o.beta, .block_averaging = o.block_averaging});
        }}),
    resetting(registered_drift{"m_cser_nesterov", "top_k", "Nesterov", "partial average", "none",
                               "the same with Nesterov's momentum", "CSER paper", error_reset_and_momentum{},
                               [](auto c1, auto c2, error_reset_and_momentum o) {
                                   return terse::m_cser_nesterov(
                                       c1, c2,
                                       {.period = o.period, .beta = o.beta, .block_averaging = o.block_averaging});
                               }}),
    registered_drift{"qsparse_local_sgd", "top_k", "plain", "compressed average", "none",
                     "local SGD, the steps of a period sent compressed", "Basu et al. 2019, Algorithm 1",
                     period_only{terse::qsparse_local_sgd_options{}.period},
                     [](auto c, period_only o) { return terse::qsparse_local_sgd(c, {.period = o.period}); }},
    // The same type twice, so that it is compiled once.
    registered_drift{"decentralized_sgdm", "", "Polyak", "neighbours, momenta too", "none",
                     "momentum SGD, models and momenta mixed with neighbours", "PR-SGD-Momentum paper, Algorithm 2",
                     neighbours_and_momentum{"ring", terse::decentralized_sgdm_options{}.beta},
                     [](std::vector<terse::mixing_matrix> w, neighbours_and_momentum o) {
                         return terse::decentralized_sgdm(std::move(w), {.beta = o.beta});
                     }},
    registered_drift{"d_psgd", "", "Polyak", "neighbours", "none",
                     "decentralized SGD; --beta for a momentum of one's own", "Lian et al. 2017",
                     neighbours_and_momentum{"ring", terse::d_psgd_options{}.beta},
                     [](std::vector<terse::mixing_matrix> w, neighbours_and_momentum o) {
                         return terse::d_psgd(std::move(w), {.beta = o.beta});
                     }},
};

} // namespace lab
