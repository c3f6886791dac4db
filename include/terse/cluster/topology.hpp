// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <bit>
#include <compare>
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

/// Who hears whom: a graph of workers 0 .. workers() - 1, as a list of neighbours for each. Undirected, unless made by
/// directed().
class topology {
public:
    struct edge {
        std::uint32_t a, b;
        // Both are named, because nvcc does not define the == that comes with <=>.
        friend auto operator<=>(edge const&, edge const&) = default; // NOLINT(modernize-use-nullptr): there is none
        friend bool operator==(edge const&, edge const&) = default;
    };

    /// Throws configuration_error for an edge to nobody, to oneself, or given twice (in either direction).
    topology(std::uint32_t workers, std::span<edge const> edges) : directed_(false) {
        std::vector<arc> both;
        both.reserve(2 * edges.size());
        for (auto const& e : edges) {
            require_edge(e, workers);
            both.emplace_back(e.a, e.b);
            both.emplace_back(e.b, e.a);
        }
        heard_ = lists(workers, std::move(both));
    }
    /// Each edge goes one way: b hears a.
    static topology directed(std::uint32_t workers, std::span<edge const> edges) {
        std::vector<arc> to, from;
        for (auto const& e : edges) {
            require_edge(e, workers);
            to.emplace_back(e.a, e.b);
            from.emplace_back(e.b, e.a);
        }
        topology g;
        g.listening_ = lists(workers, std::move(to));
        g.heard_ = lists(workers, std::move(from));
        return g;
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
    /// Workers whose numbers differ in one bit. Throws configuration_error unless there are 2^m of them.
    static topology hypercube(std::uint32_t workers) {
        if (!std::has_single_bit(workers))
            throw configuration_error("topology: a hypercube of " + std::to_string(workers) +
                                      " workers, which is no power of two");
        std::vector<edge> edges;
        for (std::uint32_t k = 0; k < workers; ++k)
            for (std::uint32_t bit = 1; bit < workers; bit <<= 1)
                if ((k & bit) == 0) edges.push_back({k, k | bit});
        return {workers, edges};
    }
    /// Worker k and k +- 2^j (mod workers), 2^j < workers.
    static topology exponential(std::uint32_t workers) {
        std::vector<edge> edges;
        for (std::uint64_t step = 1; step < workers; step *= 2)
            for (std::uint32_t k = 0; k < workers; ++k) {
                auto const to = static_cast<std::uint32_t>((k + step) % workers);
                edges.push_back({std::min(k, to), std::max(k, to)});
            }
        std::ranges::sort(edges);
        // k + 2^i is k - 2^j too, if 2^i + 2^j workers make a round
        edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
        return {workers, edges};
    }
    /// Every pair; for at most 2^14 workers, otherwise a configuration_error.
    static topology complete(std::uint32_t workers) {
        if (workers > 1u << 14)
            throw configuration_error("topology: a complete graph of " + std::to_string(workers) +
                                      " workers, which has too many edges; take their mean");
        std::vector<edge> edges;
        for (std::uint32_t a = 0; a < workers; ++a)
            for (std::uint32_t b = a + 1; b < workers; ++b) edges.push_back({a, b});
        return {workers, edges};
    }
    /// Worker 0 and each of the others.
    static topology star(std::uint32_t workers) {
        std::vector<edge> edges;
        for (std::uint32_t k = 1; k < workers; ++k) edges.push_back({0, k});
        return {workers, edges};
    }
    /// One way only: worker k hears (k - distance) mod workers. Throws configuration_error if that is itself.
    static topology shift(std::uint32_t workers, std::uint32_t distance) {
        std::vector<edge> edges;
        for (std::uint32_t k = 0; k < workers; ++k)
            edges.push_back({k, static_cast<std::uint32_t>((std::uint64_t{k} + distance) % workers)});
        return directed(workers, edges);
    }

    std::uint32_t workers() const { return static_cast<std::uint32_t>(heard_.begin.size() - 1); }
    bool is_directed() const { return directed_; }
    std::size_t edges() const { return directed_ ? heard_.of.size() : heard_.of.size() / 2; }
    /// Those that the worker hears, in ascending order;
    std::span<std::uint32_t const> neighbours(std::uint32_t worker) const { return heard_[worker]; }
    /// and those that hear it, which are the same in an undirected graph.
    std::span<std::uint32_t const> listeners(std::uint32_t worker) const {
        return directed_ ? listening_[worker] : heard_[worker];
    }
    /// Another one for another graph, in all likelihood.
    std::uint32_t checksum() const {
        return wire::crc32c(std::as_bytes(std::span(heard_.of)), wire::crc32c(std::as_bytes(std::span(heard_.begin))));
    }

private:
    using arc = std::pair<std::uint32_t, std::uint32_t>;

    struct lists {
        std::vector<std::uint64_t> begin{0}; // of each worker in `of`, and the end
        std::vector<std::uint32_t> of;

        lists() = default;
        lists(std::uint32_t workers, std::vector<arc> arcs) : begin(std::size_t{workers} + 1) {
            std::ranges::sort(arcs);
            if (auto const twice = std::ranges::adjacent_find(arcs); twice != arcs.end())
                refuse({twice->first, twice->second}, "is there twice");
            for (auto const& [from, to] : arcs) {
                ++begin[std::size_t{from} + 1];
                of.push_back(to);
            }
            for (std::size_t k = 0; k < workers; ++k) begin[k + 1] += begin[k];
        }
        std::span<std::uint32_t const> operator[](std::uint32_t worker) const {
            return std::span(of).subspan(begin[worker], begin[std::size_t{worker} + 1] - begin[worker]);
        }
    };

    topology() = default;
    static void require_edge(edge e, std::uint32_t workers) {
        if (e.a >= workers || e.b >= workers || e.a == e.b) refuse(e, "is not between two of the workers");
    }
    [[noreturn]] static void refuse(edge e, char const* why) {
        throw configuration_error("topology: the edge " + std::to_string(e.a) + " - " + std::to_string(e.b) + " " +
                                  why);
    }

    lists heard_, listening_; // the second of directed graphs only
    bool directed_ = true;
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
