// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// bench_mpi <seconds for each row> <dimension>...: the time of a round on the ranks of MPI, with a gradient that costs
// one copy, next to MPI_Allreduce of the dense gradient. One row of a Markdown table each; the median of the rounds,
// each as long as on its slowest rank.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/saef.hpp>
#include <terse/mpi.hpp>
#include <terse/random.hpp>

namespace {

using terse::mpi::exchange;

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <class F>
double time_of(F&& f) {
    MPI_Barrier(MPI_COMM_WORLD);
    double const start = seconds();
    f();
    double const mine = seconds() - start;
    double slowest = 0;
    MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    return slowest;
}

/// The median of at least two calls, after one that does not count, unless that one alone is beyond the budget; all
/// ranks make the same number of calls.
template <class F>
double median_time(double budget, F&& f) {
    if (double const first = time_of(f); first > budget) return first;
    std::vector<double> times;
    for (double spent = 0; times.size() < 2 || (spent < budget && times.size() < 50); spent += times.back())
        times.push_back(time_of(f));
    std::ranges::sort(times);
    return times[times.size() / 2];
}

struct rounds {
    double budget;
    std::size_t d;
    std::vector<float> g, w;
    double baseline = 0;
    int rank = 0;

    rounds(double b, std::size_t n) : budget(b), d(n), g(n), w(n) {
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        terse::random_stream const random(static_cast<std::uint64_t>(rank), terse::purpose::user);
        for (std::size_t i = 0; i < d; ++i) g[i] = static_cast<float>(random.normal(i));
        std::vector<float> sum(d);
        baseline = median_time(budget, [&] {
            MPI_Allreduce(g.data(), sum.data(), static_cast<int>(d), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
        });
        row("MPI_Allreduce of the gradient", "", baseline);
    }
    void row(char const* what, char const* way, double time) const {
        if (rank != 0) return;
        std::printf("| %zu | %s | %s | %.1f | %.2f |\n", d, what, way, 1e3 * time, time / baseline);
        std::fflush(stdout);
    }
    template <class Method>
    void add(char const* what, Method const& method, exchange way) {
        std::ranges::fill(w, 0.f);
        auto run = terse::train(method, terse::mpi::cluster{.exchange = way}, w);
        double const time = median_time(budget, [&] {
            run.step(1e-6, [&](terse::worker_context, auto, auto to) { std::ranges::copy(g, to.begin()); });
        });
        row(what,
            way == exchange::collective         ? "collective"
            : way == exchange::parameter_server ? "parameter server"
                                                : "all-reduce",
            time);
    }
};

void measure(double budget, std::size_t d) {
    rounds r(budget, d);
    terse::top_k const top{.ratio = 0.01};
    terse::random_block const block{.ratio = 0.01};
    r.add("dmsgd", terse::dmsgd(), exchange::collective);
    r.add("dmsgd", terse::dmsgd(), exchange::all_reduce);
    r.add("gmc, top_k 1%", terse::gmc(top), exchange::collective);
    r.add("gmc, top_k 1%", terse::gmc(top), exchange::parameter_server);
    r.add("saef_dc, top_k 1%", terse::saef_dc(top, {.period = 0}), exchange::parameter_server);
    r.add("gmc_plus, random_block 1%", terse::gmc_plus(block), exchange::collective);
    r.add("gmc_plus, random_block 1%", terse::gmc_plus(block), exchange::all_reduce);
}

} // namespace

int main(int count, char** arguments) {
    MPI_Init(&count, &arguments);
    try {
        for (int i = 2; i < count; ++i)
            measure(std::atof(arguments[1]), static_cast<std::size_t>(std::atoll(arguments[i])));
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Finalize();
}
