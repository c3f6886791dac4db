// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/compressors.md
#include <terse/problem/random_quadratic.hpp>
#include <terse/terse.hpp>

#include <cstdio>
#include <cstring>
#include <vector>

namespace {

auto const problem = terse::random_quadratic<float>({.workers = 4, .dimension = 110, .dense = false});

template <class Method>
bool runs(Method const& method) {
    std::vector<float> w(problem.dimension(), 1.0f);
    auto const before = problem.value(w);
    auto run = terse::train(method, terse::simulated{.workers = 4}, w);
    for (int t = 0; t < 50; ++t)
        run.step(0.01, [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
    return problem.value(w) < before;
}

} // namespace

int main(int, char** arguments) {
    // [simple]
    terse::top_k exact{.ratio = 0.01};           // or .count = 1000
    terse::sampled_top_k sampled{.ratio = 0.01}; // .how = terse::sampled_top_k::rule::dgc
    terse::random_block block{.ratio = 0.01};    // .at = terse::random_block::placement::grid
    terse::random_k independent{.ratio = 0.01, .shared_support = false};
    // [simple]
    // [quantizers]
    terse::qsgd bytes{.bits = 8};                                          // or .levels = 100
    terse::qsgd few{.bits = 4, .norm = terse::norm::linf, .bucket = 2048}; // .coding = terse::level_coding::elias
    terse::terngrad ternary{.clip = 2.5};
    terse::natural powers_of_two{};
    terse::dynamic_quantizer dynamic{.constant = 50};
    // [quantizers]
    // [composed]
    terse::composed<terse::top_k, terse::qsgd> both{.select = {.ratio = 0.01}, .quantize = {.bits = 4}};
    // [composed]
    // [blockwise]
    terse::blockwise<terse::scaled_sign> signs{.size = 256}; // one scale for each 256 coordinates
    // [blockwise]
    // [per_segment]
    terse::layout network({{"weights", 10, 10}, {"bias", 10}});
    terse::per_segment<terse::top_k> by_layer{.inner = {.ratio = 0.1}, .layout = network, .dense_below = 64};
    // [per_segment]
    // [half_values]
    terse::half_values<terse::top_k> short_values{.inner = {.ratio = 0.01}, .to = terse::wire::precision::bf16};
    // [half_values]
    char const* const name = arguments[0] != nullptr && std::strstr(arguments[0], "sign") != nullptr ? "sign" : "top_k";
    // [any_of]
    terse::any_of<terse::top_k, terse::scaled_sign> chosen;
    if (std::strcmp(name, "top_k") == 0)
        chosen = terse::top_k{.ratio = 0.05};
    else
        chosen = terse::scaled_sign{};
    auto method = terse::gmc(chosen, {.beta = 0.9});
    // [any_of]
    bool const good = runs(terse::gmc(exact)) && runs(terse::gmc(sampled)) && runs(terse::gmc_plus(block)) &&
                      runs(terse::gmc(independent)) && runs(terse::saef_dc(signs)) && runs(terse::gmc(by_layer)) &&
                      runs(terse::gmc(short_values)) && runs(method) && runs(terse::qsgd_sgd(bytes)) &&
                      runs(terse::qsgd_sgd(few)) && runs(terse::terngrad_sgd(ternary)) &&
                      runs(terse::compose(powers_of_two, terse::no_momentum{}, terse::no_feedback{})) &&
                      runs(terse::dq_sgd(dynamic)) && runs(terse::gmc(both));

    // [health]
    std::vector<float> w(problem.dimension(), 1.0f);
    auto run = terse::train(terse::gmc({.ratio = 0.1}), terse::simulated{.workers = 4}, w);
    run.measure_health();
    for (int t = 0; t < 50; ++t)
        run.step(0.01, [](terse::worker_context at, auto x, auto g) { problem.gradient(at.worker, x, g); });
    terse::health const h = run.health();
    std::printf("contraction %.3f, residual / gradient %.2f\n", h.contraction, h.residual_ratio);
    // [health]
    return good && h.contraction > 0 && h.contraction < 1 ? 0 : 1;
}
