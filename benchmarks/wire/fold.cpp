// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <string>
#include <vector>

#include <terse/terse.hpp>
#include <terse/testing/benchmark.hpp>

namespace {

using namespace terse::testing;
using terse::cpu;
using terse::view;

// The mean of the messages of so many workers, against e += g of one vector.
template <class C>
void add(std::string const& name, C const& compressor, std::size_t workers, std::size_t d, double density = 0) {
    add_benchmark({"fold " + std::to_string(workers) + " of " + name, d, density},
                  [=](benchmark::State& state, benchmark_row const& row) {
                      auto& x = vectors_of<float>(row.d, row.input);
                      terse::scratch<cpu> temporary;
                      terse::context<cpu> at;
                      at.temporary = &temporary;
                      std::vector<terse::message_of<C, cpu, float>> messages(workers);
                      double bytes = 0;
                      for (auto& m : messages) {
                          compressor.compress(x.g(), m, at);
                          bytes += static_cast<double>(m.bytes());
                          ++at.worker;
                      }
                      terse::folder<cpu, float> folder;
                      terse::update<cpu, float> mean;
                      against_addition<float>(state, row, x, bytes, [&](auto, auto) {
                          folder.fold(
                              workers, [&](std::size_t i) -> auto const& { return messages[i]; }, 0.5F, mean);
                      });
                      report_message<float>(state, mean, x.e());
                  });
}

benchmarks const sparse([] {
    using numbers = std::vector<std::size_t>;
    for (auto const d : options().sizes({1'000'000, 25'000'000}))
        for (auto const density : {0.001, 0.01, 0.1})
            for (auto const workers : options().smoke() ? numbers{3} : numbers{8, 64, 1000}) {
                auto const entries = static_cast<double>(workers) * density * static_cast<double>(d);
                auto const wanted = options().full() ? 2e8 : options().instructions ? 1e7 : 2e6;
                if (entries > wanted || (density > 0.01 && workers > 64)) continue;
                add("random_k", terse::random_k{.ratio = density, .shared_support = false}, workers, d, density);
            }
});

benchmarks const others([] {
    for (auto const d : options().sizes({1'000'000}))
        for (auto const workers : {std::size_t{8}, std::size_t{64}}) {
            if (static_cast<double>(workers * d) > 1e9) continue;
            add("random_k, shared", terse::random_k{.ratio = 0.01}, workers, d, 0.01);
            add("random_block", terse::random_block{.ratio = 0.01}, workers, d, 0.01);
            add("scaled_sign", terse::scaled_sign{}, workers, d);
            if (workers == 8) add("identity", terse::identity{}, workers, d);
        }
});

} // namespace
