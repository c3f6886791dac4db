// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Neighbours hear each other, and nobody else: the same in one process and on ranks.
#include "mpi/world.hpp"

#include <algorithm>

#include <terse/cluster/simulated.hpp>

namespace {

std::uint64_t sent = 0; ///< bytes that this rank gave to MPI

} // namespace

int MPI_Isend(void const* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request* request) {
    sent += static_cast<std::uint64_t>(count);
    return PMPI_Isend(data, count, type, to, tag, comm, request);
}

BOOST_AUTO_TEST_SUITE(neighbours)

namespace {

using terse::topology;

/// What worker k says: each in its own number of bytes.
struct dense_words {
    using message = terse::dense_message<terse::cpu, double>;
    message operator()(std::uint32_t k) const {
        message m;
        m.reset(23);
        for (std::size_t i = 0; i < 23; ++i) m.values[i] = k + 0.01 * static_cast<double>(i);
        return m;
    }
};
struct sparse_words {
    using message = terse::sparse_message<terse::cpu, double>;
    message operator()(std::uint32_t k) const {
        message m;
        m.reset(1200, 3 * k + 1);
        for (std::uint32_t i = 0; i < 3 * k + 1; ++i) m.indices[i] = i * i + k, m.values[i] = k - 0.5 * i;
        return m;
    }
};
struct plain_words {
    using message = std::uint64_t;
    message operator()(std::uint32_t k) const { return 1000 + k; }
};

world::hash hash_of(std::uint64_t m) {
    world::hash h;
    h.add(m);
    return h;
}
template <class M>
world::hash hash_of(M const& m) {
    std::vector<double> y(m.dimension());
    m.add_to(1, terse::view<terse::cpu, double>(y.data(), y.size()));
    world::hash h;
    for (auto const x : y) h.add(x);
    h.add(m.bytes());
    return h;
}

/// Every hosted worker of any session hears exactly its neighbours, in their order.
template <class Session, class Words>
void check(Session& session, topology const& graph, Words words) {
    using message = typename Words::message;
    std::vector<message> said;
    for (std::size_t i = 0; i < session.hosted(); ++i)
        said.push_back(words(session.first() + static_cast<std::uint32_t>(i)));
    std::size_t calls = 0;
    session.exchange_with_neighbours(graph, std::span(said), [&](std::size_t i, std::span<message const* const> heard) {
        BOOST_TEST(i == calls++);
        auto const expected = graph.neighbours(session.first() + static_cast<std::uint32_t>(i));
        BOOST_TEST(heard.size() == expected.size());
        for (std::size_t j = 0; j < std::min(heard.size(), expected.size()); ++j)
            BOOST_TEST((hash_of(*heard[j]) == hash_of(words(expected[j]))));
    });
    BOOST_TEST(calls == session.hosted());
}

template <class Words>
void check_everywhere(std::uint32_t workers, topology const& graph, Words words) {
    auto alone = terse::simulated{.workers = workers}.attach();
    check(alone, graph, words);
    for (std::size_t const chunk : {std::size_t{1} << 30, std::size_t{1000}, std::size_t{50}}) {
        auto ranks = terse::mpi::cluster{.workers = workers, .chunk_bytes = chunk}.attach();
        check(ranks, graph, words);
        check(ranks, graph, words); // nothing is left over from the first time
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(hear_each_other_in_any_graph) {
    using edges = std::vector<topology::edge>;
    for (std::uint32_t const n : {8u, 12u}) {
        edges star, complete, odd{{7, 0}, {3, 7}, {5, 2}};
        for (std::uint32_t k = 1; k < n; ++k) star.push_back({k, 0});
        for (std::uint32_t a = 0; a < n; ++a)
            for (std::uint32_t b = 0; b < a; ++b) complete.push_back({a, b});
        for (auto const& graph : {topology::ring(n), topology::torus(n / 4, 4), topology(n, {}), topology(n, star),
                                  topology(n, complete), topology(n, odd), topology::shift(n, 1), topology::shift(n, 4),
                                  topology::directed(n, odd), topology::directed(n, star)}) {
            check_everywhere(n, graph, dense_words{});
            check_everywhere(n, graph, sparse_words{});
            check_everywhere(n, graph, plain_words{});
        }
    }
}

BOOST_AUTO_TEST_CASE(send_once_to_each_rank_that_listens) {
    constexpr std::uint32_t workers = 12;
    auto session = terse::mpi::cluster{.workers = workers}.attach();
    std::vector<std::uint32_t> const mine{session.first(),
                                          session.first() + static_cast<std::uint32_t>(session.hosted())};
    std::vector<std::uint32_t> begin(2 * static_cast<std::size_t>(world::size()));
    MPI_Allgather(mine.data(), 2, MPI_UINT32_T, begin.data(), 2, MPI_UINT32_T, MPI_COMM_WORLD);
    for (auto const& graph : {topology::ring(workers), topology::torus(3, 4), topology::shift(workers, 5)}) {
        std::uint64_t expected = 0;
        for (auto k = mine[0]; k < mine[1]; ++k)
            for (std::size_t r = 0; r < begin.size() / 2; ++r)
                if (r != static_cast<std::size_t>(world::rank()) &&
                    std::ranges::any_of(graph.listeners(k),
                                        [&](auto j) { return j >= begin[2 * r] && j < begin[2 * r + 1]; }))
                    expected += sizeof(std::uint64_t);
        sent = 0;
        check(session, graph, plain_words{});
        BOOST_TEST(sent == expected);
    }
}

BOOST_AUTO_TEST_CASE(must_be_those_of_the_same_graph) {
    auto session = terse::mpi::cluster{.workers = 8}.attach();
    std::vector<double> said(session.hosted());
    auto const talk = [&](topology const& graph) {
        session.exchange_with_neighbours(graph, std::span(said), [](std::size_t, auto) {});
    };
    BOOST_CHECK_THROW(talk(topology::ring(9)), terse::configuration_error);
    if (world::size() > 1) {
        bool const odd = world::rank() == world::size() - 1;
        BOOST_CHECK_EXCEPTION(talk(odd ? topology::torus(2, 4) : topology::ring(8)), terse::error,
                              [](auto const& e) { return world::contains(e.what(), "in graph"); });
    }
    talk(topology::ring(8));
}

BOOST_AUTO_TEST_CASE(learn_of_failures) {
    auto session = terse::mpi::cluster{.workers = 8}.attach();
    std::vector<double> said(session.hosted());
    session.for_each(said.size(), [&](std::size_t i, unsigned) {
        if (session.first() + i == 6) throw std::runtime_error("nothing to say");
    });
    BOOST_CHECK_EXCEPTION(
        session.exchange_with_neighbours(topology::ring(8), std::span(said), [](std::size_t, auto) {}),
        terse::mpi::worker_failed, [](auto const& e) { return e.worker == 6; });
}

BOOST_AUTO_TEST_SUITE_END()
