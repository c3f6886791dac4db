// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string>

#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dmsgd_local.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/saef.hpp>
#include <terse/method/sign_sgd.hpp>

namespace oracle {

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
}

} // namespace oracle
