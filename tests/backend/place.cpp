// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <terse/backend/place.hpp>

#include <cstdlib>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <terse/backend/buffer.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/cluster/simulated.hpp>

namespace {

// A backend of several rooms, which takes note of where memory is asked for and given back.
struct rooms {
    static inline std::vector<std::pair<char, int>> log;

    template <class T>
    static T* allocate(std::size_t n);
    template <class T>
    static void release(T* memory, std::size_t);
};

struct room {
    int number = 0;

    static room& mine() {
        thread_local room r;
        return r;
    }
    static room current() { return mine(); }

    class scope {
    public:
        explicit scope(room const& r) : before_(mine().number) { mine() = r; }
        scope(scope const&) = delete;
        scope& operator=(scope const&) = delete;
        ~scope() { mine().number = before_; }

    private:
        int before_;
    };
};

template <class T>
T* rooms::allocate(std::size_t n) {
    log.emplace_back('+', room::current().number);
    return static_cast<T*>(std::malloc(n * sizeof(T)));
}
template <class T>
void rooms::release(T* memory, std::size_t) {
    log.emplace_back('-', room::current().number);
    std::free(memory);
}

} // namespace

template <>
struct terse::place_of_backend<rooms> {
    using type = room;
};

BOOST_AUTO_TEST_SUITE(place)

using namespace terse;

BOOST_AUTO_TEST_CASE(threads_work_where_the_caller_does) {
    auto session = simulated{.workers = 50, .threads = 3}.attach();
    std::vector<int> seen(50);
    {
        room::scope const there(room{7});
        in_this_place<rooms>(session).for_each(50, [&](std::size_t i, unsigned) { seen[i] = room::current().number; });
        BOOST_TEST((std::set(seen.begin(), seen.end()) == std::set{7}));
        room::scope const further(room{8});
        in_this_place<rooms>(session).agree(50, [&](std::size_t i, unsigned) { seen[i] = room::current().number; });
        BOOST_TEST((std::set(seen.begin(), seen.end()) == std::set{8}));
    }
    // And no longer than that.
    BOOST_TEST(room::current().number == 0);
    session.for_each(50, [&](std::size_t i, unsigned) { seen[i] = room::current().number; });
    BOOST_TEST((std::set(seen.begin(), seen.end()) == std::set{0}));
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_the_place_too) {
    auto session = simulated{.workers = 2}.attach();
    room::scope const there(room{7});
    BOOST_CHECK_THROW(in_this_place<rooms>(session).for_each(2,
                                                             [&](std::size_t, unsigned) {
                                                                 room::mine() = room{9};
                                                                 throw std::runtime_error("");
                                                             }),
                      std::runtime_error);
    BOOST_TEST(room::current().number == 7);
}

BOOST_AUTO_TEST_CASE(memory_goes_back_where_it_came_from) {
    using entry = std::pair<char, int>;
    rooms::log.clear();
    {
        buffer<rooms, float> outer, inner;
        {
            room::scope const there(room{1});
            outer.resize(10);
        }
        {
            room::scope const there(room{2});
            outer.resize(100); // asks in the second room, gives back in the first
            inner.resize(1);
            BOOST_TEST(room::current().number == 2);
        }
        BOOST_TEST((rooms::log == std::vector<entry>{{'+', 1}, {'+', 2}, {'-', 1}, {'+', 2}}));
        rooms::log.clear();
        room::scope const there(room{3});
        outer = std::move(inner);
        inner.resize(1000); // what was outer's
        BOOST_TEST((rooms::log == std::vector<entry>{{'+', 3}, {'-', 2}}));
    }
    BOOST_TEST(rooms::log.size() == 4u);
    for (auto const& [what, where] : rooms::log)
        if (what == '-') BOOST_TEST(where != 0);
}

static_assert(sizeof(buffer<cpu, float>) == 3 * sizeof(void*)); // it costs nothing where there are no places

BOOST_AUTO_TEST_SUITE_END()
