// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// How a method looks in every figure: the name for people, a colour that the colour-blind can tell from the others, a
/// dash type.
struct curve_style {
    std::string title;
    std::string colour;
    std::string dash = "1";
};
curve_style style_of(std::string_view method);

/// gnuplot's words for it: `lc rgb .. lw .. dt .. title ..`.
std::string line_of(std::string_view method, char const* width = "1.5");

/// Writes <name>.gp next to the data, which makes <name>.svg and <name>.png in its folder. `prepare` comes
/// once, `body` is what to draw; width and height are pixels.
void write_figure(std::filesystem::path const& folder, std::string const& name, int width, int height,
                  std::string const& body, std::string const& prepare = {});

/// Runs gnuplot on each <name>.gp in the folder. False if there is no gnuplot, or if it fails, which is said on
/// standard error.
bool draw_figures(std::filesystem::path const& folder, std::vector<std::string> const& names);

/// Creates the folder; throws configuration_error if that is impossible.
void make_folder(std::filesystem::path const& folder);

} // namespace lab
