// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <terse/error.hpp>
#include <terse/run/number_text.hpp>

namespace terse {

/// A named value of a record: a number, a text, or yes or no.
struct field {
    std::string name;
    std::variant<double, float, std::int64_t, std::uint64_t, bool, std::string> value;

    template <class V>
    field(std::string n, V v) : name(std::move(n)) { // NOLINT(google-explicit-constructor)
        if constexpr (std::is_same_v<V, bool> || std::is_floating_point_v<V>)
            value = v;
        else if constexpr (std::unsigned_integral<V>)
            value = static_cast<std::uint64_t>(v);
        else if constexpr (std::integral<V>)
            value = static_cast<std::int64_t>(v);
        else
            value = std::string(std::move(v));
    }
};

using fields = std::vector<field>;

/// The text in JSON's quotes.
inline std::string json_quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20)
            (((out += "\\u00") += hex[static_cast<std::size_t>(c) / 16]) += hex[static_cast<std::size_t>(c) % 16]);
        else
            out += c;
    }
    return out += '"';
}

/// One line of JSON, without its newline. Numbers round-trip; NaN and infinities, which JSON lacks, are the strings
/// "nan", "inf", "-inf".
inline std::string json_line(std::span<field const> record) {
    std::string out = "{";
    for (auto const& f : record) {
        if (out.size() > 1) out += ", ";
        out += json_quoted(f.name) + ": ";
        out += std::visit(
            []<class V>(V const& v) -> std::string {
                if constexpr (std::is_same_v<V, bool>)
                    return v ? "true" : "false";
                else if constexpr (std::is_same_v<V, std::string>)
                    return json_quoted(v);
                else if constexpr (std::is_floating_point_v<V>)
                    return std::isfinite(v) ? number_text(v) : json_quoted(number_text(v));
                else
                    return number_text(v);
            },
            f.value);
    }
    return out += "}";
}

/// One line of CSV, without its newline: the values, or the names. Texts with commas, quotes or line ends are quoted.
inline std::string csv_line(std::span<field const> record, bool names = false) {
    auto const quoted = [](std::string const& text) {
        if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
        std::string out = "\"";
        for (char const c : text) out.append(c == '"' ? 2 : 1, c);
        return out + '"';
    };
    std::string out;
    for (std::size_t i = 0; i < record.size(); ++i) {
        if (i > 0) out += ',';
        if (names) {
            out += quoted(record[i].name);
            continue;
        }
        out += std::visit(
            [&]<class V>(V const& v) -> std::string {
                if constexpr (std::is_same_v<V, bool>)
                    return v ? "true" : "false";
                else if constexpr (std::is_same_v<V, std::string>)
                    return quoted(v);
                else
                    return number_text(v);
            },
            record[i].value);
    }
    return out;
}

/// A file of records that all have the same fields: CSV with one header line if its name ends in .csv, JSON lines if it
/// ends in .jsonl, where the first line holds the configuration. Each line is flushed, so that a run that dies leaves
/// what it had; a run that is resumed may append to them. Throws configuration_error for another ending, or if the file
/// cannot be written.
class record_file {
public:
    explicit record_file(std::filesystem::path path, std::span<field const> configuration = {}, bool append = false)
        : path_(std::move(path)), csv_(path_.extension() == ".csv"), has_header_(append) {
        if (!csv_ && path_.extension() != ".jsonl")
            throw configuration_error("record: \"" + path_.string() + "\" ends neither in .csv nor in .jsonl");
        out_.open(path_, append ? std::ios::binary | std::ios::app : std::ios::binary);
        if (!out_) throw configuration_error("record: \"" + path_.string() + "\" cannot be written");
        if (!csv_ && !configuration.empty() && !append) line(json_line(configuration));
    }

    void write(std::span<field const> record) {
        if (csv_ && !has_header_) line(csv_line(record, true));
        has_header_ = true;
        line(csv_ ? csv_line(record) : json_line(record));
    }
    void write(std::initializer_list<field> record) { write(std::span(record.begin(), record.size())); }

private:
    void line(std::string const& text) {
        out_ << text << '\n' << std::flush;
        if (!out_) throw error("record: writing \"" + path_.string() + "\" failed");
    }

    std::filesystem::path path_;
    std::ofstream out_;
    bool csv_;
    bool has_header_ = false;
};

} // namespace terse
