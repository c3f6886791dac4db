// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace terse {

/// A bar on one line of a terminal that fills as rounds are done. Without a stream it draws nothing; whether a stream
/// is a terminal is for the caller to find out. It is drawn again only when it changes, and wiped at the end.
class progress {
public:
    progress(std::ostream* out, std::uint64_t total) : out_(out), total_(total) {}
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;
    ~progress() { wipe(); }

    void show(std::uint64_t done, std::string_view note = {}) {
        if (out_ == nullptr || total_ == 0) return;
        auto const percent = done * 100 / total_;
        if (drawn_ && percent == percent_) return;
        constexpr std::size_t width = 40;
        auto const full = static_cast<std::size_t>(done < total_ ? done * width / total_ : width);
        *out_ << "\r[" << std::string(full, '#') << std::string(width - full, '.') << "] " << percent << "% " << note
              << "\x1b[K" << std::flush;
        percent_ = percent;
        drawn_ = true;
    }
    /// Takes the bar off the terminal, so that other text can be printed.
    void wipe() {
        if (drawn_) *out_ << "\r\x1b[K" << std::flush;
        drawn_ = false;
    }

private:
    std::ostream* out_;
    std::uint64_t total_;
    std::uint64_t percent_ = 0;
    bool drawn_ = false;
};

} // namespace terse
