// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <terse/any_backend.hpp>

#include "outcome.hpp"

namespace terse_test {

template <class T>
struct sample {
    std::string name;
    std::vector<T> numbers;
};

/// Vectors around the sizes of words, blocks and chunks, of all kinds of numbers.
template <class T>
std::vector<sample<T>> samples() {
    std::vector<sample<T>> all;
    auto const limits = [] { return std::numeric_limits<T>(); };
    for (std::size_t const d : {1u, 2u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 70001u}) {
        terse::random_stream const random(d, terse::purpose::user);
        auto const add = [&](char const* kind, auto number) {
            std::vector<T> numbers(d);
            for (std::size_t i = 0; i < d; ++i) numbers[i] = static_cast<T>(number(i));
            all.push_back({kind + (" of " + std::to_string(d)), std::move(numbers)});
        };
        auto const normal = [&](std::size_t i) { return random.normal(i); };
        add("normals", normal);
        if (d == 4095 || d == 4096 || d == 2) continue;
        add("many sizes", [&](std::size_t i) { return normal(i) * static_cast<double>(std::uint64_t{1} << i % 60); });
        add("few values", [&](std::size_t i) { return std::floor(2 * normal(i)) / 2; });
        add("zeros of both signs", [&](std::size_t i) { return i % 3 == 0 ? -0.0 : 0.0; });
        add("one value", [](std::size_t) { return -0.375; });
        add("denormals", [&](std::size_t i) { return T(normal(i) * 8) * limits().denorm_min(); });
        add("huge ones", [&](std::size_t i) { return (i % 2 == 0 ? -1 : 1) * limits().max() * T(random.uniform(i)); });
        add("infinities", [&](std::size_t i) { return i % 5 == 3 ? limits().infinity() : T(normal(i)); });
        add("not a number", [&](std::size_t i) { return i == d / 2 ? limits().quiet_NaN() : T(normal(i)); });
    }
    return all;
}

/// What every verb of backend B makes of every sample.
template <class B, class T>
std::vector<outcome> every_verb() {
    using terse::index_t;
    using terse::view;
    using constant = view<B, T const>;
    std::vector<outcome> all;
    for (auto const& [name, numbers] : samples<T>()) {
        auto const d = numbers.size();
        auto const x_memory = upload<B>(numbers);
        constant const x = x_memory;
        std::vector<T> other(numbers.rbegin(), numbers.rend());
        for (auto& v : other) v *= T(0.7);
        auto y_memory = upload<B>(other);
        view<B, T> const y = y_memory;
        terse::scratch<B> temporary;

        auto const is = [&, &name = name](std::string verb, auto const& values) {
            all.push_back(make_outcome(verb + " of " + name, values));
        };
        auto const number = [&](std::string verb, auto value) { is(verb, std::vector{value}); };
        auto const y_is = [&](std::string verb) {
            is(verb, download(y));
            B::upload(other, y);
        };
        B::fill(y, T(1.5)), y_is("fill");
        B::copy(x, y), y_is("copy");
        for (auto const a : {T(1), T(0), T(-0.3)}) {
            B::axpy(a, x, y), y_is("axpy");
            B::scale(a, y), y_is("scale");
            B::combine(x, a, y, y), y_is("combine");
            for (auto const b : {T(1), T(0), T(0.9)}) B::axpby(a, x, b, y), y_is("axpby");
        }
        number("sum", B::sum(x));
        number("sum_of_magnitudes", B::sum_of_magnitudes(x));
        number("sum_of_squares", B::sum_of_squares(x));
        number("first_non_finite", std::uint64_t{B::first_non_finite(x)});

        terse::buffer<B, index_t> every_third((d + 2) / 3);
        B::sequence(0, 3, view<B, index_t>(every_third));
        view<B, index_t const> const thirds = every_third;
        is("sequence", download(thirds));
        number("delta_bytes", B::delta_bytes(thirds));
        B::gather(x, thirds, y.part(0, thirds.size())), y_is("gather");
        B::scatter_axpy(T(0.3), thirds, x.part(0, thirds.size()), y), y_is("scatter_axpy");
        B::scatter_fill(thirds, T(-2), y), y_is("scatter_fill");

        for (std::size_t const n : {std::size_t{0}, std::size_t{1}, d / 50, d / 3, d - 1, d}) {
            terse::buffer<B, index_t> indices(n);
            terse::buffer<B, T> values(n);
            B::select_largest(x, n, view<B, index_t>(indices), view<B, T>(values), temporary);
            auto const which = std::to_string(n) + " largest";
            is("indices of the " + which, download(view<B, index_t const>(indices)));
            is("the " + which, download(constant(values)));
            number("delta_bytes", B::delta_bytes(indices));
            if (n > 0) number("nth_magnitude", B::nth_magnitude(x, n, temporary));
        }
        for (auto const least : {std::numeric_limits<T>::denorm_min(), T(0.375), T(1), T(1e30)}) {
            auto const n = B::count_at_least(x, least);
            number("count_at_least", std::uint64_t{n});
            for (auto const room : {n, n / 2, std::min<std::size_t>(n, 1), d}) {
                terse::buffer<B, index_t> indices(room);
                terse::buffer<B, T> values(room);
                auto const found = B::select_at_least(x, least, view<B, index_t>(indices), view<B, T>(values));
                number("select_at_least", std::uint64_t{found});
                is("indices at least", download(view<B, index_t const>(indices).part(0, found)));
                is("values at least", download(constant(values).part(0, found)));
            }
        }
        terse::buffer<B, std::uint64_t> words((d + 63) / 64);
        number("sum of pack_signs", B::pack_signs(x, view<B, std::uint64_t>(words)));
        is("pack_signs", download(view<B, std::uint64_t const>(words)));
        B::add_signs(T(0.1), words, y), y_is("add_signs");

        B::round_to_powers(x, y, terse::random_stream(7, terse::purpose::rounding, 3, 5)), y_is("round_to_powers");
        for (auto const which : {terse::norm::l2, terse::norm::linf})
            for (auto const s : {1u, 7u, 100u, 127u, 32767u})
                for (std::size_t const bucket : {std::size_t{64}, std::size_t{100}, d}) {
                    terse::level_grid const grid{.levels = s, .bucket = bucket, .norm = which};
                    terse::buffer<B, T> units(grid.buckets(d));
                    terse::buffer<B, std::uint64_t> levels(grid.words(d));
                    B::quantize(x, grid, view<B, T>(units), view<B, std::uint64_t>(levels),
                                terse::random_stream(7, terse::purpose::rounding, 3, 5));
                    is("units", download(constant(units)));
                    is("levels", download(view<B, std::uint64_t const>(levels)));
                    number("elias_bits", B::elias_bits(levels, grid.width(), d));
                    B::add_levels(T(0.3), levels, units, grid, y), y_is("add_levels");
                }

        // Three sparse messages with entries in common.
        std::vector<terse::sparse_message<B, T>> messages(3);
        std::vector<terse::sparse_entries<B, T>> entries;
        std::size_t room = 0;
        for (std::size_t k = 0; k < messages.size(); ++k) {
            auto const n = (d + k) / (k + 2);
            messages[k].reset(d, n);
            B::copy(k == 1 ? constant(y) : x, y);
            B::select_largest(y, n, view<B, index_t>(messages[k].indices), view<B, T>(messages[k].values), temporary);
            B::upload(other, y);
            entries.push_back({messages[k].indices, messages[k].values});
            room += n;
        }
        terse::buffer<B, index_t> indices(room);
        terse::buffer<B, T> values(room);
        auto const found = B::template merge<T>(entries, d, indices, values, temporary);
        number("merge", std::uint64_t{found});
        is("merged indices", download(view<B, index_t const>(indices).part(0, found)));
        is("merged values", download(constant(values).part(0, found)));
    }
    return all;
}

} // namespace terse_test
