// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string>

#include <terse/compressor/any_of.hpp>
#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/sampled_top_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/threshold.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/method/ac_sa.hpp>
#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dmsgd_local.hpp>
#include <terse/method/dq_sgd.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/fetch_sgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/inner_outer_sgd.hpp>
#include <terse/method/minibatch_sgd.hpp>
#include <terse/method/natural_sgd.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/power_sgd_momentum.hpp>
#include <terse/method/qsgd_sgd.hpp>
#include <terse/method/saef.hpp>
#include <terse/method/sign_sgd.hpp>
#include <terse/method/sketched_sgd.hpp>
#include <terse/method/terngrad_sgd.hpp>

namespace oracle {

/// Any compressor that every method below can have.
using every_compressor = terse::any_of<terse::identity, terse::top_k, terse::sampled_top_k, terse::threshold,
                                       terse::random_k, terse::random_block, terse::scaled_sign,
                                       terse::blockwise<terse::top_k>, terse::blockwise<terse::scaled_sign>>;

/// f(name, compressor) for each, for models of some thousand parameters.
template <class F>
void for_each_compressor(F f) {
    f("identity", terse::identity{});
    f("top_k", terse::top_k{.ratio = 0.01});
    f("sampled_top_k", terse::sampled_top_k{.ratio = 0.01, .sample = 0.1});
    f("threshold", terse::threshold{.at_least = 1});
    f("random_k", terse::random_k{.ratio = 0.01});
    f("random_k, own", terse::random_k{.ratio = 0.01, .shared_support = false});
    f("random_block", terse::random_block{.ratio = 0.01});
    f("scaled_sign", terse::scaled_sign{});
    f("blocks, top_k", terse::blockwise<terse::top_k>{.inner = {.ratio = 0.01}, .size = 1000});
    f("blocks, sign", terse::blockwise<terse::scaled_sign>{.inner = {}, .size = 1000});
}

/// f(name, method) for every method that takes a compressor.
template <class C, class F>
void for_each_compressed_method(C const& c, F f) {
    f("gmc", terse::gmc(c));
    f("gmc, previous rate", terse::gmc(c, {.lr = terse::momentum_lr::previous}));
    f("gmc_plus", terse::gmc_plus(c));
    f("gmc_server", terse::gmc_server(c));
    f("gmc_lr_inside", terse::gmc_lr_inside(c));
    f("dgc", terse::dgc(c));
    f("dgc with everything", terse::dgc(c, {.nesterov = true, .clip_norm = 3, .weight_decay = 0.1}));
    f("def_a", terse::def_a(c));
    f("ef_sgd", terse::ef_sgd(c));
    f("ef_sgdm", terse::ef_sgdm(c));
    f("ef_sgdm_dc", terse::ef_sgdm_dc(c));
    f("dist_ef_sgdm", terse::dist_ef_sgdm(c, {.weight_decay = 0.1}));
    f("saef", terse::saef(c, {.period = 2}));
    f("saef_dc", terse::saef_dc(c, {.period = 3}));
}

/// f(name, method) for the others.
template <class F>
void for_each_fixed_method(F f) {
    f("dsgd", terse::dsgd());
    f("dmsgd", terse::dmsgd());
    f("dmsgd_local", terse::dmsgd_local());
    f("nesterov", terse::nesterov());
    f("sign_sgd", terse::sign_sgd());
    f("minibatch_sgd", terse::minibatch_sgd({.period = 3}));
    f("inner_outer_sgd", terse::inner_outer_sgd({.period = 3, .inner_lr = 0.01}));
    f("ac_sa", terse::ac_sa({.period = 2}));
    f("ac_sa, strongly convex", terse::ac_sa({.period = 1, .strong_convexity = 0.3}));
    f("ac_sa, constant weight", terse::ac_sa({.period = 1, .weight = 4}));
    f("qsgd_sgd", terse::qsgd_sgd());
    f("dq_sgd", terse::dq_sgd());
    f("terngrad_sgd", terse::terngrad_sgd());
    f("natural_sgd", terse::natural_sgd());
}

/// d parameters as two matrices and what is left over.
inline terse::layout some_matrices(std::size_t d) {
    if (d < 12) return terse::layout({{"vector", d}});
    auto const cols = (d - 1) / 8, rest = d - 7 * cols;
    return terse::layout({{"wide", 4, cols}, {"bias", rest}, {"tall", cols, 3}});
}

/// f(name, method) for those whose compressors talk, for a model of d parameters.
template <class F>
void for_each_talking_method(std::size_t d, F f) {
    f("power_sgd_momentum", terse::power_sgd_momentum(some_matrices(d)));
    f("power_sgd, local", terse::power_sgd_momentum(some_matrices(d), {.rank = 6,
                                                                       .lr = terse::momentum_lr::current,
                                                                       .adds_update = true,
                                                                       .keeps = terse::power_sgd::residual::local}));
    terse::count_sketch const table{.rows = 3, .columns = 48};
    f("sketched_sgd", terse::sketched_sgd({.ratio = 0.1, .table = table, .candidates = 2}));
    f("sketched_sgd, estimates", terse::sketched_sgd({.ratio = 0.1, .table = table, .candidates = 0, .sum = true}));
    f("fetch_sgd", terse::fetch_sgd({.ratio = 0.1, .table = table}));
    f("fetch_sgd, zeros", terse::fetch_sgd({.ratio = 0.1,
                                            .table = {.columns = 31, .hashing = terse::sketch_hashing::classic},
                                            .after = terse::fetch_top_k::rule::zero}));
    f("dq_sgd, budget", terse::dq_sgd(terse::budgeted_quantizer{.rule = {.a = 0.9, .rounds = 30},
                                                                .budget = 30 * (6.0 * static_cast<double>(d) + 2000)}));
    f("terngrad_sgd, shared", terse::terngrad_sgd(terse::shared_terngrad{.ternary = {.clip = 2.5}}));
    f("terngrad_sgd, shared, layers", terse::terngrad_sgd(terse::shared_terngrad{
                                          .layout = some_matrices(d), .share = terse::shared_terngrad::scale::mean}));
}

} // namespace oracle
