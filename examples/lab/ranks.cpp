// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/ranks.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

#ifdef TERSE_LAB_MPI
#include <mpi.h>
#endif

#include <terse/error.hpp>
#include <terse/run/archive.hpp>

#include <lab/report.hpp>

namespace lab {

namespace {

int my_rank = 0;
int all_ranks = 1;

// Open MPI, the launchers that speak PMI (MPICH, Intel MPI), and Slurm say it in the environment.
int started_ranks() {
    int n = 1;
    for (char const* const name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"})
        if (char const* const text = std::getenv(name)) n = std::max(n, std::atoi(text));
    return n;
}

template <class E>
bool is(std::exception const& e) {
    return dynamic_cast<E const*>(&e) != nullptr;
}

} // namespace

int rank() { return my_rank; }
int ranks() { return all_ranks; }

#ifdef TERSE_LAB_MPI

void begin_job() {
    auto const started = started_ranks();
    if (started == 1) return;
    int level = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &my_rank);
    MPI_Comm_size(MPI_COMM_WORLD, &all_ranks);
    if (all_ranks == 1)
        throw terse::configuration_error("started on " + std::to_string(started) +
                                         " ranks that do not find each other: is mpiexec of another MPI than terse-lab "
                                         "was built with?");
}

void end_job() {
    int started = 0;
    MPI_Initialized(&started);
    if (started != 0) MPI_Finalize();
}

namespace {

[[noreturn]] void abort_job(std::string const& text, exit_code code) {
    std::cerr << "terse-lab: rank " << my_rank << ": " << text << std::endl;
    // MPICH's launcher may drop what a rank wrote just before.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    MPI_Abort(MPI_COMM_WORLD, code);
    std::abort();
}

} // namespace

void abandon_job(std::exception const& e) { abort_job(e.what(), code_of(e)); }

exit_code fail(std::string const& text, exit_code code) {
    if (all_ranks > 1) {
        using clock = std::chrono::steady_clock;
        MPI_Request others{};
        MPI_Ibarrier(MPI_COMM_WORLD, &others);
        int all_failed = 0;
        for (auto const start = clock::now(); clock::now() < start + std::chrono::seconds(1);) {
            MPI_Test(&others, &all_failed, MPI_STATUS_IGNORE);
            if (all_failed != 0) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (all_failed == 0) abort_job(text, code);
        if (my_rank != 0) return code;
    }
    std::cerr << "terse-lab: " << text << '\n';
    return code;
}

#else

void begin_job() {
    if (auto const n = started_ranks(); n > 1)
        throw terse::configuration_error("started on " + std::to_string(n) +
                                         " ranks, but built without MPI: each would do the whole run on its own");
}

void end_job() {}

void abandon_job(std::exception const& e) { std::exit(fail(e.what(), code_of(e))); }

exit_code fail(std::string const& text, exit_code code) {
    std::cerr << "terse-lab: " << text << '\n';
    return code;
}

#endif

void require_one_rank(std::string const& command) {
    if (all_ranks > 1) throw terse::configuration_error(command + " does not run on several ranks, only run does");
}

exit_code code_of(std::exception const& e) {
    if (is<terse::input_error>(e) || is<terse::checkpoint_error>(e)) return corrupt_input;
    if (is<terse::non_finite_error>(e) || is<terse::overflow_error>(e) || is<diverged_error>(e)) return numerical;
    if (is<terse::configuration_error>(e) || is<terse::dimension_error>(e)) return bad_usage;
    return failure;
}

} // namespace lab
