// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/backend/thrust/merge.cuh>

#include "device.cuh"
#include "examples.cuh"

// Messages of many workers, added up.
BOOST_AUTO_TEST_SUITE(sum_kernels)

using namespace terse;
using namespace terse_test;

namespace {

using verbs = kernel_verbs<counting_launcher>;
using device = thrust_device;

/// Messages with entries in common, on average every so many coordinates; some without any.
template <class T>
struct sparse_team {
    std::size_t d;
    std::string name;
    std::vector<buffer<device, index_t>> indices;
    std::vector<buffer<device, T>> values;
    std::vector<sparse_entries<device, T>> messages;
    std::size_t entries = 0;

    sparse_team(std::size_t dimension, std::uint32_t workers, std::uint32_t every)
        : d(dimension), name(std::to_string(workers) + " of " + std::to_string(d) + " / " + std::to_string(every)) {
        for (std::uint32_t k = 0; k < workers; ++k) {
            random_stream const random(every, purpose::user, k);
            std::vector<index_t> which;
            std::vector<T> numbers;
            for (std::size_t i = 0; k % 5 != 3 && i < d; ++i) {
                if (random.below(i, every) != 0) continue;
                which.push_back(i);
                numbers.push_back(i % 5 == 0 ? T(-0.0) : static_cast<T>(random.normal(i)));
            }
            entries += which.size();
            indices.push_back(upload<device>(which));
            values.push_back(upload<device>(numbers));
        }
        for (std::size_t k = 0; k < indices.size(); ++k) messages.push_back({indices[k], values[k]});
    }
    std::span<sparse_entries<device, T> const> all() const { return messages; }
};

template <class T>
void merges_as_thrust(std::size_t d, std::uint32_t workers, std::uint32_t every, std::size_t shares) {
    sparse_team<T> const team(d, workers, every);
    buffer<device, index_t> merged(team.entries);
    buffer<device, T> sums(team.entries);
    scratch<device> temporary;
    std::vector<outcome> here, there;
    auto const outcomes_of = [&](std::vector<outcome>& all, std::size_t found) {
        all.push_back(make_outcome("indices of " + team.name, download(merged.part(0, found))));
        all.push_back(make_outcome("sums of " + team.name, download(sums.part(0, found))));
    };
    for (int order = 0; order < 2; ++order) {
        outcomes_of(here, kernel::merge<T>(counting_launcher{}, team.all(), d, view<device, index_t>(merged),
                                           view<device, T>(sums), temporary, shares));
        outcomes_of(there, merge_sparse<T>(team.all(), d, merged, sums, temporary));
    }
    check_same(here, there);
}

template <class T>
void sums_entries_as_thrust(std::size_t d, std::uint32_t workers, std::uint32_t every, std::size_t shares) {
    sparse_team<T> const team(d, workers, every);
    std::vector<outcome> here, there;
    for (auto const c : {T(1), T(1) / T(7)}) {
        auto sum = upload<device>(std::vector<T>(d, T(77))), wanted = upload<device>(std::vector<T>(d));
        kernel::sum_entries<T>(counting_launcher{}, team.all(), c, view<device, T>(sum), shares);
        for (auto const& m : team.messages) device::scatter_axpy<T>(T(1), m.indices, m.values, wanted);
        if (c != T(1)) device::scale(c, view<device, T>(wanted));
        here.push_back(make_outcome("dense sum of " + team.name, download(view<device, T const>(sum))));
        there.push_back(make_outcome("dense sum of " + team.name, download(view<device, T const>(wanted))));
    }
    check_same(here, there);
}

template <class T>
void sums_vectors_as_thrust(std::size_t d, std::size_t workers) {
    auto const some = examples<T>(d);
    std::vector<outcome> here, there;
    // Some begin next to an address that is one of a pack: nobody, half of the terms, the sum, or both.
    for (std::size_t const shifts : {0u, 1u, 2u, 3u})
        for (auto const c : {T(1), T(1) / T(7)}) {
            auto const of_term = shifts % 2, of_sum = shifts / 2;
            std::vector<buffer<device, T>> memory;
            std::vector<view<device, T const>> terms;
            for (std::size_t k = 0; k < workers; ++k) {
                auto x = some[k % 8].numbers; // the last three would leave nothing but NaN
                x.insert(x.begin(), k % 2 * of_term, T(55));
                memory.push_back(upload<device>(x));
            }
            for (auto const& m : memory) terms.push_back(view<device, T const>(m).part(m.size() - d, d));
            auto sum = upload<device>(std::vector<T>(d + of_sum, T(77))), wanted = upload<device>(std::vector<T>(d));
            verbs::sum_vectors<T>(terms, c, sum.part(of_sum, d));
            for (auto const& x : terms) device::axpy<T>(T(1), x, wanted);
            if (c != T(1)) device::scale(c, view<device, T>(wanted));
            auto const name = std::to_string(workers) + " vectors of " + std::to_string(d);
            here.push_back(make_outcome(name, download(sum.part(of_sum, d))));
            there.push_back(make_outcome(name, download(view<device, T const>(wanted))));
        }
    check_same(here, there);
}

/// Levels of many widths.
template <class T>
void sums_levels_as_thrust(std::size_t d, std::size_t workers, std::size_t bucket) {
    constexpr std::uint32_t levels_of_worker[] = {1, 7, 127, 30000};
    auto const some = examples<T>(d);
    std::vector<outcome> here, there;
    for (std::size_t const shift : {0u, 1u})
        for (auto const c : {T(1), T(1) / T(7)}) {
            std::vector<buffer<device, T>> units;
            std::vector<buffer<device, std::uint64_t>> words;
            std::vector<levels_by<device, T>> terms;
            for (std::size_t k = 0; k < workers; ++k) {
                level_grid const grid{.levels = levels_of_worker[k % 4], .bucket = bucket};
                units.emplace_back(grid.buckets(d)), words.emplace_back(grid.words(d));
                auto const x = upload<device>(some[k % 8].numbers);
                device::quantize<T>(x, grid, units.back(), words.back(),
                                    {7, purpose::rounding, static_cast<std::uint32_t>(k), 5});
                terms.push_back({words.back(), units.back(), grid});
            }
            auto sum = upload<device>(std::vector<T>(d + shift, T(77))), wanted = upload<device>(std::vector<T>(d));
            verbs::sum_levels<T>(terms, c, sum.part(shift, d));
            for (auto const& t : terms) device::add_levels<T>(T(1), t.words, t.units, t.grid, wanted);
            if (c != T(1)) device::scale(c, view<device, T>(wanted));
            auto const name = std::to_string(workers) + " in levels, of " + std::to_string(d);
            here.push_back(make_outcome(name, download(sum.part(shift, d))));
            there.push_back(make_outcome(name, download(view<device, T const>(wanted))));
        }
    check_same(here, there);
}

template <class F>
void for_teams(std::vector<std::size_t> const& sizes, F f) {
    for (auto const d : sizes)
        for (std::uint32_t const every : {1u, 7u, 1000u})
            for (std::size_t const shares : {2u, 1024u}) f(d, 5u, every, shares);
}

} // namespace

