// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <terse/backend/cpu.hpp>
#include <terse/testing/inputs.hpp>
#include <terse/wire/fold.hpp>
#include <terse/wire/signs.hpp>

// Means on a backend that adds messages up at once, as devices do.
BOOST_AUTO_TEST_SUITE(fold_at_once)

using namespace terse;

namespace {

std::string asked; ///< which verbs for sums

/// Host memory of another name. A verb for sums does what it is short for, one term after the other.
struct at_once {
    template <class T>
    static view<cpu, T> host(view<at_once, T> v) {
        return {v.data(), v.size()};
    }

    template <class T>
    static T* allocate(std::size_t n) {
        return cpu::allocate<T>(n);
    }
    template <class T>
    static void release(T* memory, std::size_t n) noexcept {
        cpu::release(memory, n);
    }
    template <class T>
    static void fill(view<at_once, T> y, std::type_identity_t<T> a) {
        cpu::fill(host(y), a);
    }
    template <class T>
    static void copy(input<at_once, T> x, view<at_once, T> y) {
        cpu::copy(host(x), host(y));
    }
    template <class T>
    static void axpy(std::type_identity_t<T> a, input<at_once, T> x, view<at_once, T> y) {
        asked += "axpy ";
        cpu::axpy(a, host(x), host(y));
    }
    template <class T>
    static void scale(std::type_identity_t<T> a, view<at_once, T> y) {
        cpu::scale(a, host(y));
    }
    template <class T>
    static void scatter_axpy(std::type_identity_t<T> a, input<at_once, index_t> i, input<at_once, T> x,
                             view<at_once, T> y) {
        asked += "scatter_axpy ";
        cpu::scatter_axpy(a, host(i), host(x), host(y));
    }
    template <class T>
    static void add_levels(std::type_identity_t<T> a, input<at_once, std::uint64_t> words, input<at_once, T> units,
                           level_grid const& grid, view<at_once, T> y) {
        asked += "add_levels ";
        cpu::add_levels(a, host(words), host(units), grid, host(y));
    }
    template <class T>
    static std::size_t count_at_least(view<at_once, T> x, std::type_identity_t<std::remove_const_t<T>> least) {
        return cpu::count_at_least(host(x), least);
    }
    template <class T>
    static std::size_t first_non_finite(view<at_once, T> x) {
        return cpu::first_non_finite(host(x));
    }
    template <class T>
    static std::size_t select_at_least(input<at_once, T> x, std::type_identity_t<T> least, view<at_once, index_t> i,
                                       view<at_once, T> y) {
        return cpu::select_at_least(host(x), least, host(i), host(y));
    }
    template <class T>
    static std::size_t merge(std::span<sparse_entries<at_once, T> const>, std::size_t, view<at_once, index_t>,
                             view<at_once, T>, scratch<at_once>&) {
        asked += "merge ";
        return 0;
    }

