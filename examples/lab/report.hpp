// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <span>
#include <stdexcept>
#include <string>

#include <terse/error.hpp>
#include <terse/run/record.hpp>

#include <lab/settings.hpp>

namespace lab {

/// A run whose numbers are no longer finite.
struct diverged_error : terse::error {
    using terse::error::error;
};

/// Program, version, compiler and its flags: how a file of records begins.
terse::fields program_fields();

/// What a method and its compressor came to be, with the library's defaults filled in.
terse::fields method_fields(method_settings const& s);

/// 1234567 as "1.23 MB".
std::string bytes_text(double bytes);
/// A number in a few digits, for tables.
std::string short_text(double x, int digits = 6);

/// Whether standard error is a terminal.
bool is_terminal();

/// sqrt(sum (a_i - b_i)^2).
template <class T>
double distance(std::span<T const> a, std::span<T const> b);

/// Throws diverged_error unless all numbers are finite.
template <class T>
void require_finite(std::span<T const> w, std::string const& who);

} // namespace lab
