// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/backend/level_bits.hpp>
#include <terse/backend/level_grid.hpp>
#include <terse/wire/bit_stream.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/elias.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// How levels travel: all in the same number of bits, or, which is shorter where most are small, each as Elias' omega
/// code of |l| + 1, and its sign if l is not 0 (QSGD's dense code).
enum class level_coding : std::uint8_t { fixed = 0, elias = 1 };

/// Integers, and a unit for each bucket of consecutive coordinates: v_i = u l_i.
/// Payload: coding (1), s (2), size of a bucket (7), the units, the levels from the lowest bit on.
template <class B, class T>
struct level_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::levels;

    std::size_t size = 0; ///< the dimension
    level_grid grid;
    level_coding coding = level_coding::fixed;
    buffer<B, T> units;
    buffer<B, std::uint64_t> words; ///< the levels, grid.width() bits each

    /// A bucket of size 0, or of more than d coordinates, is one of all.
    void reset(std::size_t d, level_grid const& g, level_coding c = level_coding::fixed) {
        size = d;
        grid = g;
        if (grid.bucket == 0 || grid.bucket > d) grid.bucket = d;
        coding = c;
        units.resize(grid.buckets(d));
        words.resize(grid.words(d));
    }
    std::size_t dimension() const { return size; }

    void add_to(T a, view<B, T> y) const { B::template add_levels<T>(a, words, units, grid, y); }
    void clear_in(view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t level_bits() const {
        if (coding == level_coding::elias) return B::elias_bits(words, grid.width(), size);
        return std::uint64_t{size} * grid.width();
    }
    std::uint64_t payload_bytes() const { return 10 + units.size() * sizeof(T) + (level_bits() + 7) / 8; }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    double floats() const {
        return static_cast<double>(units.size()) + static_cast<double>(level_bits()) / (8 * sizeof(float));
    }

    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        out.put(static_cast<std::uint8_t>(coding));
        out.put_low(grid.levels, 2);
        out.put_low(grid.bucket, 7);
        for (std::size_t b = 0; b < units.size(); ++b) out.put(units[b]);
        if (coding == level_coding::fixed) {
            for (std::uint64_t left = (level_bits() + 7) / 8, i = 0; left > 0; left -= std::min<std::uint64_t>(8, left))
                out.put_low(words[i++], std::min<std::uint64_t>(8, left));
        } else {
            wire::bit_writer bits(out);
            for (std::size_t i = 0; i < size; ++i) wire::put_level(bits, level(i));
            bits.finish();
        }
    }
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        wire::require_kind(in, as, kind);
        auto const how = in.get<std::uint8_t>();
        auto const s = static_cast<std::uint32_t>(in.get_low(2));
        auto const bucket = in.get_low(7);
        if (how > 1) in.fail(wire::fault::coding, "levels in an unknown coding");
        if (s == 0 || s > level_grid::most_levels) in.fail(wire::fault::count, "no, or too many, levels");
        if (bucket > dimension || (bucket == 0) != (dimension == 0))
            in.fail(wire::fault::count, "buckets that are longer than the vector, or empty");
        level_grid const g{.levels = s, .bucket = bucket, .norm = norm::given};
        auto const buckets = bucket == 0 ? 0 : g.buckets(dimension);
        in.require(buckets, sizeof(T));
        in.claim(buckets, sizeof(T));
        in.require(dimension / 8, 1); // a level takes a bit, or more
        in.claim(g.words(dimension), sizeof(std::uint64_t));
        reset(dimension, g, level_coding{how});
        for (std::size_t b = 0; b < units.size(); ++b) {
            units[b] = in.get<T>();
            if (!(std::isfinite(units[b]) && !std::signbit(units[b])))
                in.fail(wire::fault::scale, "a unit that is NaN, infinite or negative");
        }
        if (coding == level_coding::fixed)
            read_fixed(in);
        else
            read_elias(in);
    }
    /// Nothing: the units travel in full.
    void round_to(wire::precision, view<B, T>) {}

    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) {
        visit.numbers(m.size, m.grid, m.coding);
        visit.array(m.units);
        visit.array(m.words);
    }

    std::int32_t level(std::size_t i) const requires std::same_as<B, cpu> {
        return level_at(words.data(), i, grid.width());
    }

private:
    void read_fixed(wire::reader& in) requires std::same_as<B, cpu> {
        auto const width = grid.width();
        auto left = (level_bits() + 7) / 8;
        in.require(left, 1);
        for (std::size_t w = 0; left > 0; ++w) {
            auto const n = std::min<std::uint64_t>(8, left);
            words[w] = in.get_low(n);
            left -= n;
        }
        if (auto const used = level_bits() % 64; used != 0 && words[words.size() - 1] >> used != 0)
            in.fail(wire::fault::not_canonical, "bits after the last level");
        auto const s = static_cast<std::int32_t>(grid.levels);
        for (std::size_t i = 0; i < size; ++i)
            if (auto const l = level_at(words.data(), i, width); l < -s || l > s)
                in.fail(wire::fault::level_range, "a level that is larger than the largest");
    }
    void read_elias(wire::reader& in) requires std::same_as<B, cpu> {
        B::fill(view<B, std::uint64_t>(words), 0);
        wire::bit_reader bits(in);
        for (std::size_t i = 0; i < size; ++i)
            set_level_at(words.data(), i, grid.width(), wire::get_level(bits, grid.levels));
        bits.finish();
    }
};

} // namespace terse
