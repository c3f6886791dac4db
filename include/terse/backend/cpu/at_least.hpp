// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/buffer.hpp>
#include <terse/backend/cpu/candidate_lists.hpp>
#include <terse/backend/cpu/top_k_kernels.hpp>
#include <terse/backend/entry_range.hpp>
#include <terse/backend/magnitude.hpp>
#include <terse/backend/scratch.hpp>

namespace terse {

/// How many |x_i| >= threshold.
template <class T>
std::size_t count_at_least(view<cpu, T const> x, T threshold) {
    constexpr std::size_t chunk = 256;
    std::size_t count = 0;
    std::size_t i = 0;
    for (; i + chunk <= x.size(); i += chunk) {
        magnitude_t<T> n = 0; // as wide as the numbers, so that they can be counted in vectors
        for (std::size_t j = 0; j < chunk; ++j) n += std::fabs(x[i + j]) >= threshold ? 1 : 0;
        count += n;
    }
    for (; i < x.size(); ++i) count += std::fabs(x[i]) >= threshold ? 1 : 0;
    return count;
}

/// The entries of x with |x_i| >= threshold, a positive number, in index order, as far as there is room; returns how
/// many.
template <class T>
std::size_t select_at_least(view<cpu, T const> x, T threshold, view<cpu, index_t> indices, view<cpu, T> values,
                            instruction_set form = best_instruction_set()) {
    constexpr std::size_t chunk = 1024;
    std::uint32_t offsets[chunk + candidate_slack];
    T found[chunk + candidate_slack];
    auto const from = magnitude(threshold);
    top_k_kernels const kernels{form};
    unchanged<T> const source{x.data()};
    selected<T> out{static_cast<magnitude_t<T>>(from - 1), 0, indices.data(), values.data(), indices.size()};
    for (std::size_t begin = 0; begin < x.size() && out.n < out.room; begin += chunk) {
        candidates<T> part{begin, offsets, found, 0};
        kernels.collect(source, {from, largest_magnitude<T>, true}, part, 0, std::min(chunk, x.size() - begin));
        kernels.write<T>(part, nullptr, largest_magnitude<T>, out);
    }
    auto const is_nan = [](T v) { return std::isnan(v); };
    std::size_t n = std::min(out.n, out.room);
    if (std::none_of(values.data(), values.data() + n, is_nan)) return n;
    n = 0; // NaN reaches no threshold, though its magnitude is the largest
    for (std::size_t i = 0; i < x.size() && n < indices.size(); ++i) {
        indices[n] = i;
        values[n] = x[i];
        n += std::fabs(x[i]) >= threshold ? 1 : 0;
    }
    return n;
}

namespace detail {

// take_at_least in one pass; false if that is not possible, and then e is the sum.
template <class T>
bool take_in_passing(accumulated<T> source, std::size_t d, T threshold, entry_range allowed,
                     buffer<cpu, index_t>& indices, buffer<cpu, T>& values, scratch<cpu>& temporary,
                     top_k_kernels kernels) {
    scratch<cpu>::scope const scope(temporary);
    auto const from = magnitude(threshold);
    candidate_lists<T> found(d, std::min(allowed.most, d / 16), temporary);
    bool const dense = values.size() > d / 256; // as in the last round: it says only what will be fast
    bool const complete = found.collect(source, {from, from, dense}, kernels);
    if (complete && allowed.contains(found.count())) {
        indices.resize(found.count());
        values.resize(found.count());
        selected<T> out{static_cast<magnitude_t<T>>(from - 1), 0, indices.data(), values.data(), values.size()};
        for (auto const& l : found.lists()) kernels.write(l, source.e, from, out);
        if (out.finite) return true; // NaN reaches no threshold, and infinities leave NaN behind
    }
    for (auto const& l : found.lists())
        for (std::size_t i = 0; i < l.count; ++i) source.e[l.first + l.offset[i]] = l.value[i];
    return false;
}

} // namespace detail

/// e <- b e + a g; then the entries with |e_i| >= threshold, a positive number, are moved out of e in index order if so
/// many are allowed: e_i <- e_i - e_i. In one pass over memory unless they are many.
template <class T>
selection_outcome take_at_least(T a, view<cpu, T const> g, T b, view<cpu, T> e, T threshold, entry_range allowed,
                                buffer<cpu, index_t>& indices, buffer<cpu, T>& values, scratch<cpu>& temporary,
                                instruction_set form = best_instruction_set()) {
    accumulated<T> const source{a, {g.data()}, b, e.data()};
    if (e.size() < (std::size_t{1} << 33)) { // offsets must fit into 32 bits
        if (detail::take_in_passing<T>(source, e.size(), threshold, allowed, indices, values, temporary, {form}))
            return {true, magnitude(threshold) <= not_finite<T>};
    } else {
        for (std::size_t i = 0; i < e.size(); ++i) e[i] = source(i);
    }
    auto const n = count_at_least<T>(e, threshold);
    if (!allowed.contains(n)) return {false, false};
    indices.resize(n);
    values.resize(n);
    select_at_least<T>(e, threshold, indices, values, form);
    for (std::size_t j = 0; j < n; ++j)
        e[indices[j]] = values[j] - values[j]; // NOLINT(misc-redundant-expression): NaN if infinite
    return {true, false};
}

} // namespace terse
