// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string>
#include <tuple>
#include <utility>

#include <terse/backend/cpu.hpp>
#include <terse/error.hpp>
#include <terse/loop/train.hpp>
#include <terse/run/checkpoint.hpp>

#include <lab/cluster.hpp>
#include <lab/compressor.hpp>
#include <lab/engine.hpp>
#include <lab/registry.hpp>

namespace lab {

/// Any of the library's runs behind the interface.
template <class T, class Run>
class engine_of final : public engine<T> {
public:
    explicit engine_of(Run run) : run_(std::move(run)) {}

    void step(double lr, gradient_function<T> const& gradient) override { run_.step(lr, gradient); }
    void corrected(std::span<T> out) const override { run_.corrected(out); }
    terse::traffic_account const& traffic() const override { return run_.traffic(); }
    void measure_health() override { run_.measure_health(); }
    terse::health health() const override { return run_.health(); }
    std::uint64_t round() const override { return run_.round(); }
    void save(std::string const& file, std::string const& label) override {
        try {
            terse::save_checkpoint(run_, file, label);
        } catch (terse::checkpoint_error const& e) {
            throw terse::error(e.what()); // nothing was read, so nothing is corrupt
        }
    }
    void load(std::string const& file, std::string const& label, terse::worker_change change) override {
        terse::load_checkpoint(run_, file, label, change);
    }

private:
    Run run_;
};

/// The library's options of a method, where the user did not say otherwise.
template <class O>
O effective_options(O o, method_settings const& s) {
    if constexpr (requires { o.beta; }) o.beta = s.beta.value_or(o.beta);
    if constexpr (requires { o.lambda; }) o.lambda = s.lambda.value_or(o.lambda);
    if constexpr (requires { o.lr; }) o.lr = s.momentum_lr.value_or(o.lr);
    if constexpr (requires { o.period; }) o.period = s.period.value_or(o.period);
    if constexpr (requires { o.weight_decay; }) o.weight_decay = s.weight_decay;
    return o;
}

template <class T, class Row>
std::unique_ptr<engine<T>> start_row(Row const& row, method_settings const& s, cluster_settings const& c,
                                     std::span<T> w, terse::layout const& layers) {
    auto const options = effective_options(row.options, s);
    auto choice = s.compressor;
    if (choice.name.empty()) {
        choice.name = row.compressor;
        if constexpr (requires { options.block; }) choice.block = choice.block.value_or(options.block);
    }
    auto method = row.recipe(make_compressor(choice, layers), options);
    method.clip.norm = s.clip_norm;
    if constexpr (!requires { options.weight_decay; }) method.decay.rate = s.weight_decay;
    auto run =
        terse::train(std::move(method), cluster{.workers = c.workers, .threads = c.threads}, w, {.seed = c.seed});
    return std::make_unique<engine_of<T, decltype(run)>>(std::move(run));
}

template <class T>
std::unique_ptr<engine<T>> start(method_settings const& method, cluster_settings const& cluster, std::span<T> w,
                                 terse::layout const& layers) {
    std::unique_ptr<engine<T>> made;
    std::apply(
        [&](auto const&... row) {
            ((row.name == method.name ? void(made = start_row<T>(row, method, cluster, w, layers)) : void()), ...);
        },
        registry);
    if (!made) throw terse::configuration_error("there is no method \"" + method.name + "\"");
    return made;
}

} // namespace lab
