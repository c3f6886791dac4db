// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <terse/backend/view.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Bytes that travelled, as sizes of encoded messages, summed over all workers.
struct bytes_moved {
    std::uint64_t up = 0;   ///< from workers to the server
    std::uint64_t down = 0; ///< from the server to workers: a broadcast counts once for each worker

    std::uint64_t total() const { return up + down; }
    bytes_moved& operator+=(bytes_moved const& b) {
        up += b.up;
        down += b.down;
        return *this;
    }
    friend bool operator==(bytes_moved const&, bytes_moved const&) = default;
};

/// The traffic account of a run.
struct traffic_account {
    bytes_moved total;     ///< since the first round
    bytes_moved round;     ///< of the last round
    bytes_moved averaging; ///< the part of the total that averaged residuals
    std::array<bytes_moved, wire::kinds>
        by_kind{};           ///< the total by wire::kind; [0] for messages of the user's own kinds
    double floats = 0;       ///< floats and indices that travelled, in both directions
    double floats_dense = 0; ///< the same for uncompressed momentum SGD: 2 d for every worker and round

    void begin_round(std::size_t dimension, std::uint32_t workers) {
        round = {};
        floats_dense += 2.0 * static_cast<double>(dimension) * workers;
    }
    /// The average of the residuals of all workers, d floats up and d floats down for each.
    void add_averaging(std::size_t dimension, std::size_t scalar_bytes, std::uint32_t workers) {
        auto const each = (wire::header_bytes + dimension * scalar_bytes) * workers;
        add(wire::kind::dense, {each, each}, 2.0 * static_cast<double>(dimension) * workers);
        averaging += {each, each};
    }
    void add(wire::kind kind, bytes_moved bytes, double of_floats) {
        round += bytes;
        total += bytes;
        by_kind[static_cast<std::size_t>(kind)] += bytes;
        floats += of_floats;
    }

    /// What another account counted in this round.
    void add(traffic_account const& part) {
        round += part.round;
        total += part.total;
        for (std::size_t i = 0; i < by_kind.size(); ++i) by_kind[i] += part.by_kind[i];
        floats += part.floats;
    }

    template <class A>
    void state(A& archive) {
        archive("bytes up", total.up);
        archive("bytes down", total.down);
        archive("bytes of the round up", round.up);
        archive("bytes of the round down", round.down);
        archive("bytes of averaging up", averaging.up);
        archive("bytes of averaging down", averaging.down);
        std::array<std::uint64_t, 2 * wire::kinds> flat{};
        for (std::size_t i = 0; i < wire::kinds; ++i) flat[2 * i] = by_kind[i].up, flat[2 * i + 1] = by_kind[i].down;
        archive("bytes by kind", view<cpu, std::uint64_t>(flat.data(), flat.size()));
        for (std::size_t i = 0; i < wire::kinds; ++i) by_kind[i] = {flat[2 * i], flat[2 * i + 1]};
        archive("floats", floats);
        archive("dense floats", floats_dense);
    }

    /// The GMC paper's relative communication cost, in which a float counts as much as an index and headers as nothing.
    double rcc() const { return floats_dense == 0 ? 0 : floats / floats_dense; }
};

} // namespace terse
