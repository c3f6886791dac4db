// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/method/bmuf.hpp>
#include <terse/method/cser.hpp>

#include <terse/method/d_psgd.hpp>
#include <terse/method/decentralized_sgdm.hpp>
#include <terse/method/local_sgd.hpp>
#include <terse/method/overlap_local_sgd.hpp>
#include <terse/method/pr_sgd_m.hpp>
#include <terse/method/qsparse_local_sgd.hpp>
#include <terse/method/slowmo.hpp>

namespace oracle {

/// f(name, method) for every method in which each worker has a model, as they are and with their options.
template <class F>
void for_each_drift_method(F f) {
    using enum terse::buffer_strategy;
    f("local_sgd", terse::local_sgd({.period = 3}));
    f("local_sgd, period 1", terse::local_sgd({.period = 1}));
    f("pr_sgd_m", terse::pr_sgd_m({.period = 3}));
    f("pr_sgd_m, buffers maintained", terse::pr_sgd_m({.period = 2, .buffers = maintain}));
    f("pr_sgd_m_nesterov", terse::pr_sgd_m_nesterov({.period = 4}));
    f("pr_sgd_m_cleared", terse::pr_sgd_m_cleared({.period = 3}));
    f("slowmo", terse::slowmo({.period = 3}));
    f("slowmo, buffers averaged", terse::slowmo(terse::polyak_step{}, {.period = 2, .alpha = 0.8, .buffers = average}));
    f("slowmo_no_average", terse::slowmo_no_average(terse::polyak_step{}, {.period = 3}));
    f("bmuf", terse::bmuf({.period = 3}));
    f("bmuf_nesterov", terse::bmuf_nesterov({.period = 2, .outer_beta = 0.5, .zeta = 0.9}));
    f("overlap_local_sgd", terse::overlap_local_sgd());
    f("overlap_local_sgd_m", terse::overlap_local_sgd_m({.period = 3, .outer_beta = 0.4, .beta = 0.6}));
    f("cser", terse::cser({.count = 2, .count1 = 4, .period = 3}));
    f("m_cser", terse::m_cser(terse::random_block{.ratio = 0.5}, terse::random_block{.ratio = 0.2}, {.period = 2}));
    f("m_cser, blocks", terse::m_cser(terse::random_block{.ratio = 0.5}, terse::random_block{.ratio = 0.2},
                                      {.period = 2, .block_averaging = true}));
    f("m_cser_nesterov", terse::m_cser_nesterov(terse::top_k{.ratio = 0.4}, terse::random_k{.ratio = 0.2}));
    f("qsparse_local_sgd", terse::qsparse_local_sgd({.ratio = 0.2, .period = 3}));
    f("qsparse_local_sgd, signs", terse::qsparse_local_sgd(terse::scaled_sign{}, {.period = 2}));
}

/// f(name, method) for every one whose so many workers talk to neighbours only.
template <class F>
void for_each_decentralized_method(std::size_t workers, F f) {
    auto const n = static_cast<std::uint32_t>(workers);
    f("decentralized_sgdm, ring", terse::decentralized_sgdm(terse::topology::ring(n)));
    f("decentralized_sgdm, star", terse::decentralized_sgdm(terse::topology::star(n), {.beta = 0.5}));
    f("decentralized_sgdm, one peer", terse::decentralized_sgdm(terse::one_peer_exponential(n)));
    f("d_psgd, exponential", terse::d_psgd(terse::topology::exponential(n)));
    f("d_psgd, momentum of each", terse::d_psgd(terse::topology::ring(n), {.beta = 0.9}));
}

} // namespace oracle
