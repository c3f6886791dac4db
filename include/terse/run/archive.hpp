// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/error.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/crc32c.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// A saved state that cannot be read: `section` is where it went wrong.
struct checkpoint_error : error {
    std::string section;
    checkpoint_error(std::string const& where, std::string const& what)
        : error("checkpoint: " + where + ": " + what), section(where) {}
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
    template <class T>
    void operator()(std::string_view name, buffer<cpu, T> const& x) {
        (*this)(name, view<cpu, T const>(x));
    }
    void operator()(std::string_view name, std::string const& x) {
        section(name, std::as_bytes(std::span<char const>(x)));
    }

    template <class T>
    void operator()(std::string_view name, update<cpu, T> const& u) {
        std::vector<std::byte> content;
        std::swap(content, out_);
        append_update(u);
        std::swap(content, out_);
        section(name, content);
    }

    std::vector<std::byte> const& bytes() const { return out_; }

private:
    template <class T>
    void append_update(update<cpu, T> const& u) {
        using form = typename update<cpu, T>::form;
        append_number(static_cast<std::uint8_t>(u.shape));
        append_number(std::uint64_t{u.dimension()});
        if (u.shape == form::dense) {
            append_number(std::uint64_t{u.support});
            append_array(u.dense.values);
        } else if (u.shape == form::sparse) {
            append_number(static_cast<std::uint8_t>(u.sparse.shared_support));
            append_number(std::uint64_t{u.sparse.values.size()});
            append_array(u.sparse.indices);
            append_array(u.sparse.values);
        } else if (u.shape == form::block) {
            append_number(std::uint64_t{u.block.first});
            append_number(std::uint64_t{u.block.values.size()});
            append_array(u.block.values);
        } else {
            append_number(std::uint64_t{u.parts.size()});
            for (auto const& part : u.parts) append_update(part);
        }
    }
    template <class T>
    void append_array(buffer<cpu, T> const& x) {
        append(std::as_bytes(std::span<T const>(x.data(), x.size())));
    }
    void section(std::string_view name, std::span<std::byte const> content) {
        auto const begin = out_.size();
        out_.push_back(static_cast<std::byte>(name.size()));
        append(std::as_bytes(std::span<char const>(name)));
        append_number(std::uint64_t{content.size()});
        append(content);
        append_number(wire::crc32c(std::span<std::byte const>(out_).subspan(begin)));
    }
    void append(std::span<std::byte const> b) { out_.insert(out_.end(), b.begin(), b.end()); }
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

    explicit state_reader(std::span<std::byte const> in) : in_(in) {}
    void make_dry(bool dry) { dry_ = dry; }

    template <Stored X>
    void operator()(std::string_view name, X& x) {
        copy_to(name, section(name), std::as_writable_bytes(std::span<X>(&x, 1)));
    }
    template <class T>
    void operator()(std::string_view name, view<cpu, T> x) {
        copy_to(name, section(name), std::as_writable_bytes(std::span<T>(x.data(), x.size())));
    }
    template <class T>
    void operator()(std::string_view name, buffer<cpu, T>& x) {
        (*this)(name, view<cpu, T>(x));
    }
    template <class T>
    void operator()(std::string_view name, update<cpu, T>& u) {
        wire::reader from(section(name));
        try {
            update<cpu, T> loaded;
            read_update(from, loaded);
            if (from.left() != 0) throw checkpoint_error(std::string(name), "bytes after the update");
            if (!dry_) u = std::move(loaded);
        } catch (wire::decode_error const& e) {
            throw checkpoint_error(std::string(name), e.what());
        }
    }
    void operator()(std::string_view name, std::string& x) {
        auto const content = section(name);
        if (!dry_) x.assign(reinterpret_cast<char const*>(content.data()), content.size());
    }

    void expect_end() const {
        if (at_ != in_.size()) throw checkpoint_error("end", std::to_string(in_.size() - at_) + " bytes too many");
    }

private:
    template <class T>
    static void read_update(wire::reader& from, update<cpu, T>& u) {
        using form = typename update<cpu, T>::form;
        auto const shape = from.get<std::uint8_t>();
        auto const d = from.get<std::uint64_t>();
        if (shape > static_cast<std::uint8_t>(form::parts)) from.fail(wire::fault::kind, "an update of unknown form");
        u.shape = form{shape};
        if (u.shape == form::dense) {
            auto const support = from.get<std::uint64_t>();
            from.require(d, sizeof(T));
            u.become_dense(d);
            u.support = support;
            read_array(from, u.dense.values);
        } else if (u.shape == form::sparse) {
            bool const shared = from.get<std::uint8_t>() != 0;
            auto const n = from.get<std::uint64_t>();
            from.require(n, sizeof(index_t) + sizeof(T));
            u.sparse.reset(d, n, shared);
            read_array(from, u.sparse.indices);
            read_array(from, u.sparse.values);
            for (std::size_t j = 0; j < n; ++j)
                if (u.sparse.indices[j] >= d || (j > 0 && u.sparse.indices[j] <= u.sparse.indices[j - 1]))
                    from.fail(wire::fault::index_range, "indices that are not ascending and below the dimension");
        } else if (u.shape == form::block) {
            auto const first = from.get<std::uint64_t>();
            auto const n = from.get<std::uint64_t>();
            from.require(n, sizeof(T));
            if (first >= d || n > d) from.fail(wire::fault::count, "a block that does not fit the vector");
            u.block.reset(d, first, n);
            read_array(from, u.block.values);
        } else {
            auto const n = from.get<std::uint64_t>();
            from.require(n, 1);
            u.parts.resize(n);
            std::uint64_t sum = 0;
            for (auto& part : u.parts) {
                read_update(from, part);
                sum += part.dimension();
            }
            if (sum != d) from.fail(wire::fault::dimension, "parts that do not make up the vector");
        }
    }
    template <class X>
    static void read_array(wire::reader& from, buffer<cpu, X>& x) {
        from.get_all(std::span<X>(x.data(), x.size()));
    }

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
    std::size_t at_ = 0;
    bool dry_ = false;
};

} // namespace terse
