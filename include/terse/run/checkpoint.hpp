// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <terse/run/archive.hpp>

namespace terse {

/// The version of checkpoint files, numbered apart from the library's and the wire format's.
inline constexpr std::uint32_t checkpoint_version = 1;

/// The state of a run as bytes: sections of run/archive.hpp, first those that say what it belongs to. `label` is the
/// user's own description of the run, such as its configuration.
template <class Run>
std::vector<std::byte> save_state(Run& run, std::string const& label) {
    state_writer out;
    out("terse checkpoint", checkpoint_version);
    out("label", label);
    out("dimension", std::uint64_t{run.w().size()});
    out("workers", std::uint64_t{run.workers()});
    out("seed", run.seed());
    run.state(out);
    return out.bytes();
}

/// Puts a run, made with the same method, cluster size, seed and dimension, into a saved state. A checkpoint_error
/// names the section that is damaged or does not fit; the run is then as it was.
template <class Run>
void load_state(Run& run, std::span<std::byte const> bytes, std::string const& label) {
    for (bool const dry : {true, false}) {
        state_reader in(bytes);
        auto const same = [&](char const* section, auto expected) {
            auto found = expected;
            in(section, found);
            if (found != expected) {
                if constexpr (requires { std::to_string(found); })
                    throw checkpoint_error(section, std::to_string(found) + ", not " + std::to_string(expected));
                else
                    throw checkpoint_error(section, "\"" + found + "\", not \"" + expected + "\"");
            }
        };
        same("terse checkpoint", checkpoint_version);
        same("label", label);
        same("dimension", std::uint64_t{run.w().size()});
        same("workers", std::uint64_t{run.workers()});
        same("seed", run.seed());
        in.make_dry(dry);
        run.state(in);
        in.expect_end();
    }
}

/// Puts a run into the state of a file; see load_state.
template <class Run>
void load_checkpoint(Run& run, std::filesystem::path const& path, std::string const& label = {}) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw checkpoint_error(path.string(), "cannot be opened");
    std::vector<char> const text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    load_state(run, std::as_bytes(std::span<char const>(text)), label);
}

namespace detail {

/// An open file that closes itself.
class file_descriptor {
public:
    file_descriptor(std::filesystem::path const& path, int flags)
        : path_(path), number_(::open(path.c_str(), flags, 0644)) {
        if (number_ < 0) fail("cannot be opened");
    }
    file_descriptor(file_descriptor const&) = delete;
    file_descriptor& operator=(file_descriptor const&) = delete;
    ~file_descriptor() { ::close(number_); }

    void write(std::span<std::byte const> bytes) const {
        while (!bytes.empty()) {
            auto const n = ::write(number_, bytes.data(), bytes.size());
            if (n < 0 && errno != EINTR) fail("cannot be written");
            if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
        }
    }
    void flush() const {
        if (::fsync(number_) != 0) fail("cannot be flushed");
    }

private:
    [[noreturn]] void fail(char const* what) const {
        throw checkpoint_error(path_.string(), std::string(what) + ": " + std::strerror(errno));
    }
    std::filesystem::path path_;
    int number_;
};

} // namespace detail

/// Writes the state to a file, so that at every moment the path holds the old file or the new one: a temporary file
/// beside it is written, flushed and renamed, and the folder flushed.
template <class Run>
void save_checkpoint(Run& run, std::filesystem::path const& path, std::string const& label = {}) {
    auto const bytes = save_state(run, label);
    auto temporary = path;
    temporary += ".new";
    {
        detail::file_descriptor const file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
        file.write(bytes);
        file.flush();
    }
    std::filesystem::rename(temporary, path);
    auto const folder = path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path();
    detail::file_descriptor(folder, O_RDONLY | O_DIRECTORY).flush();
}

} // namespace terse
