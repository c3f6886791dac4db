// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

#include "gradient.hpp"

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;

// What a round cannot do without: the takes of its workers.
class takes {
public:
    takes(std::size_t workers, std::size_t d, double density) : compressor_{.ratio = density}, out_(workers) {
        residuals_.resize(workers);
        gradients_.resize(workers);
        for (auto& e : residuals_) e.assign(d, 0.0F);
        for (auto& g : gradients_) g.resize(d);
        at_.temporary = &temporary_;
    }
    /// The time of one round. All gradients are written before the first is used, as after a wave of backward passes.
    double round(view<cpu, float const> numbers) {
        for (std::size_t k = 0; k < gradients_.size(); ++k) write_gradient(numbers, at_.round, k, gradients_[k]);
        auto const begin = processor_time();
        for (std::size_t k = 0; k < gradients_.size(); ++k)
            terse::take<cpu, float>(compressor_, 1.0F, gradients_[k], 1.0F, residuals_[k], out_[k], at_);
        ++at_.round;
        return processor_time() - begin;
    }
    /// The time of as many additions to others.
    double additions(std::vector<terse::buffer<cpu, float>>& others) {
        auto const begin = processor_time();
        for (std::size_t k = 0; k < gradients_.size(); ++k) cpu::axpy(1.0F, gradients_[k], view<cpu, float>(others[k]));
        return processor_time() - begin;
    }

private:
    terse::top_k compressor_;
    std::vector<terse::sparse_message<cpu, float>> out_;
    std::vector<terse::buffer<cpu, float>> residuals_, gradients_;
    terse::scratch<cpu> temporary_;
    terse::context<cpu> at_;
};

// A whole round of gmc, without the time of the gradients, against the takes of its workers alone.
void measure_round(benchmark::State& state, benchmark_row const& row, std::uint32_t workers) {
    auto& x = vectors_of<float>(row.d, row.input);
    terse::buffer<cpu, float> w;
    w.assign(row.d, 0.0F);
    auto run =
        terse::train(terse::gmc({.ratio = row.density}), terse::simulated{.workers = workers}, view<cpu, float>(w));
    auto const round = [&] {
        double spent = 0; // on gradients
        auto const begin = processor_time();
        run.step(0.1, [&](terse::worker_context at, view<cpu, float const>, view<cpu, float> g) {
            auto const called = processor_time();
            write_gradient(x.g(), at.round, at.worker, g);
            spent += processor_time() - called;
        });
        return processor_time() - begin - spent;
    };
    takes alone(workers, row.d, row.density);
    std::vector<terse::buffer<cpu, float>> sums(workers);
    for (auto& s : sums) s.assign(row.d, 0.0F);

    std::vector<double> rounds, of_takes, of_addition;
    for (auto _ : state) {
        (void)_;
        for (int turn = -5; turn < (options().smoke() ? 1 : 9); ++turn) {
            auto const taken = alone.round(x.g());
            auto const whole = round();
            auto const added = alone.additions(sums);
            if (turn < 0) continue; // residuals fill up
            rounds.push_back(whole);
            of_takes.push_back(whole / taken);
            of_addition.push_back(whole / added);
        }
    }
    report(state, {median(rounds), median(of_addition), 0}, 8.0 * static_cast<double>(row.d) * workers);
    state.counters["of_takes"] = median(of_takes);
    char text[64];
    std::snprintf(text, sizeof text, "%.2f x its takes", median(of_takes));
    state.SetLabel(text);
}

void add_round(std::uint32_t workers, std::size_t d, double density) {
    add_benchmark({"gmc round, " + std::to_string(workers) + " workers", d, density},
                  [workers](benchmark::State& state, benchmark_row const& row) { measure_round(state, row, workers); });
}

benchmarks const rounds([] {
    if (options().instructions) return;
    for (auto const workers : {8U, 64U})
        for (auto const d : options().sizes({1'000'000}, {100'000, 1'000'000, 25'000'000}))
            for (auto const density : {0.001, 0.01, 0.1})
                if (options().full() ? workers * d < 250'000'000 : density < 0.1)
                    add_round(options().smoke() ? 2 : workers, d, density);
});

} // namespace
