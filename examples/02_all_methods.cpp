// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// Every method of the library on one quadratic whose workers disagree: where each ends, and what it sent.
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

namespace {

constexpr std::size_t dimension = 50;
constexpr std::uint32_t workers = 8;
constexpr int rounds = 3000;

auto const problem = terse::random_quadratic({.workers = workers, .dimension = dimension, .heterogeneity = 3});
auto const optimum = problem.optimum();
int diverged = 0;

template <class Method>
void show(char const* name, Method const& method) {
    std::vector<double> w(dimension, 0.0);
    auto sgd = terse::train(method, terse::simulated{.workers = workers}, w);
    for (int t = 0; t < rounds; ++t)
        sgd.step(0.004, [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
    double squares = 0;
    for (std::size_t i = 0; i < dimension; ++i) squares += (w[i] - optimum[i]) * (w[i] - optimum[i]);
    auto const& traffic = sgd.traffic();
    std::printf("%-15s%12.3e%12llu%12llu%10.3f\n", name, std::sqrt(squares),
                static_cast<unsigned long long>(traffic.total.up), static_cast<unsigned long long>(traffic.total.down),
                traffic.rcc());
    if (!(squares < 1e3)) ++diverged;
}

} // namespace

int main() {
    using namespace terse;
    std::printf("%-15s%12s%12s%12s%10s\n", "method", "distance", "bytes up", "bytes down", "RCC");
    show("dsgd", dsgd());
    show("dmsgd", dmsgd());
    show("dmsgd_local", dmsgd_local());
    show("nesterov", nesterov());
    show("gmc", gmc({.ratio = 0.1}));
    show("gmc_plus", gmc_plus({.ratio = 0.1}));
    show("gmc_server", gmc_server({.ratio = 0.1}));
    show("gmc_lr_inside", gmc_lr_inside({.ratio = 0.1}));
    show("dgc", dgc({.ratio = 0.1, .factor_masking = false}));
    show("dgc_mfm", dgc({.ratio = 0.1}));
    show("def_a", def_a({.ratio = 0.1}));
    show("ef_sgd", ef_sgd({.ratio = 0.1}));
    show("ef_sgdm", ef_sgdm({.ratio = 0.1}));
    show("ef_sgdm_dc", ef_sgdm_dc({.ratio = 0.1}));
    show("dist_ef_sgdm", dist_ef_sgdm());
    show("saef", saef({.ratio = 0.1, .period = 20}));
    show("saef_dc", saef_dc({.ratio = 0.1, .period = 20}));
    show("sign_sgd", sign_sgd());
    show("qsgd_sgd", qsgd_sgd());
    show("dq_sgd", dq_sgd());
    show("terngrad_sgd", terngrad_sgd());
    show("natural_sgd", natural_sgd());
    return diverged;
}
