// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <lab/settings.hpp>

namespace lab {

/// A row of the registry without its types.
struct method_info {
    std::string name, compressor, momentum, feedback, downlink, what, source;
    std::vector<std::pair<std::string, std::string>> defaults; ///< option of the command line, value
};

std::vector<method_info> const& methods();

/// Throws configuration_error, listing the names, if there is none of this name.
method_info const& find_method(std::string_view name);

/// The settings of a run that its method or its compressor has no use for.
std::vector<std::string> unused_options(method_settings const& s);

/// The subcommand `methods`.
void print_methods(bool json);

} // namespace lab
