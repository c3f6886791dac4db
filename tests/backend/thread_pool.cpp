// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <terse/backend/cpu/thread_pool.hpp>

BOOST_AUTO_TEST_SUITE(thread_pool_tests)

using terse::thread_pool;

BOOST_AUTO_TEST_CASE(every_index_runs_exactly_once) {
    for (unsigned const threads : {1u, 2u, 3u, 8u}) {
        thread_pool pool(threads);
        BOOST_TEST(pool.threads() == threads);
        for (std::size_t n = 0; n < 40; ++n)
            for (int repeat = 0; repeat < 5; ++repeat) {
                std::vector<int> times(n); // not atomic: two threads on one index are a race
                std::atomic<bool> strange = false;
                pool.for_each(n, [&](std::size_t i, unsigned thread) {
                    ++times[i];
                    if (thread >= threads) strange = true;
                });
                BOOST_TEST_REQUIRE(!strange);
                for (auto const t : times) BOOST_TEST_REQUIRE(t == 1);
            }
    }
}

// What one loop writes the next one reads, whichever threads they ran on.
BOOST_AUTO_TEST_CASE(a_loop_sees_what_the_loop_before_wrote) {
    thread_pool pool(4);
    std::vector<long> a(16, 1), b(16);
    for (int round = 0; round < 500; ++round) {
        pool.for_each(16, [&](std::size_t i, unsigned) { b[i] = a[(i + 5) % 16] + 1; });
        pool.for_each(16, [&](std::size_t i, unsigned) { a[i] = b[(i + 3) % 16]; });
    }
    for (auto const x : a) BOOST_TEST(x == 501);
}

BOOST_AUTO_TEST_CASE(two_calls_at_a_time_have_different_thread_numbers) {
    thread_pool pool(4);
    std::vector<std::atomic<int>> inside(4);
    std::atomic<bool> shared = false;
    pool.for_each(2000, [&](std::size_t, unsigned thread) {
        if (++inside[thread] > 1) shared = true;
        --inside[thread];
    });
    BOOST_TEST(!shared);
}

BOOST_AUTO_TEST_CASE(the_exception_of_the_lowest_index_is_thrown_after_the_loop) {
    for (unsigned const threads : {1u, 2u, 5u}) {
        thread_pool pool(threads);
        for (int repeat = 0; repeat < 50; ++repeat) {
            std::atomic<int> calls = 0;
            auto const loop = [&] {
                pool.for_each(30, [&](std::size_t i, unsigned) {
                    ++calls;
                    if (i % 7 == 3) throw std::runtime_error(std::to_string(i));
                });
            };
            BOOST_CHECK_EXCEPTION(loop(), std::runtime_error,
                                  [](auto const& e) { return e.what() == std::string("3"); });
            BOOST_TEST(calls == 30); // the loop is finished first
        }
    }
}

BOOST_AUTO_TEST_CASE(it_works_on_after_an_exception) {
    for (unsigned const threads : {1u, 3u}) {
        thread_pool pool(threads);
        for (int repeat = 0; repeat < 20; ++repeat) {
            BOOST_CHECK_THROW(pool.for_each(9,
                                            [](std::size_t i, unsigned) {
                                                if (i == 8) throw i;
                                            }),
                              std::size_t);
            BOOST_CHECK_THROW(pool.for_each(1, [](std::size_t, unsigned) { throw 1; }), int);
            std::atomic<std::size_t> sum = 0;
            BOOST_CHECK_NO_THROW(pool.for_each(100, [&](std::size_t i, unsigned) { sum += i; }));
            BOOST_TEST(sum == 4950u);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_pool_that_never_worked_ends) {
    for (int repeat = 0; repeat < 50; ++repeat) thread_pool const pool(4);
}

BOOST_AUTO_TEST_CASE(pools_do_not_touch_each_other) {
    thread_pool outer(2);
    std::atomic<int> calls = 0;
    outer.for_each(4, [&](std::size_t, unsigned) {
        thread_pool inner(2);
        inner.for_each(10, [&](std::size_t, unsigned) { ++calls; });
    });
    BOOST_TEST(calls == 40);
}

BOOST_AUTO_TEST_SUITE_END()
