// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <terse/backend/kept.hpp>

BOOST_AUTO_TEST_SUITE(kept_tests)

namespace {

struct number {
    int value;
};
struct other_number {
    int value;
};

int made = 0;

template <class V = number>
std::shared_ptr<V const> get(terse::kept const& room, int wanted) {
    return room.get<V>([&](V const& v) { return v.value == wanted; }, [&] { return ++made, V{wanted}; });
}

} // namespace

BOOST_AUTO_TEST_CASE(what_fits_is_made_once) {
    terse::kept room;
    auto const before = made;
    auto const first = get(room, 7);
    BOOST_TEST(first->value == 7);
    BOOST_TEST(get(room, 7).get() == first.get());
    BOOST_TEST(made == before + 1);
    BOOST_TEST(get(room, 8)->value == 8);
    BOOST_TEST(first->value == 7); // it is still someone's
    BOOST_TEST(get(room, 7)->value == 7);
    BOOST_TEST(made == before + 3);
}

BOOST_AUTO_TEST_CASE(another_type_is_another_thing) {
    terse::kept room;
    get<number>(room, 7);
    auto const before = made;
    BOOST_TEST(get<other_number>(room, 7)->value == 7);
    BOOST_TEST(made == before + 1);
}

BOOST_AUTO_TEST_CASE(copies_share_and_the_last_frees) {
    std::weak_ptr<number const> watched;
    {
        auto room = std::make_unique<terse::kept>();
        terse::kept copy = *room, moved = std::move(*room);
        watched = get(copy, 7);
        BOOST_TEST(get(moved, 7).get() == watched.lock().get());
        BOOST_TEST(get(*room, 7).get() == watched.lock().get());
        room.reset();
        copy = terse::kept();
        BOOST_TEST(!watched.expired());
    }
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(one_at_a_time_is_kept) {
    terse::kept room;
    std::weak_ptr<number const> const first = get(room, 7);
    get(room, 8);
    BOOST_TEST(first.expired());
}

BOOST_AUTO_TEST_CASE(a_failure_changes_nothing) {
    terse::kept room;
    auto const first = get(room, 7);
    auto const fails = [&] {
        room.get<number>([](number const&) { return false; }, []() -> number { throw std::runtime_error("no"); });
    };
    BOOST_CHECK_THROW(fails(), std::runtime_error);
    BOOST_TEST(get(room, 7).get() == first.get());
}

BOOST_AUTO_TEST_CASE(threads_make_it_once) {
    terse::kept const room;
    std::atomic<int> times = 0;
    std::vector<std::shared_ptr<number const>> found(8);
    std::vector<std::thread> threads;
    for (auto& f : found)
        threads.emplace_back(
            [&] { f = room.get<number>([](number const&) { return true; }, [&] { return ++times, number{3}; }); });
    for (auto& t : threads) t.join();
    BOOST_TEST(times == 1);
    for (auto const& f : found) BOOST_TEST(f.get() == found.front().get());
}

BOOST_AUTO_TEST_SUITE_END()
