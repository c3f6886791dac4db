// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/coordinates_of.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/wire/bytes.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Backends that can add entries to several vectors in one launch,
template <class B, class T>
concept ScattersToEach = requires(T a, view<B, index_t const> indices, view<B, T const> x,
                                  std::span<view<B, T> const> each) {
    B::scatter_axpy(a, indices, x, each);
};
/// or fill coordinates of several vectors, of each its own,
template <class B, class T>
concept FillsCoordinatesOfEach = requires(std::span<coordinates_of<B, T> const> each, T a) {
    B::template scatter_fill_each<T>(each, a);
};
/// or count the bytes of the indices of several messages.
template <class B>
concept CountsGapsOfEach = requires(std::span<view<B, index_t const> const> each, scratch<B>& temporary) {
    B::delta_bytes_of_each(each, temporary);
};

/// Some coordinates: ascending, distinct indices and their values; every other coordinate is zero.
/// Payload: coding and count (8 bytes), the indices in the shortest of four codings (plain 32 bits while the dimension
/// fits, plain 64 bits, gaps as variable-length integers of 7 bits a byte, a bitmap), then the values. With a shared
/// support, which every receiver draws for itself, no indices travel.
template <class B, class T>
struct sparse_message {
    using scalar = T;
    static constexpr auto kind = wire::kind::sparse;

    std::size_t size = 0; ///< the dimension
    buffer<B, index_t> indices;
    buffer<B, T> values;
    bool shared_support = false;
    wire::precision precision = wire::precision::full; ///< of the values on the wire; see round_to()

    /// Room for `count` entries of a vector of `dimension` coordinates.
    void reset(std::size_t dimension, std::size_t count, bool shared = false) {
        size = dimension;
        indices.resize(count);
        values.resize(count);
        shared_support = shared;
        precision = wire::precision::full;
    }
    std::size_t dimension() const { return size; }

    void add_to(T a, view<B, T> y) const { B::scatter_axpy(a, indices, values, y); }
    /// The same for each of several vectors, which share launches.
    void add_to(T a, std::span<view<B, T> const> each) const requires ScattersToEach<B, T> {
        B::scatter_axpy(a, indices, values, each);
    }
    void clear_in(view<B, T> y) const { B::scatter_fill(indices, T(0), y); }
    /// all[i].clear_in(each[i]) of several messages, which share launches.
    static void clear_in_each(std::span<sparse_message const* const> all,
                              std::span<view<B, T> const> each) requires FillsCoordinatesOfEach<B, T> {
        std::vector<coordinates_of<B, T>> cleared;
        for (std::size_t i = 0; i < all.size(); ++i) cleared.push_back({each[i], all[i]->indices});
        B::template scatter_fill_each<T>(cleared, T(0));
    }

