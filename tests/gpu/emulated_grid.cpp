// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "emulated_grid.hpp"

#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(emulated_grid_tests)

using namespace terse_test;

namespace {

// Every thread writes a number for its neighbour; without a sync() the neighbour may come too early.
struct rotate {
    static constexpr unsigned threads = 64;
    struct shared {
        unsigned number[threads];
    };
    bool waits;
    unsigned* out;

    template <class B>
    void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        s.number[b.thread()] = b.thread();
        if (waits) b.sync();
        out[b.thread()] = s.number[(b.thread() + 1) % threads];
    }
};

// The same many times over the same memory; without the second sync() a thread may write what another is to read.
struct rotate_often {
    static constexpr unsigned threads = 64;
    struct shared {
        unsigned number[threads];
    };
    bool waits;
    unsigned* out;

    template <class B>
    void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        unsigned sum = 0;
        for (unsigned t = 0; t < 5; ++t) {
            s.number[b.thread()] = b.thread() + t;
            b.sync();
            sum += s.number[(b.thread() + 1) % threads];
            if (waits) b.sync();
        }
        out[b.thread()] = sum;
    }
};

template <class K>
std::set<std::vector<unsigned>> outcomes(K kernel) {
    std::set<std::vector<unsigned>> all;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::vector<unsigned> out(K::threads);
        kernel.out = out.data();
        emulated_grid{seed}(kernel, 1);
        all.insert(out);
    }
    return all;
}

// The last block to finish adds up what all have written; without a sync() it may be early.
struct last_block {
    static constexpr unsigned threads = 64;
    struct shared {
        bool last;
    };
    bool waits;
    unsigned* out;     ///< of the last block
    unsigned* numbers; ///< of each thread of the grid
    std::uint32_t* finished;

    template <class B>
    void operator()(B& b) const {
        auto& s = b.template shared<shared>();
        numbers[b.index() * threads + b.thread()] = 1;
        if (waits) b.sync();
        if (b.thread() == 0) s.last = b.add(finished, std::uint32_t{1}) == b.blocks() - 1;
        b.sync();
        if (!s.last) return;
        out[b.thread()] = 0;
        for (unsigned i = 0; i < b.blocks() * threads; ++i) out[b.thread()] += numbers[i];
    }
};

std::set<std::vector<unsigned>> sums_of_last_block(bool waits) {
    std::set<std::vector<unsigned>> all;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::vector<unsigned> out(64), numbers(8 * 64);
        std::uint32_t finished = 0;
        emulated_grid{seed}(last_block{waits, out.data(), numbers.data(), &finished}, 8);
        all.insert(out);
    }
    return all;
}

struct none {};

struct arrive {
    static constexpr unsigned threads = 64;
    using shared = none;
    std::vector<std::pair<std::size_t, unsigned>>* order;
    std::uint32_t* count;
    std::uint64_t* bits;
    unsigned* new_bits;

    template <class B>
    void operator()(B& b) const {
        order->emplace_back(b.index(), b.thread());
        b.add(count, std::uint32_t{2});
        auto const before = b.set_bits(bits, std::uint64_t{1} << b.thread());
        *new_bits += (before >> b.thread() & 1) == 0 ? 1 : 0;
        BOOST_TEST_REQUIRE(b.blocks() == 3u);
    }
};

struct talk {
    static constexpr unsigned threads = 96;
    using shared = none;
    std::uint32_t* ballots;
    std::uint64_t* sums;

    template <class B>
    void operator()(B& b) const {
        ballots[b.thread()] = b.ballot(b.thread() % 3 == 0);
        std::uint64_t sum = 0;
        for (unsigned l = 0; l < 32; ++l) sum = 33 * sum + b.shuffle(std::uint64_t{b.thread()} << 40, l);
        sums[b.thread()] = sum;
    }
};

// What must not happen.
enum class mistake { ends_early, elsewhere, other_lanes, throws };
struct mistaken {
    static constexpr unsigned threads = 64;
    using shared = none;
    mistake which;

    template <class B>
    void operator()(B& b) const {
        bool const odd = b.thread() % 2 == 1;
        if (which == mistake::throws && b.thread() == 17) throw std::runtime_error("seventeen");
        if (which == mistake::ends_early && odd) return;
        if (which == mistake::elsewhere && odd) b.sync();
        if (which == mistake::other_lanes && odd) b.ballot(true);
        b.sync();
    }
};

bool says(mistake which, std::string const& word) {
    try {
        emulated_grid{1}(mistaken{which}, 1);
    } catch (divergence const& e) {
        return std::string(e.what()).find(word) != std::string::npos;
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_missing_sync_shows) {
    std::vector<unsigned> right;
    for (unsigned t = 1; t <= 64; ++t) right.push_back(t % 64);
    BOOST_TEST((outcomes(rotate{true, nullptr}) == std::set{right}));
    BOOST_TEST(outcomes(rotate{false, nullptr}).size() > 1u);
    BOOST_TEST(outcomes(rotate_often{true, nullptr}).size() == 1u);
    BOOST_TEST(outcomes(rotate_often{false, nullptr}).size() > 1u);
    BOOST_TEST((sums_of_last_block(true) == std::set{std::vector<unsigned>(64, 8 * 64)}));
    BOOST_TEST(sums_of_last_block(false).size() > 1u);
}

BOOST_AUTO_TEST_CASE(threads_and_blocks_come_in_any_order) {
    std::set<std::vector<std::pair<std::size_t, unsigned>>> orders;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        std::vector<std::pair<std::size_t, unsigned>> order;
        std::uint32_t count = 5;
        std::uint64_t bits = 0;
        unsigned new_bits = 0;
        emulated_grid{seed}(arrive{&order, &count, &bits, &new_bits}, 3);
        BOOST_TEST(order.size() == 3u * 64u);
        BOOST_TEST((std::set(order.begin(), order.end()).size() == order.size()));
        BOOST_TEST(count == 5u + 3u * 64u * 2u);
        BOOST_TEST(bits == ~std::uint64_t{0});
        BOOST_TEST(new_bits == 64u);
        orders.insert(order);
    }
    BOOST_TEST(orders.size() == 5u);
}

BOOST_AUTO_TEST_CASE(lanes_see_their_warp_and_no_other) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        std::vector<std::uint32_t> ballots(96);
        std::vector<std::uint64_t> sums(96);
        emulated_grid{seed}(talk{ballots.data(), sums.data()}, 1);
        for (unsigned t = 0; t < 96; ++t) {
            std::uint32_t ballot = 0;
            std::uint64_t sum = 0;
            for (unsigned l = 0; l < 32; ++l) {
                auto const other = t / 32 * 32 + l;
                ballot |= static_cast<std::uint32_t>(other % 3 == 0) << l;
                sum = 33 * sum + (std::uint64_t{other} << 40);
            }
            BOOST_TEST(ballots[t] == ballot);
            BOOST_TEST(sums[t] == sum);
        }
    }
}

BOOST_AUTO_TEST_CASE(divergence_is_an_error) {
    BOOST_TEST(says(mistake::ends_early, "ended"));
    BOOST_TEST(says(mistake::elsewhere, "sync"));
    BOOST_TEST(says(mistake::other_lanes, "ballot"));
    BOOST_CHECK_THROW(emulated_grid{1}(mistaken{mistake::throws}, 1), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
