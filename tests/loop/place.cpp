// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <terse/backend/place.hpp>

namespace terse_test {

/// A place that is a number.
struct room {
    int number = 0;

    static room& mine() {
        thread_local room r;
        return r;
    }
    static room current() { return mine(); }

    struct scope {
        explicit scope(room const& r) : before(mine().number) { mine() = r; }
        scope(scope const&) = delete;
        scope& operator=(scope const&) = delete;
        ~scope() { mine().number = before; }

        int before;
    };
};

struct rooms;

} // namespace terse_test

template <>
struct terse::place_of_backend<terse_test::rooms> {
    using type = terse_test::room;
};

#include <terse/terse.hpp>

namespace terse_test {

using terse::index_t;
using terse::input;
using terse::scratch;
using terse::view;

/// A backend in host memory whose verbs may be called in one room only. It has those that methods without compression
/// need.
struct rooms {
    static constexpr int right = 7;

    static void look() {
        if (room::current().number != right) throw std::logic_error("a verb was called elsewhere");
    }

    template <class T>
    static T* allocate(std::size_t n) {
        return static_cast<T*>(std::malloc(n * sizeof(T)));
    }
    template <class T>
    static void release(T* memory, std::size_t) noexcept {
        std::free(memory);
    }
    template <class T>
    static void fill(view<rooms, T> y, std::type_identity_t<T> a) {
        look();
        std::fill_n(y.data(), y.size(), a);
    }
    template <class T>
    static void copy(input<rooms, T> x, view<rooms, T> y) {
        look();
        std::copy_n(x.data(), x.size(), y.data());
    }
    template <class T>
    static void axpy(std::type_identity_t<T> a, input<rooms, T> x, view<rooms, T> y) {
        combine<T>(y, a, x, y);
    }
    template <class T>
    static void combine(input<rooms, T> x, std::type_identity_t<T> a, input<rooms, T> z, view<rooms, T> y) {
        look();
        for (std::size_t i = 0; i < y.size(); ++i) y.data()[i] = x.data()[i] + a * z.data()[i];
    }
    template <class T>
    static void scale(std::type_identity_t<T> a, view<rooms, T> y) {
        look();
        for (std::size_t i = 0; i < y.size(); ++i) y.data()[i] *= a;
    }
    template <class T>
    static std::size_t first_non_finite(view<rooms, T> x) {
        look();
        return x.size();
    }

    [[noreturn]] static void unneeded() { throw std::logic_error("no method here needs this verb"); }
    template <class T>
    static void axpby(std::type_identity_t<T>, input<rooms, T>, std::type_identity_t<T>, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static double sum(view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static double sum_of_magnitudes(view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static double sum_of_squares(view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static void gather(input<rooms, T>, input<rooms, index_t>, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T>, input<rooms, index_t>, input<rooms, T>, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static void scatter_fill(input<rooms, index_t>, std::type_identity_t<T>, view<rooms, T>) {
        unneeded();
    }
    static void sequence(index_t, index_t, view<rooms, index_t>) { unneeded(); }
    template <class T>
    static void upload(std::span<std::type_identity_t<T> const>, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static void select_largest(input<rooms, T>, std::size_t, view<rooms, index_t>, view<rooms, T>, scratch<rooms>&) {
        unneeded();
    }
    template <class T>
    static std::size_t select_at_least(input<rooms, T>, std::type_identity_t<T>, view<rooms, index_t>, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static std::size_t count_at_least(view<rooms, T>, std::type_identity_t<std::remove_const_t<T>>) {
        unneeded();
    }
    template <class T>
    static std::remove_const_t<T> nth_magnitude(view<rooms, T>, std::size_t, scratch<rooms>&) {
        unneeded();
    }
    template <class T>
    static double pack_signs(view<rooms, T>, view<rooms, std::uint64_t>) {
        unneeded();
    }
    template <class T>
    static void add_signs(std::type_identity_t<T>, input<rooms, std::uint64_t>, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static void quantize(input<rooms, T>, terse::level_grid const&, view<rooms, T>, view<rooms, std::uint64_t>,
                         terse::random_stream const&) {
        unneeded();
    }
    template <class T>
    static void add_levels(std::type_identity_t<T>, input<rooms, std::uint64_t>, input<rooms, T>,
                           terse::level_grid const&, view<rooms, T>) {
        unneeded();
    }
    template <class T>
    static void round_to_powers(input<rooms, T>, view<rooms, T>, terse::random_stream const&) {
        unneeded();
    }
    static std::uint64_t elias_bits(input<rooms, std::uint64_t>, unsigned, std::size_t) { unneeded(); }
    static std::uint64_t delta_bytes(input<rooms, index_t>) { unneeded(); }
};

} // namespace terse_test

BOOST_AUTO_TEST_SUITE(place)

using namespace terse_test;

template <class Method>
void works_in_the_callers_room(Method const& method) {
    std::vector<double> w(100, 1.0);
    std::set<int> seen;
    std::mutex one_at_a_time;
    {
        room::scope const here(room{rooms::right});
        auto run =
            terse::train(method, terse::simulated{.workers = 8, .threads = 3}, view<rooms, double>(w.data(), w.size()));
        for (int t = 0; t < 3; ++t)
            run.step(0.1, [&](terse::worker_context, view<rooms, double const> x, view<rooms, double> g) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1)); // so that all threads get something to do
                rooms::copy(x, g);
                std::lock_guard const lock(one_at_a_time);
                seen.insert(room::current().number);
            });
    }
    BOOST_TEST(w[50] < 0.85);
    BOOST_TEST((seen == std::set{rooms::right}));
    BOOST_TEST(room::current().number == 0);
}

BOOST_AUTO_TEST_CASE(all_verbs_and_callbacks_are_in_the_callers_place) {
    works_in_the_callers_room(terse::dsgd());
    works_in_the_callers_room(terse::local_sgd({.period = 2}));
}

BOOST_AUTO_TEST_SUITE_END()