    template <class T>
    static void sum_vectors(std::span<view<at_once, T const> const> terms, T a, view<at_once, T> y) {
        sum("sum_vectors ", terms, a, y, [&](auto const& t) { cpu::axpy(T(1), host(t), host(y)); });
    }
    template <class T>
    static void sum_entries(std::span<sparse_entries<at_once, T> const> terms, T a, view<at_once, T> y) {
        sum("sum_entries ", terms, a, y,
            [&](auto const& t) { cpu::scatter_axpy(T(1), host(t.indices), host(t.values), host(y)); });
    }
    template <class T>
    static void sum_levels(std::span<levels_by<at_once, T> const> terms, T a, view<at_once, T> y) {
        sum("sum_levels ", terms, a, y,
            [&](auto const& t) { cpu::add_levels(T(1), host(t.words), host(t.units), t.grid, host(y)); });
    }

private:
    template <class Terms, class T, class F>
    static void sum(char const* name, Terms terms, T a, view<at_once, T> y, F add) {
        asked += name;
        cpu::fill(host(y), T(0));
        for (auto const& t : terms) add(t);
        cpu::scale(a, host(y));
    }
};

constexpr std::size_t d = 1000;
using numbers = std::vector<float>;

numbers noise(std::size_t n, std::uint64_t seed) {
    random_stream const r(seed, purpose::data);
    numbers x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(r.normal(i));
    return x;
}

/// The mean of five messages that make(k, m) has made, as on the host; and what was asked for.
template <template <class, class> class Message, class Make>
std::string folds_as_host(Make make) {
    auto const mean = [&]<class B>(B const*) {
        std::vector<Message<B, float>> messages(5);
        for (std::size_t k = 0; k < messages.size(); ++k) make(k, messages[k]);
        folder<B, float> f;
        update<B, float> u;
        asked.clear();
        f.fold(
            messages.size(), [&](std::size_t k) -> auto const& { return messages[k]; }, 0.2f, u);
        auto const asked_by_fold = asked;
        numbers y(u.dimension());
        u.add_to(1, {y.data(), y.size()});
        asked = asked_by_fold;
        return y;
    };
    auto const wanted = mean(static_cast<cpu const*>(nullptr));
    BOOST_TEST(testing::same_bits(mean(static_cast<at_once const*>(nullptr)), wanted));
    return asked;
}

template <class B>
void put(numbers const& x, buffer<B, float>& to) {
    to.resize(x.size());
    std::copy(x.begin(), x.end(), to.data());
}

} // namespace

BOOST_AUTO_TEST_CASE(messages_of_every_coordinate) {
    auto const make = [](std::size_t k, auto& m) { put(noise(d, k), m.values); };
    BOOST_TEST(folds_as_host<dense_message>(make) == "sum_vectors ");
    BOOST_TEST(folds_as_host<power_message>(make) == "sum_vectors ");
}

BOOST_AUTO_TEST_CASE(messages_of_one_support_or_block) {
    auto const shared = [](std::size_t k, auto& m) {
        m.reset(d, 100, true);
        for (std::size_t j = 0; j < 100; ++j) m.indices.data()[j] = 7 * j;
        put(noise(100, k), m.values);
    };
    BOOST_TEST(folds_as_host<sparse_message>(shared) == "sum_vectors ");
    auto const block = [](std::size_t k, auto& m) {
        m.reset(d, 950, 100);
        put(noise(100, k), m.values);
    };
    BOOST_TEST(folds_as_host<block_message>(block) == "sum_vectors ");
}

BOOST_AUTO_TEST_CASE(many_entries) {
    auto const make = [](std::size_t k, auto& m) {
        m.reset(d, 300);
        for (std::size_t j = 0; j < 300; ++j) m.indices.data()[j] = 3 * j + k;
        put(noise(300, k), m.values);
    };
    BOOST_TEST(folds_as_host<sparse_message>(make) == "sum_entries ");
}

BOOST_AUTO_TEST_CASE(levels) {
    auto const make = [](std::size_t bucket_of_last) {
        return [=](std::size_t k, auto& m) {
            auto const x = noise(d, k);
            level_message<cpu, float> own;
            own.reset(d, {.levels = static_cast<std::uint32_t>(7 + k), .bucket = k == 4 ? bucket_of_last : 64});
            cpu::quantize<float>({x.data(), d}, own.grid, own.units, own.words, {7, purpose::rounding});
            m.reset(d, own.grid);
            std::copy_n(own.units.data(), own.units.size(), m.units.data());
            std::copy_n(own.words.data(), own.words.size(), m.words.data());
        };
    };
    BOOST_TEST(folds_as_host<level_message>(make(64)) == "sum_levels ");
    auto const five_of = [](std::string const& verb) { return verb + verb + verb + verb + verb; };
    BOOST_TEST(folds_as_host<level_message>(make(100)) == five_of("add_levels "));
}

BOOST_AUTO_TEST_SUITE_END()
