// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Prints a hash of w, and of every model where each worker has one, after every round, for each method with each
// compressor, on 1, 2, 3 and 8 threads, and compares them with the lines of a file. FEW_METHODS leaves most methods
// out, for builds of which there are many.
#include <bit>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <terse/terse.hpp>

#include "oracle/all_methods.hpp"
#include "oracle/drift_methods.hpp"
#include "oracle/random_run.hpp"

namespace {

constexpr std::uint32_t workers = 5;
constexpr std::size_t d = 4200; // more than a block of the sums
constexpr int rounds = 8;

std::set<std::string> expected;
int seen = 0, wrong = 0;

template <class T>
struct noisy {
    void operator()(terse::worker_context at, terse::view<terse::cpu, T const> x, terse::view<terse::cpu, T> g) const {
        for (std::size_t i = 0; i < g.size(); ++i)
            g[i] = static_cast<T>(1 + (i + at.worker) % 5) * x[i] -
                   static_cast<T>(4 * oracle::uniform({at.worker, at.round, i}) - 1);
    }
};

template <class T, class Method>
std::uint64_t hash_of(Method const& method, unsigned threads) {
    std::vector<T> w(d, T(1));
    auto run = terse::train(method, terse::simulated{.workers = workers, .threads = threads}, w, {.seed = 5});
    std::uint64_t h = 0;
    auto const add = [&h](auto const& vector) {
        for (T const x : vector) {
            h = (h ^ std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(x)) *
                0x9e3779b97f4a7c15u;
            h ^= h >> 29;
        }
    };
    for (int t = 0; t < rounds; ++t) {
        run.step(t < 5 ? 0.02 : 0.005, noisy<T>{});
        add(w);
        if constexpr (requires { run.model(0); })
            for (std::uint32_t k = 0; k < workers; ++k) add(run.model(k));
    }
    return h;
}

template <class T, class Method>
void show(std::string const& method_name, char const* compressor, Method const& method) {
    auto const h = hash_of<T>(method, 1);
    char line[100];
    std::snprintf(line, sizeof line, "%-22s %-15s %-6s %016llx", method_name.c_str(), compressor,
                  sizeof(T) == 4 ? "float" : "double", static_cast<unsigned long long>(h));
    bool same = expected.empty() || expected.contains(line);
    for (unsigned const threads : {2u, 3u, 8u}) same = hash_of<T>(method, threads) == h && same;
    std::printf("%s%s\n", line, same ? "" : "  <- not the same bits");
    ++seen;
    if (!same) ++wrong;
}

void with(char const* compressor, oracle::every_compressor const& c) {
    auto const f = [&](std::string const& name, auto const& method) { show<float>(name, compressor, method); };
#ifdef FEW_METHODS
    f("gmc_plus", terse::gmc_plus(c));
    f("dgc with everything", terse::dgc(c, {.nesterov = true, .clip_norm = 3, .weight_decay = 0.1}));
    f("saef_dc", terse::saef_dc(c, {.period = 3}));
#else
    oracle::for_each_compressed_method(c, f);
    show<double>("gmc", compressor, terse::gmc(c));
#endif
}

} // namespace

int main(int count, char** arguments) {
    if (count > 1) {
        std::ifstream in(arguments[1]);
        for (std::string line; std::getline(in, line);) expected.insert(line);
        if (expected.empty()) return 2;
    }
    oracle::for_each_compressor(with);
    auto const as_it_is = [](char const* name, auto const& method) { show<float>(name, "-", method); };
#ifdef FEW_METHODS
    as_it_is("slowmo", terse::slowmo({.period = 3}));
    as_it_is("cser", terse::cser({.count = 2, .count1 = 4, .period = 3}));
#else
    oracle::for_each_fixed_method(as_it_is);
    oracle::for_each_talking_method(d, as_it_is);
    oracle::for_each_drift_method(as_it_is);
    oracle::for_each_decentralized_method(workers, as_it_is);
    if (!expected.empty() && static_cast<std::size_t>(seen) != expected.size()) {
        std::printf("%d lines, but the table has %zu\n", seen, expected.size());
        return 1;
    }
#endif
    std::printf("%d hashes on 1, 2, 3 and 8 threads, %d of them not as they should be\n", seen, wrong);
    return wrong == 0 ? 0 : 1;
}
