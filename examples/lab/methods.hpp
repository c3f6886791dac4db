// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lab/settings.hpp>

namespace lab {

/// Names and values.
using named_texts = std::vector<std::pair<std::string, std::string>>;

/// A row of a registry without its types.
struct method_info {
    std::string name;
    std::string compressor;       ///< empty if it has none
    bool takes_compressor = true; ///< whether --compressor replaces it
    bool drifts = false;          ///< whether every worker has a model of its own
    named_texts axes;             ///< for drift: step, mixing, outer rule; otherwise: momentum, feedback, downlink
    std::string what, source;
    named_texts defaults; ///< option of the command line, value
};

std::vector<method_info> const& methods();

/// Throws configuration_error, listing the names, if there is none of this name.
method_info const& find_method(std::string_view name);

/// Whether the method takes this option, such as "--beta".
bool takes(method_info const& m, std::string_view option);

/// The options of methods that the user chose.
named_texts chosen_options(method_settings const& s);

/// The topology that a run has, if its workers talk to neighbours.
std::optional<std::string> topology_of(method_settings const& s);
/// The name of the compressor that a run has, empty for none.
std::string const& compressor_of(method_info const& m, method_settings const& s);
/// Whether --k and --ratio say how much it sends.
bool sends_entries(method_info const& m, method_settings const& s);

/// The settings of a run that its method or its compressor has no use for.
std::vector<std::string> unused_options(method_settings const& s);

/// The subcommand `methods`.
void print_methods(bool json);

} // namespace lab
