// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/error.hpp>
#include <terse/wire/crc32c.hpp>

namespace terse {

/// Who talks to whom: an undirected graph of workers 0 .. workers() - 1, as a list of neighbours for each.
class topology {
public:
    struct edge {
        std::uint32_t a, b;
    };

    /// Throws configuration_error for an edge to nobody, to oneself, or given twice (in either direction).
    topology(std::uint32_t workers, std::span<edge const> edges) : begin_(std::size_t{workers} + 1) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> both;
        both.reserve(2 * edges.size());
        for (auto const& [a, b] : edges) {
            if (a >= workers || b >= workers || a == b) refuse(a, b, "is not between two of the workers");
            both.emplace_back(a, b);
            both.emplace_back(b, a);
        }
        std::ranges::sort(both);
        if (auto const twice = std::ranges::adjacent_find(both); twice != both.end())
            refuse(twice->first, twice->second, "is there twice");
        for (auto const& [from, to] : both) {
            ++begin_[std::size_t{from} + 1];
            neighbours_.push_back(to);
        }
        for (std::size_t k = 0; k < workers; ++k) begin_[k + 1] += begin_[k];
    }

    /// Each worker and the next; two workers have one edge, one has none.
    static topology ring(std::uint32_t workers) { return torus(1, workers); }
    /// A grid whose rows and columns are rings; worker r columns + c is in row r and column c.
    static topology torus(std::uint32_t rows, std::uint32_t columns) {
        if (rows != 0 && columns > std::numeric_limits<std::uint32_t>::max() / rows)
            throw configuration_error("topology: a torus of more than 2^32 - 1 workers");
        std::vector<edge> edges;
        auto const join = [&](std::uint32_t n, std::uint32_t i, auto worker) { // i and the next of a ring of n
            if (n > 2 || (n == 2 && i == 0)) edges.push_back({worker(i), worker((i + 1) % n)});
        };
        for (std::uint32_t r = 0; r < rows; ++r)
            for (std::uint32_t c = 0; c < columns; ++c) {
                join(columns, c, [&](std::uint32_t to) { return r * columns + to; });
                join(rows, r, [&](std::uint32_t to) { return to * columns + c; });
            }
        return {rows * columns, edges};
    }

    std::uint32_t workers() const { return static_cast<std::uint32_t>(begin_.size() - 1); }
    std::size_t edges() const { return neighbours_.size() / 2; }
    /// In ascending order.
    std::span<std::uint32_t const> neighbours(std::uint32_t worker) const {
        return std::span(neighbours_).subspan(begin_[worker], begin_[std::size_t{worker} + 1] - begin_[worker]);
    }
    /// Another one for another graph, in all likelihood.
    std::uint32_t checksum() const {
        return wire::crc32c(std::as_bytes(std::span(neighbours_)), wire::crc32c(std::as_bytes(std::span(begin_))));
    }

private:
    [[noreturn]] static void refuse(std::uint32_t a, std::uint32_t b, char const* why) {
        throw configuration_error("topology: the edge " + std::to_string(a) + " - " + std::to_string(b) + " " + why);
    }

    std::vector<std::uint64_t> begin_; // of each worker in neighbours_, and the end
    std::vector<std::uint32_t> neighbours_;
};

/// Throws configuration_error unless the graph is one of so many workers.
inline void require_workers(topology const& graph, std::uint32_t workers) {
    if (graph.workers() != workers)
        throw configuration_error("topology: a graph of " + std::to_string(graph.workers()) +
                                  " workers in a cluster of " + std::to_string(workers));
}

/// use(i, pointers to the messages of the neighbours of worker first + i) for i < n; message_of(k) points to that of
/// worker k.
template <class M, class Get, class F>
void for_each_neighbourhood(topology const& graph, std::uint32_t first, std::size_t n, Get message_of, F&& use) {
    std::vector<std::remove_const_t<M> const*> messages;
    for (std::size_t i = 0; i < n; ++i) {
        messages.clear();
        for (auto const k : graph.neighbours(first + static_cast<std::uint32_t>(i))) messages.push_back(message_of(k));
        use(i, std::span<std::remove_const_t<M> const* const>(messages));
    }
}

} // namespace terse
