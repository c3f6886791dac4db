// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <terse/run/archive.hpp>

namespace terse::detail {

/// An open file that closes itself.
class file_descriptor {
public:
    file_descriptor(std::filesystem::path const& path, int flags)
        : path_(path), number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
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

/// At every moment the path holds the old file or the new one, even if the machine stops: a temporary file beside it is
/// written, flushed and renamed, and the folder flushed. Throws checkpoint_error; what failed before the renaming has
/// left the old file.
inline void replace_file(std::filesystem::path const& path, std::span<std::byte const> bytes) {
    auto temporary = path;
    temporary += ".new";
    std::error_code code;
    try {
        {
            file_descriptor const file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
            file.write(bytes);
            file.flush();
        }
        std::filesystem::rename(temporary, path, code);
        if (code) throw checkpoint_error(path.string(), "cannot be replaced: " + code.message());
    } catch (checkpoint_error const&) {
        std::filesystem::remove(temporary, code);
        throw;
    }
    auto const folder = path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path();
    file_descriptor(folder, O_RDONLY | O_DIRECTORY).flush();
}

/// The bytes of a file. Throws checkpoint_error.
inline std::vector<std::byte> read_file(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    auto const size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (size < 0 || size == std::numeric_limits<std::streamoff>::max()) // of a folder
        throw checkpoint_error(path.string(), "cannot be opened");
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(bytes.data()), size);
    if (!file) throw checkpoint_error(path.string(), "cannot be read");
    return bytes;
}

} // namespace terse::detail
