// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/error.hpp>
#include <terse/loop/train.hpp>
#include <terse/run/checkpoint.hpp>

#include <lab/cluster.hpp>
#include <lab/engine.hpp>

namespace lab {

/// Any of the library's runs behind the interface.
template <class T, class Run>
class engine_of final : public engine<T> {
public:
    explicit engine_of(Run run) : run_(std::move(run)) {}

    void step(double lr, gradient_function<T> const& gradient) override { run_.step(lr, gradient); }
    void output(std::span<T> out) const override {
        if constexpr (drifts)
            run_.mean(out);
        else
            terse::cpu::copy(run_.w(), terse::view<terse::cpu, T>(out.data(), out.size()));
    }
    void corrected(std::span<T> out) const override {
        if constexpr (drifts)
            throw terse::configuration_error("corrected: there is none where every worker has a model");
        else
            run_.corrected(out);
    }
    void models(std::function<void(std::uint32_t, std::span<T const>)> const& use) override {
        if constexpr (drifts)
            gather(use);
        else
            throw terse::configuration_error("models: all workers of this method have the same");
    }
    terse::traffic_account const& traffic() const override { return run_.traffic(); }
    void measure_health() override { run_.measure_health(); }
    terse::health health() const override { return run_.health(); }
    std::uint64_t round() const override { return run_.round(); }
    round_report last_round() const override {
        round_report r;
        r.round = run_.round() - 1;
        r.moved = run_.traffic().round;
        if constexpr (!drifts) {
            r.sent = run_.sent();
            r.attendances = run_.attendances();
            if constexpr (requires { run_.method().work.count; }) r.gradients = run_.method().work.count;
        }
        return r;
    }
    void save(std::string const& file, std::string const& label, terse::simulated_clock* clock) override {
        try {
            timed_run timed{run_, clock};
            terse::save_checkpoint(timed, file, label);
        } catch (terse::checkpoint_error const& e) {
            throw terse::error(e.what()); // nothing was read, so nothing is corrupt
        }
    }
    void load(std::string const& file, std::string const& label, terse::worker_change change,
              terse::simulated_clock* clock) override {
        timed_run timed{run_, clock};
        terse::load_checkpoint(timed, file, label, change);
    }

private:
    // The run with a clock as a part of its state, for checkpoints.
    struct timed_run {
        Run& run;
        terse::simulated_clock* clock;

        auto& session() { return run.session(); }
        auto w() const { return run.w(); }
        std::uint32_t workers() const { return run.workers(); }
        std::uint64_t seed() const { return run.seed(); }
        auto fresh_worker() const { return run.fresh_worker(); }
        bool allows(terse::worker_change change) const {
            if constexpr (drifts) return run.allows(change);
            return true;
        }
        template <class A>
        void state(A& archive) {
            run.state(archive);
            if (clock != nullptr) clock->state(archive);
        }
        template <class A>
        void worker_state(A& archive, std::size_t k) {
            run.worker_state(archive, k);
        }
    };

    static constexpr bool drifts = requires(Run const& run, std::span<T>& out) { run.mean(out); };

    // As a checkpoint does.
    void gather(std::function<void(std::uint32_t, std::span<T const>)> const& use) {
        auto& session = run_.session();
        if constexpr (requires { session.begin_checkpoint(); }) session.begin_checkpoint();
        std::vector<T> x(run_.w().size());
        for (std::uint32_t k = 0; k < run_.workers(); ++k) {
            std::vector<std::byte> bytes;
            if (k >= session.first() && k - session.first() < session.hosted()) {
                auto const own = run_.model(k - session.first());
                bytes.resize(own.size() * sizeof(T));
                std::memcpy(bytes.data(), own.data(), bytes.size());
            }
            if constexpr (requires { session.to_first(k, bytes); }) session.to_first(k, bytes);
            if (session.first() != 0) continue;
            std::memcpy(x.data(), bytes.data(), bytes.size());
            use(k, x);
        }
    }

    Run run_;
};

/// The library's options of a method, where the user did not say otherwise.
template <class O>
O effective_options(O o, method_settings const& s) {
    if constexpr (requires { o.beta; }) o.beta = s.beta.value_or(o.beta);
    if constexpr (requires { o.lambda; }) o.lambda = s.lambda.value_or(o.lambda);
    if constexpr (requires { o.lr; }) o.lr = s.momentum_lr.value_or(o.lr);
    if constexpr (requires { o.period; }) {
        using count = decltype(o.period);
        if (s.period && *s.period > std::numeric_limits<count>::max())
            throw terse::configuration_error("--period is too large");
        if (s.period) o.period = static_cast<count>(*s.period);
    }
    if constexpr (requires { o.inner_lr; }) o.inner_lr = s.inner_lr;
    if constexpr (requires { o.strong_convexity; })
        o.strong_convexity = s.strong_convexity.value_or(o.strong_convexity);
    if constexpr (requires { o.weight; }) o.weight = s.weight.value_or(o.weight);
    if constexpr (requires { o.weight_decay; }) o.weight_decay = s.weight_decay;
    if constexpr (requires { o.outer_beta; }) o.outer_beta = s.outer_beta.value_or(o.outer_beta);
    if constexpr (requires { o.alpha; }) o.alpha = s.alpha.value_or(o.alpha);
    if constexpr (requires { o.pull; }) o.pull = s.pull.value_or(o.pull);
    if constexpr (requires { o.zeta; }) o.zeta = s.zeta.value_or(o.zeta);
    if constexpr (requires { o.buffers; }) o.buffers = s.buffers.value_or(o.buffers);
    if constexpr (requires { o.block_averaging; }) o.block_averaging = s.block_averaging;
    if constexpr (requires { o.topology; })
        if (s.topology) o.topology = *s.topology;
    if constexpr (requires { o.rank; }) o.rank = s.rank.value_or(o.rank);
    if constexpr (requires { o.rho; }) o.rho = s.beta.value_or(o.rho);
    if constexpr (requires { o.candidates; }) o.candidates = s.candidates.value_or(o.candidates);
    if constexpr (requires { o.table; }) {
        o.table.rows = s.rows.value_or(o.table.rows);
        o.table.columns = s.columns.value_or(o.table.columns);
    }
    return o;
}

/// Starts a run of the library's method, which clips and decays as the settings say.
template <class T, class Method>
std::unique_ptr<engine<T>> start_method(Method method, method_settings const& s, cluster_settings const& c,
                                        std::span<T> w) {
    method.clip.norm = s.clip_norm;
    if (s.weight_decay != 0) method.decay.rate = s.weight_decay;
    auto const start_on = [&](auto const& chosen) -> std::unique_ptr<engine<T>> {
        auto run = terse::train(std::move(method), chosen, w, {.seed = c.seed});
        return std::make_unique<engine_of<T, decltype(run)>>(std::move(run));
    };
    cluster const all{.workers = c.workers, .threads = c.threads};
    if constexpr (requires { method.mixing; })
        return start_on(all);
    else
        return start_on(attended_cluster{all, c.faults});
}

} // namespace lab
