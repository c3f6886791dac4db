// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <exception>
#include <string>

#include <lab/settings.hpp>

namespace lab {

/// Starts MPI if mpiexec started several ranks; otherwise the program does without. Throws configuration_error if it
/// was built without MPI, or with another than that of mpiexec.
void begin_job();
/// Ends MPI, which all ranks do together.
void end_job();

int rank();  ///< of this process; the first one speaks for all
int ranks(); ///< 1 unless there is a job

/// Throws configuration_error if there are more.
void require_one_rank(std::string const& command);

/// What the program ends with for this error.
exit_code code_of(std::exception const& e);

/// Says what went wrong and returns the code. If the other ranks do not fail too, this ends the whole job.
exit_code fail(std::string const& text, exit_code code);

/// Ends the whole job: only this rank failed, and the others would wait for it.
[[noreturn]] void abandon_job(std::exception const& e);

/// f() on the first rank only.
template <class F>
void on_first_rank(F&& f) {
    if (rank() != 0) return;
    if (ranks() == 1) return f();
    try {
        f();
    } catch (std::exception const& e) {
        abandon_job(e);
    }
}

} // namespace lab