    /// How the indices travel: in the shortest way, and of equally short ones the first.
    enum class coding : std::uint8_t { none, plain32, plain64, gaps, bitmap };
    struct index_code {
        coding how;
        std::uint64_t bytes;
    };
    index_code indices_as() const {
        return shared_support ? index_code{coding::none, 0} : indices_as(B::delta_bytes(indices));
    }
    /// The same, with what they take as gaps.
    index_code indices_as(std::uint64_t as_gaps) const {
        bool const narrow = size <= std::uint64_t{1} << 32;
        index_code best{narrow ? coding::plain32 : coding::plain64, (narrow ? 4 : 8) * std::uint64_t{indices.size()}};
        if (as_gaps < best.bytes) best = {coding::gaps, as_gaps};
        if (auto const n = (size + 7) / 8; n < best.bytes) best = {coding::bitmap, n};
        return best;
    }
    std::uint64_t index_bytes() const { return indices_as().bytes; }
    std::uint64_t support_bytes() const { return 8 + index_bytes(); }
    std::uint64_t value_bytes() const { return values.size() * wire::value_bytes<T>(precision); }
    std::uint64_t payload_bytes() const { return support_bytes() + value_bytes(); }
    std::uint64_t bytes() const { return wire::header_bytes + payload_bytes(); }
    /// bytes() of each of several messages, where the backend counts gaps of several in one launch.
    static std::vector<std::uint64_t> bytes_of_each(std::span<sparse_message const> all,
                                                    scratch<B>& temporary) requires CountsGapsOfEach<B> {
        std::vector<view<B, index_t const>> supports;
        for (auto const& m : all) supports.push_back(m.indices);
        auto const gaps = B::delta_bytes_of_each(std::span<view<B, index_t const> const>(supports), temporary);
        std::vector<std::uint64_t> each;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& m = all[i];
            auto const as_coded = m.shared_support ? 0 : m.indices_as(gaps[i]).bytes;
            each.push_back(wire::header_bytes + 8 + as_coded + m.value_bytes());
        }
        return each;
    }
    void write(wire::writer& out) const requires std::same_as<B, cpu> {
        write_support(out);
        wire::put_values(out, std::span<T const>(values.data(), values.size()), precision);
    }
    /// All but the values.
    void write_support(wire::writer& out) const requires std::same_as<B, cpu> {
        auto const how = indices_as().how;
        out.put(static_cast<std::uint8_t>(how));
        out.put_low(indices.size(), 7);
        index_t next = 0;
        std::uint8_t byte = 0;
        for (std::size_t j = 0; j < indices.size(); ++j) {
            auto const i = indices[j];
            if (how == coding::plain32) out.put(static_cast<std::uint32_t>(i));
            if (how == coding::plain64) out.put(std::uint64_t{i});
            if (how == coding::gaps) out.put_varint(i - next);
            if (how == coding::bitmap) {
                for (; next / 8 < i / 8; next = (next / 8 + 1) * 8, byte = 0) out.put(byte);
                byte = static_cast<std::uint8_t>(byte | 1u << (i % 8));
                next = i;
            } else {
                next = i + 1;
            }
        }
        if (how == coding::bitmap)
            for (; next < size; next = (next / 8 + 1) * 8, byte = 0) out.put(byte);
    }
    /// With a shared support, `indices` and `shared_support` must be set: they do not travel.
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as) requires std::same_as<B, cpu> {
        read(in, dimension, as, true);
    }
    /// One without values, as support_message has it.
    void read(wire::reader& in, std::uint64_t dimension, wire::kind as, bool has_values) requires std::same_as<B, cpu> {
        auto const p = wire::require_kind_of_values(in, as, kind);
        read_support(in, dimension, has_values ? wire::value_bytes<T>(p) : 0);
        precision = p;
        if (!has_values) return values.resize(0);
        wire::get_values(in, std::span<T>(values.data(), values.size()), p);
    }
    /// All but the values, each of which takes at least so many bytes, after it.
    void read_support(wire::reader& in, std::uint64_t dimension, std::size_t each) requires std::same_as<B, cpu> {
        auto const how = coding{in.get<std::uint8_t>()};
        auto const count = in.get_low(7);
        if (how > coding::bitmap) in.fail(wire::fault::coding, "indices in an unknown coding");
        if (count > dimension) in.fail(wire::fault::count, "more entries than coordinates");
        if (how == coding::none && (!shared_support || count != indices.size() || dimension != size))
            in.fail(wire::fault::count, "not the support that all workers share");
        if (each != 0) in.require(count, each); // there must be as many values, whatever the indices take
        if (how != coding::none) in.require((count + 7) / 8, 1); // a bit for each index, or more
        if (how != coding::none) {
            in.claim(count, sizeof(index_t) + sizeof(T));
            reset(dimension, count);
            read_indices(in, how);
            if (indices_as().how != how)
                in.fail(wire::fault::not_canonical, "indices that a shorter coding would have carried");
        }
    }
    /// Takes over what does not travel, a shared support, from a message of the same round.
    void share(sparse_message const& other) {
        if (!other.shared_support) return;
        reset(other.size, other.indices.size(), true);
        B::copy(other.indices, view<B, index_t>(indices));
    }
    /// Rounds the values to what travels; what coordinates lose is added to theirs in rest, unless that is empty.
    void round_to(wire::precision p, view<B, T> rest) {
        precision = p;
        B::round_entries(p, view<B, index_t const>(indices), view<B, T>(values), rest);
    }
    /// For wire/fields.hpp.
    static void fields(auto& m, auto& visit) {
        support_fields(m, visit);
        visit.numbers(m.precision);
        visit.values(m.values, m.precision);
    }
    /// All but the values.
    static void support_fields(auto& m, auto& visit) {
        visit.numbers(m.size, m.shared_support);
        if (!m.shared_support) visit.indices(m.indices, m.size);
    }
    double floats() const {
        return static_cast<double>(values.size()) * (wire::floats_per_value(precision) + (shared_support ? 0 : 1));
    }

private:
    void read_indices(wire::reader& in, coding how) requires std::same_as<B, cpu> {
        if (how == coding::bitmap) return read_bitmap(in);
        if (how != coding::gaps && (how == coding::plain32) != (size <= std::uint64_t{1} << 32))
            in.fail(wire::fault::not_canonical, "plain indices of the wrong width");
        index_t next = 0;
        for (std::size_t j = 0; j < indices.size(); ++j) {
            index_t i = 0;
            if (how == coding::plain32) i = in.get<std::uint32_t>();
            if (how == coding::plain64) i = in.get<std::uint64_t>();
            if (how == coding::gaps) {
                auto const gap = in.get_varint();
                if (gap >= size - next) in.fail(wire::fault::index_range, "an index that is not below the dimension");
                i = next + gap;
            }
            if (i >= size) in.fail(wire::fault::index_range, "an index that is not below the dimension");
            if (j > 0 && i == indices[j - 1]) in.fail(wire::fault::index_duplicate, "an index that occurs twice");
            if (i < next) in.fail(wire::fault::index_order, "indices that are not ascending");
            indices[j] = i;
            next = i + 1;
        }
    }
    void read_bitmap(wire::reader& in) requires std::same_as<B, cpu> {
        std::size_t j = 0;
        for (index_t base = 0; base < size; base += 8) {
            for (unsigned byte = in.get<std::uint8_t>(); byte != 0; byte &= byte - 1) {
                auto const i = base + static_cast<index_t>(std::countr_zero(byte));
                if (i >= size) in.fail(wire::fault::index_range, "an index that is not below the dimension");
                if (j == indices.size()) in.fail(wire::fault::count, "more bits than entries");
                indices[j++] = i;
            }
        }
        if (j != indices.size()) in.fail(wire::fault::count, "fewer bits than entries");
    }
};

} // namespace terse