BOOST_AUTO_TEST_CASE(messages_are_merged_as_by_thrust) {
    for_teams({1, 63, 64, 65, 16384, 16385, 100003}, merges_as_thrust<float>);
    for_teams({1, 63, 64, 65, 16384, 16385, 100003}, merges_as_thrust<double>);
    for (auto const workers : {1u, 2u, 128u, 129u, 300u}) merges_as_thrust<float>(1000, workers, 20, 3);
    merges_as_thrust<float>(300'000, 4, 50, 1); // more bits than fit a block at once
    merges_as_thrust<float>(300'000, 130, 5000, 1);
}

BOOST_AUTO_TEST_CASE(entries_are_added_up_as_by_thrust) {
    for_teams({1, 63, 1023, 1025, 16385}, sums_entries_as_thrust<float>);
    for_teams({1, 63, 1023, 1025, 16385}, sums_entries_as_thrust<double>);
    for (auto const workers : {1u, 2u, 128u, 129u, 300u}) sums_entries_as_thrust<float>(1000, workers, 20, 3);
}

BOOST_AUTO_TEST_CASE(vectors_are_added_up_as_by_thrust) {
    for (std::size_t const d : {1u, 3u, 4u, 1023u, 1025u, 5002u}) {
        sums_vectors_as_thrust<float>(d, 3);
        sums_vectors_as_thrust<double>(d, 5);
    }
    for (auto const workers : {1u, 2u, 128u, 129u, 300u}) sums_vectors_as_thrust<float>(130, workers);
}

BOOST_AUTO_TEST_CASE(levels_are_added_up_as_by_thrust) {
    for (std::size_t const d : {1u, 3u, 4u, 1023u, 1025u, 5002u})
        for (std::size_t const bucket : {1u, 3u, 100u, 512u, 10'000u}) {
            sums_levels_as_thrust<float>(d, 3, bucket);
            sums_levels_as_thrust<double>(d, 5, bucket);
        }
    for (auto const workers : {1u, 2u, 128u, 129u, 300u}) sums_levels_as_thrust<float>(130, workers, 64);
}

BOOST_AUTO_TEST_CASE(launches_do_not_depend_on_the_number_of_messages) {
    auto const launches = [](std::uint32_t workers) {
        sparse_team<float> const team(1000, workers, 20);
        buffer<device, index_t> merged(team.entries);
        buffer<device, float> sums(team.entries), y(1000);
        scratch<device> temporary;
        std::vector<view<device, float const>> const vectors(workers, y);
        buffer<device, float> sum(1000);
        level_grid const grid{.levels = 7, .bucket = 64};
        auto const units = upload<device>(std::vector<float>(grid.buckets(1000), 0.5f));
        auto const words = upload<device>(std::vector<std::uint64_t>(grid.words(1000), 1));
        std::vector<levels_by<device, float>> const levels(workers, {words, units, grid});
        using counts = std::vector<std::size_t>;
        return counts{counting_launcher::count([&] { verbs::merge<float>(team.all(), 1000, merged, sums, temporary); }),
                      counting_launcher::count([&] { verbs::sum_entries<float>(team.all(), 0.5f, y); }),
                      counting_launcher::count([&] { verbs::sum_vectors<float>(vectors, 0.5f, sum); }),
                      counting_launcher::count([&] { verbs::sum_levels<float>(levels, 0.5f, sum); })};
    };
    std::vector<std::size_t> const wanted{2, 1, 1, 1};
    BOOST_TEST((launches(1) == wanted));
    BOOST_TEST((launches(8) == wanted));
    BOOST_TEST((launches(128) == wanted));
}

BOOST_AUTO_TEST_SUITE_END()
