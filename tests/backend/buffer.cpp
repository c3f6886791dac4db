// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

#include <terse/backend/cpu.hpp>

BOOST_AUTO_TEST_SUITE(buffer_tests)

using terse::buffer;
using terse::cpu;
using terse::view;

BOOST_AUTO_TEST_CASE(shrinking_keeps_the_memory) {
    buffer<cpu, float> b(100);
    auto* const memory = b.data();
    b.resize(10);
    BOOST_TEST(b.size() == 10u);
    b.resize(0);
    BOOST_TEST(b.empty());
    b.resize(100);
    BOOST_TEST(b.data() == memory);
    b.resize(101);
    BOOST_TEST(b.size() == 101u);
}

BOOST_AUTO_TEST_CASE(growing_leaves_room) {
    buffer<cpu, float> b(100);
    b.resize(101);
    auto* const memory = b.data();
    b.resize(150);
    BOOST_TEST(b.data() == memory);
}

BOOST_AUTO_TEST_CASE(memory_begins_at_a_cache_line) {
    for (std::size_t const n : {1u, 3u, 100u, 4097u})
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(buffer<cpu, float>(n).data()) % cpu::alignment == 0u);
}

BOOST_AUTO_TEST_CASE(a_copy_has_numbers_of_its_own) {
    buffer<cpu, double> a;
    a.assign(3, 7);
    auto b = a;
    b[1] = 8;
    BOOST_TEST(a[1] == 7);
    BOOST_TEST(b[1] == 8);
    BOOST_TEST(b.size() == 3u);
    a = b;
    BOOST_TEST(a[1] == 8);
    BOOST_TEST(a.data() != b.data());
    auto& same = a;
    a = same;
    BOOST_TEST(a[1] == 8);
    buffer<cpu, double> const empty;
    a = empty;
    BOOST_TEST(a.empty());
}

BOOST_AUTO_TEST_CASE(a_move_takes_the_memory) {
    buffer<cpu, double> a;
    a.assign(3, 7);
    auto* const memory = a.data();
    auto b = std::move(a);
    BOOST_TEST(b.data() == memory);
    a = std::move(b);
    BOOST_TEST(a.data() == memory);
    BOOST_TEST(a.size() == 3u);
    buffer<cpu, double> c;
    c.swap(a);
    BOOST_TEST(c.data() == memory);
    BOOST_TEST(a.empty());
}

BOOST_AUTO_TEST_CASE(a_part_is_the_same_memory) {
    buffer<cpu, float> b;
    b.assign(10, 1);
    cpu::fill(b.part(4, 2), 5);
    BOOST_TEST(std::count(b.data(), b.data() + 10, 5.0F) == 2);
    BOOST_TEST(b[4] == 5);
    BOOST_TEST(b[5] == 5);
}

BOOST_AUTO_TEST_SUITE_END()
