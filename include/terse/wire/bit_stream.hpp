// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>

#include <terse/wire/bytes.hpp>

namespace terse::wire {

/// Writes bits to a writer, the first to the lowest bit of a byte; finish() fills the last byte with zeros.
class bit_writer {
public:
    explicit bit_writer(writer& out) : out_(out) {}

    /// The low n bits of x, n <= 32.
    void put(std::uint64_t x, unsigned n) {
        held_ |= (x & ((std::uint64_t{1} << n) - 1)) << count_;
        for (count_ += n; count_ >= 8; count_ -= 8, held_ >>= 8) out_.put(static_cast<std::uint8_t>(held_));
    }
    void finish() {
        if (count_ > 0) out_.put(static_cast<std::uint8_t>(held_));
        held_ = count_ = 0;
    }

private:
    writer& out_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

/// Reads them again; finish() refuses what a writer would not have left in the last byte.
class bit_reader {
public:
    explicit bit_reader(reader& in) : in_(in) {}

    unsigned get() {
        if (count_ == 0) {
            held_ = in_.get<std::uint8_t>();
            count_ = 8;
        }
        auto const bit = held_ & 1u;
        held_ >>= 1;
        --count_;
        return bit;
    }
    void finish() const {
        if (held_ != 0) in_.fail(fault::not_canonical, "bits after the last number");
    }
    [[noreturn]] void fail(fault code, char const* text) const { in_.fail(code, text); }

private:
    reader& in_;
    unsigned held_ = 0;
    unsigned count_ = 0;
};

} // namespace terse::wire
