// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/run/host_copy.hpp>
#include <terse/run/update_bytes.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/crc32c.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// A saved state that cannot be read: `section` is where it went wrong.
struct checkpoint_error : error {
    std::string section;
    std::string reason;
    checkpoint_error(std::string where, std::string what)
        : error("checkpoint: " + where + ": " + what), section(std::move(where)), reason(std::move(what)) {}
};

/// A number, or an array of numbers, as it is in memory.
template <class X>
concept Stored = wire::Plain<X>;

/// Writes named sections, each with a checksum: the length of the name (1), the name, the length of the content (8),
/// the content, CRC32C of all that (4).
class state_writer {
public:
    static constexpr bool reads = false;

    template <Stored X>
    void operator()(std::string_view name, X const& x) {
        section(name, std::as_bytes(std::span<X const>(&x, 1)));
    }
    template <class T>
    void operator()(std::string_view name, view<cpu, T> x) {
        section(name, std::as_bytes(std::span<T const>(x.data(), x.size())));
    }
    template <class B, class T>
    void operator()(std::string_view name, view<B, T> x) {
        auto const host = detail::on_host(x);
        (*this)(name, view<cpu, std::remove_const_t<T> const>(host.data(), host.size()));
    }
    template <class B, class T>
    void operator()(std::string_view name, buffer<B, T> const& x) {
        (*this)(name, view<B, T const>(x));
    }
    void operator()(std::string_view name, std::string const& x) {
        section(name, std::as_bytes(std::span<char const>(x)));
    }

    template <class B, class T>
    void operator()(std::string_view name, update<B, T> const& u) {
        std::vector<std::byte> content;
        detail::update_appender(content).append(u);
        section(name, content);
    }

    /// Sections that another writer wrote.
    void append(std::span<std::byte const> sections) { out_.insert(out_.end(), sections.begin(), sections.end()); }

    std::vector<std::byte> const& bytes() const { return out_; }
    std::vector<std::byte> take() { return std::move(out_); }

private:
    void section(std::string_view name, std::span<std::byte const> content) {
        auto const begin = out_.size();
        out_.push_back(static_cast<std::byte>(name.size()));
        append(std::as_bytes(std::span<char const>(name)));
        append_number(std::uint64_t{content.size()});
        append(content);
        append_number(wire::crc32c(std::span<std::byte const>(out_).subspan(begin)));
    }
    template <class X>
    void append_number(X x) {
        append(std::as_bytes(std::span<X const>(&x, 1)));
    }

    std::vector<std::byte> out_;
};

/// Reads the same sections in the same order. Arrays and buffers must have the size that was saved. A dry reader checks
/// everything and changes nothing.
class state_reader {
public:
    static constexpr bool reads = true;

    /// `dimension` is the model's, for the checks of updates.
    state_reader(std::span<std::byte const> in, std::size_t dimension) : in_(in), dimension_(dimension) {}
    void make_dry(bool dry) { dry_ = dry; }
    bool dry() const { return dry_; }

    template <Stored X>
    void operator()(std::string_view name, X& x) {
        copy_to(name, section(name), std::as_writable_bytes(std::span<X>(&x, 1)));
    }
    template <class T>
    void operator()(std::string_view name, view<cpu, T> x) {
        copy_to(name, section(name), std::as_writable_bytes(std::span<T>(x.data(), x.size())));
    }
    template <class B, class T>
    void operator()(std::string_view name, view<B, T> x) {
        std::vector<T> host(x.size());
        (*this)(name, view<cpu, T>(host.data(), host.size()));
        if (!dry_) B::upload(host, x);
    }
    template <class B, class T>
    void operator()(std::string_view name, buffer<B, T>& x) {
        (*this)(name, view<B, T>(x));
    }
    template <class B, class T>
    void operator()(std::string_view name, update<B, T>& u) {
        wire::reader from(section(name));
        try {
            update<B, T> loaded;
            detail::read_update(from, loaded);
            if (from.left() != 0) throw checkpoint_error(std::string(name), "bytes after the update");
            if (auto const d = loaded.dimension(); d != dimension_ && d != 0)
                throw checkpoint_error(std::string(name),
                                       "of dimension " + std::to_string(d) + ", not " + std::to_string(dimension_));
            if (!dry_) u = std::move(loaded);
        } catch (wire::decode_error const& e) {
            throw checkpoint_error(std::string(name), e.what());
        }
    }
    void operator()(std::string_view name, std::string& x) {
        auto const content = section(name);
        if (!dry_) x.assign(reinterpret_cast<char const*>(content.data()), content.size());
    }

    std::size_t position() const { return at_; } ///< in bytes
    void expect_end() const {
        if (at_ != in_.size()) throw checkpoint_error("end", std::to_string(in_.size() - at_) + " bytes too many");
    }

private:
    std::span<std::byte const> section(std::string_view name) {
        auto const begin = at_;
        auto const length = std::to_integer<std::size_t>(take(name, 1)[0]);
        auto const found = take(name, length);
        auto const size = number<std::uint64_t>(name);
        auto const content = take(name, size);
        auto const whole = in_.subspan(begin, at_ - begin);
        if (number<std::uint32_t>(name) != wire::crc32c(whole))
            throw checkpoint_error(std::string(name), "the checksum does not fit");
        auto const as_text = std::string_view(reinterpret_cast<char const*>(found.data()), found.size());
        if (as_text != name)
            throw checkpoint_error(std::string(name), "found section \"" + std::string(as_text) + "\" in its place");
        return content;
    }
    std::span<std::byte const> take(std::string_view name, std::uint64_t n) {
        if (n > in_.size() - at_) throw checkpoint_error(std::string(name), "the file ends too early");
        auto const part = in_.subspan(at_, n);
        at_ += n;
        return part;
    }
    template <class X>
    X number(std::string_view name) {
        X x;
        auto const from = take(name, sizeof x);
        std::memcpy(&x, from.data(), sizeof x);
        return x;
    }
    void copy_to(std::string_view name, std::span<std::byte const> from, std::span<std::byte> to) const {
        if (from.size() != to.size())
            throw checkpoint_error(std::string(name),
                                   std::to_string(from.size()) + " bytes, not " + std::to_string(to.size()));
        if (!dry_ && !to.empty()) std::memcpy(to.data(), from.data(), to.size());
    }

    std::span<std::byte const> in_;
    std::size_t dimension_;
    std::size_t at_ = 0;
    bool dry_ = false;
};

} // namespace terse
