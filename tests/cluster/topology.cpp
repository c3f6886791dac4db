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
