// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/rows.hpp>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace lab {

namespace {

// What a row begins with; nothing for headers.
std::optional<std::uint64_t> round_of(std::string_view line) {
    constexpr std::string_view json = "{\"t\": ";
    if (line.starts_with(json)) line.remove_prefix(json.size());
    std::uint64_t t = 0;
    auto const read = std::from_chars(line.data(), line.data() + line.size(), t);
    if (read.ec != std::errc() || read.ptr == line.data() + line.size() || *read.ptr != ',') return std::nullopt;
    return t;
}

} // namespace

bool keep_rows(std::string const& file, std::uint64_t round, std::uint64_t every, std::uint64_t steps) {
    auto const last_regular = round - round % every;
    std::ifstream in(file, std::ios::binary);
    std::uint64_t at = 0, end = 0;
    std::optional<std::uint64_t> last;
    std::string line;
    while (std::getline(in, line) && !in.eof()) { // what was written in part has no end of line
        at += line.size() + 1;
        auto const t = round_of(line);
        if (t == last_regular || (t == round && t == steps)) {
            last = t;
            end = at;
        }
    }
    if (!last)
        throw terse::input_error(file, 0, 0,
                                 "--resume: there is no row t = " + std::to_string(last_regular) +
                                     ", so this is not what the interrupted run wrote");
    std::error_code code;
    std::filesystem::resize_file(file, end, code);
    if (code) throw terse::configuration_error("--resume: \"" + file + "\" cannot be cut: " + code.message());
    return last == round;
}

} // namespace lab
