// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <terse/error.hpp>

namespace terse {

/// Reads numbers from the lines of a stream and knows where it is: every failure is an input_error with file, line and
/// column. It does not depend on the locale.
class text_reader {
public:
    text_reader(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {}

    /// Goes to the next line with something on it; false at the end of the input. Lines end with LF or CR LF.
    bool next_line() {
        while (std::getline(in_, text_)) {
            ++line_;
            at_ = 0;
            if (text_.ends_with('\r')) text_.pop_back();
            skip_blanks();
            if (!at_end()) return true;
        }
        if (in_.bad()) fail("the input cannot be read");
        return false;
    }

    bool at_end() const { return at_ == text_.size(); }
    void skip_blanks() {
        while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }
    /// Steps over c if it is the next character.
    bool skip(char c) {
        if (at_end() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    /// How often c stands in the line.
    std::size_t count(char c) const { return static_cast<std::size_t>(std::ranges::count(text_, c)); }
    /// Forgets the rest of the line from the first c on.
    void cut_at(char c) { text_.resize(std::min(text_.find(c), text_.size())); }

    /// A finite number that T can hold; it may have a plus sign.
    template <class T>
    T number(char const* what) {
        std::size_t const start = at_;
        auto const value = parse<double>(what);
        if (!std::isfinite(value) || std::abs(value) > static_cast<double>(std::numeric_limits<T>::max()))
            fail_at(start, std::string(what) + " is not finite");
        return static_cast<T>(value);
    }

    /// A whole number written without a sign.
    std::uint64_t natural(char const* what) {
        if (at_end() || text_[at_] < '0' || text_[at_] > '9') fail("expected a whole number for " + std::string(what));
        return parse<std::uint64_t>(what);
    }

    /// A class label: a whole number (+1, 1 and 1.0 are the same), one of `classes` unless that is empty.
    std::int64_t label(std::span<std::int64_t const> classes) {
        std::size_t const start = at_;
        auto const value = number<double>("the label");
        if (std::abs(value) > 0x1p53 || value != std::trunc(value)) fail_at(start, "the label is not a whole number");
        auto const l = static_cast<std::int64_t>(value);
        if (!classes.empty() && std::ranges::find(classes, l) == classes.end())
            fail_at(start, "label " + std::to_string(l) + " is not among the classes");
        return l;
    }

    /// Throws input_error for the character that comes next.
    [[noreturn]] void fail(std::string const& what) const { fail_at(at_, what); }
    /// Throws input_error for the column-th character of the line, counted from 0.
    [[noreturn]] void fail_at(std::size_t column, std::string const& what) const {
        throw input_error(name_, line_, line_ == 0 ? 0 : column + 1, what);
    }
    std::size_t position() const { return at_; }

private:
    template <class N>
    N parse(char const* what) {
        std::size_t const sign = !at_end() && text_[at_] == '+' ? 1 : 0;
        char const* const first = text_.data() + at_ + sign;
        char const* const last = text_.data() + text_.size();
        N value{};
        auto const [end, code] = std::from_chars(first, last, value);
        if (code == std::errc::result_out_of_range) fail(std::string(what) + " is out of range");
        if (code != std::errc{} || (sign == 1 && *first == '-')) fail("expected a number for " + std::string(what));
        at_ = static_cast<std::size_t>(end - text_.data());
        return value;
    }

    std::istream& in_;
    std::string name_;
    std::string text_;
    std::uint64_t line_ = 0;
    std::size_t at_ = 0;
};

/// Opens a file for reading, or throws input_error.
inline std::ifstream open_input(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw input_error(path.string(), 0, 0, "the file cannot be opened");
    return in;
}

} // namespace terse
