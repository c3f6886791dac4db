// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <vector>

#include <terse/cluster/topology.hpp>

BOOST_AUTO_TEST_SUITE(topology_tests)

namespace {

using terse::topology;
using numbers = std::vector<std::uint32_t>;

numbers neighbours(topology const& g, std::uint32_t k) {
    auto const all = g.neighbours(k);
    return {all.begin(), all.end()};
}

} // namespace

BOOST_AUTO_TEST_CASE(lists_neighbours_in_order) {
    std::vector<topology::edge> const edges{{4, 1}, {0, 4}, {4, 3}};
    topology const g(6, edges);
    BOOST_TEST(g.workers() == 6u);
    BOOST_TEST(g.edges() == 3u);
    BOOST_TEST((neighbours(g, 4) == numbers{0, 1, 3}));
    BOOST_TEST((neighbours(g, 0) == numbers{4}));
    BOOST_TEST((neighbours(g, 2).empty()));
    BOOST_TEST((neighbours(g, 5).empty()));
}

BOOST_AUTO_TEST_CASE(rings_and_tori) {
    BOOST_TEST((neighbours(topology::ring(5), 0) == numbers{1, 4}));
    BOOST_TEST((neighbours(topology::ring(5), 3) == numbers{2, 4}));
    BOOST_TEST((neighbours(topology::ring(3), 1) == numbers{0, 2}));
    BOOST_TEST((neighbours(topology::ring(2), 1) == numbers{0}));
    BOOST_TEST((neighbours(topology::ring(1), 0).empty()));
    BOOST_TEST(topology::ring(0).workers() == 0u);
    auto const torus = topology::torus(3, 4);
    BOOST_TEST(torus.edges() == 24u);
    BOOST_TEST((neighbours(torus, 0) == numbers{1, 3, 4, 8}));
    BOOST_TEST((neighbours(torus, 6) == numbers{2, 5, 7, 10}));
    BOOST_TEST((neighbours(topology::torus(2, 2), 0) == numbers{1, 2})); // each pair has one edge
    BOOST_TEST((neighbours(topology::torus(2, 3), 4) == numbers{1, 3, 5}));
    BOOST_TEST((neighbours(topology::torus(4, 1), 0) == numbers{1, 3}));
}

BOOST_AUTO_TEST_CASE(hypercubes_exponential_graphs_stars_and_pairs) {
    BOOST_TEST((neighbours(topology::hypercube(8), 5) == numbers{1, 4, 7}));
    BOOST_TEST(topology::hypercube(16).edges() == 32u);
    BOOST_TEST((neighbours(topology::hypercube(1), 0).empty()));
    BOOST_TEST((neighbours(topology::exponential(16), 0) == numbers{1, 2, 4, 8, 12, 14, 15}));
    BOOST_TEST((neighbours(topology::exponential(16), 13) == numbers{1, 5, 9, 11, 12, 14, 15}));
    BOOST_TEST((neighbours(topology::exponential(6), 0) == numbers{1, 2, 4, 5})); // k + 4 is k - 2
    BOOST_TEST((neighbours(topology::exponential(7), 0) == numbers{1, 2, 3, 4, 5, 6}));
    BOOST_TEST((neighbours(topology::exponential(2), 1) == numbers{0}));
    BOOST_TEST(topology::exponential(1).edges() == 0u);
    BOOST_TEST((neighbours(topology::complete(5), 2) == numbers{0, 1, 3, 4}));
    BOOST_TEST(topology::complete(5).edges() == 10u);
    BOOST_TEST((neighbours(topology::star(5), 0) == numbers{1, 2, 3, 4}));
    BOOST_TEST((neighbours(topology::star(5), 3) == numbers{0}));
    for (auto const& none : {topology::exponential(0), topology::complete(0), topology::star(0), topology::ring(0)})
        BOOST_TEST(none.workers() == 0u);
    for (auto const workers : {0u, 3u, 6u, 4294967295u})
        BOOST_CHECK_THROW(topology::hypercube(workers), terse::configuration_error);
    BOOST_CHECK_THROW(topology::complete(4294967295u), terse::configuration_error);
}

BOOST_AUTO_TEST_CASE(directed_edges_go_one_way) {
    std::vector<topology::edge> const edges{{2, 0}, {1, 0}, {0, 1}};
    auto const g = topology::directed(4, edges);
    BOOST_TEST(g.is_directed());
    BOOST_TEST(g.edges() == 3u);
    auto const listeners = [&](std::uint32_t k) { return numbers(g.listeners(k).begin(), g.listeners(k).end()); };
    BOOST_TEST((neighbours(g, 0) == numbers{1, 2})); // 0 hears 1 and 2
    BOOST_TEST((neighbours(g, 2).empty()));
    BOOST_TEST((listeners(0) == numbers{1}));
    BOOST_TEST((listeners(2) == numbers{0}));
    BOOST_TEST((neighbours(topology::shift(5, 2), 1) == numbers{4}));
    BOOST_TEST(topology::shift(5, 2).listeners(1)[0] == 3u);
    BOOST_TEST(topology::shift(2, 1).edges() == 2u);
    BOOST_TEST(topology::ring(5).listeners(0)[1] == 4u);
    BOOST_CHECK_THROW(topology::shift(5, 10), terse::configuration_error);
    std::vector<topology::edge> const twice{{0, 1}, {0, 1}};
    BOOST_CHECK_THROW(topology::directed(4, twice), terse::configuration_error);
}

BOOST_AUTO_TEST_CASE(another_graph_has_another_checksum) {
    BOOST_TEST(topology::ring(8).checksum() == topology::torus(1, 8).checksum());
    BOOST_TEST(topology::ring(8).checksum() != topology::ring(9).checksum());
    BOOST_TEST(topology::ring(8).checksum() != topology::torus(2, 4).checksum());
    BOOST_TEST(topology(3, {}).checksum() != topology(4, {}).checksum());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_graph) {
    auto const refuses = [](std::uint32_t workers, std::vector<topology::edge> edges, char const* words) {
        BOOST_CHECK_EXCEPTION(topology(workers, edges), terse::configuration_error,
                              [&](auto const& e) { return std::string(e.what()).find(words) != std::string::npos; });
    };
    refuses(4, {{1, 4}}, "1 - 4 is not between");
    refuses(4, {{2, 2}}, "2 - 2 is not between");
    refuses(0, {{0, 1}}, "0 - 1 is not between");
    refuses(4, {{0, 1}, {2, 3}, {1, 0}}, "0 - 1 is there twice");
    refuses(4, {{0, 1}, {0, 1}}, "is there twice");
    BOOST_CHECK_THROW(topology::torus(65536, 65536), terse::configuration_error);
}

BOOST_AUTO_TEST_SUITE_END()
