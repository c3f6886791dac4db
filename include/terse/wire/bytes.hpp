// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>

#include <terse/wire/decode_error.hpp>

namespace terse::wire {

/// Numbers that go over the wire as they are in memory.
template <class X>
concept Plain = std::is_arithmetic_v<X>;

static_assert(std::endian::native == std::endian::little,
              "the wire format is little-endian, and so must the machine be");

/// Writes to memory that is large enough; what it writes is little-endian.
class writer {
public:
    explicit writer(std::span<std::byte> out) : out_(out) {}

    template <Plain X>
    void put(X x) {
        put_all(std::span<X const>(&x, 1));
    }
    template <Plain X>
    void put_all(std::span<X const> xs) {
        if (!xs.empty()) std::memcpy(out_.subspan(at_, xs.size_bytes()).data(), xs.data(), xs.size_bytes());
        at_ += xs.size_bytes();
    }
    /// The low `bytes` bytes of x.
    void put_low(std::uint64_t x, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) put(static_cast<std::uint8_t>(x >> (8 * i)));
    }
    /// x as a variable-length integer, 7 bits a byte, low bits first.
    void put_varint(std::uint64_t x) {
        for (; x >= 0x80; x >>= 7) put(static_cast<std::uint8_t>(x | 0x80));
        put(static_cast<std::uint8_t>(x));
    }
    std::size_t written() const { return at_; }

private:
    std::span<std::byte> out_;
    std::size_t at_ = 0;
};

/// As much memory as a message takes.
inline constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();

/// Reads what a writer wrote; never beyond the end, where it throws decode_error.
class reader {
public:
    /// `limit` is the number of bytes that claim() hands out.
    explicit reader(std::span<std::byte const> in, std::uint64_t limit = no_limit) : in_(in), limit_(limit) {}

    template <Plain X>
    X get() {
        X x;
        get_all(std::span<X>(&x, 1));
        return x;
    }
    template <Plain X>
    void get_all(std::span<X> xs) {
        require(xs.size(), sizeof(X));
        if (!xs.empty()) std::memcpy(xs.data(), in_.data() + at_, xs.size_bytes());
        at_ += xs.size_bytes();
    }
    std::uint64_t get_low(std::size_t bytes) {
        std::uint64_t x = 0;
        for (std::size_t i = 0; i < bytes; ++i) x |= std::uint64_t{get<std::uint8_t>()} << (8 * i);
        return x;
    }
    std::uint64_t get_varint() {
        std::uint64_t x = 0;
        for (unsigned shift = 0;; shift += 7) {
            auto const b = get<std::uint8_t>();
            if (shift == 63 && b > 1) fail(fault::index_range, "an index of more than 64 bits");
            x |= std::uint64_t{b & 0x7fu} << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0) fail(fault::not_canonical, "an index in more bytes than it needs");
                return x;
            }
        }
    }
    /// Throws unless n more values of `size` bytes follow; call it before allocating for them.
    void require(std::uint64_t n, std::size_t size) const {
        if (n > (in_.size() - at_) / size)
            fail(fault::truncated, "the message ends here, in the middle of its payload");
    }
    /// Throws unless the limit leaves n values of `size` bytes in memory; call it before allocating them.
    void claim(std::uint64_t n, std::size_t size) {
        if (n > limit_ / size) fail(fault::memory, "the message takes more memory than it may");
        if (limit_ != no_limit) limit_ -= n * size;
    }
    std::size_t left() const { return in_.size() - at_; }
    [[noreturn]] void fail(fault code, std::string const& text) const { throw decode_error(code, at_, text); }

private:
    std::span<std::byte const> in_;
    std::size_t at_ = 0;
    std::uint64_t limit_;
};

} // namespace terse::wire
