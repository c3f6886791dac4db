// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <terse/backend/added_before.hpp>
#include <terse/backend/cpu/candidate_lists.hpp>
#include <terse/backend/cpu/magnitude_bounds.hpp>
#include <terse/backend/cpu/nth_magnitude.hpp>
#include <terse/backend/cpu/top_k_kernels.hpp>
#include <terse/backend/momentum_step.hpp>
#include <terse/backend/scratch.hpp>

namespace terse {

/// How a selection of k entries went, for measurements and tests.
struct selection_figures {
    std::size_t candidates = 0; ///< entries that the selection was made from; all if there was no sample
    bool misled = false;        ///< whether the sample's bounds were wrong, and the vector was looked at again
};

namespace detail {

// The entries of x above a magnitude, and the first so many equal to it, in index order; returns how many there are.
template <class T>
std::size_t write_selected(view<cpu, T const> x, magnitude_t<T> last, std::size_t ties, view<cpu, index_t> indices,
                           view<cpu, T> values, top_k_kernels kernels, scratch<cpu>& temporary) {
    constexpr std::size_t chunk = 4096;
    auto const offset = temporary.template take<std::uint32_t>(chunk + candidate_slack);
    auto const value = temporary.template take<T>(chunk + candidate_slack);
    unchanged<T> const source{x.data()};
    selected<T> out{last, ties, indices.data(), values.data(), indices.size()};
    for (std::size_t begin = 0; begin < x.size() && out.n < out.room; begin += chunk) {
        candidates<T> part{begin, offset.data(), value.data(), 0};
        auto const from = static_cast<magnitude_t<T>>(last + (out.ties > 0 ? 0 : 1));
        kernels.collect(source, {from, largest_magnitude<T>, true}, part, 0, std::min(chunk, x.size() - begin));
        kernels.write<T>(part, nullptr, largest_magnitude<T>, out);
    }
    return out.n;
}

// Without guesses: a few passes over x, whatever is in it.
template <class T>
void select_without_bounds(view<cpu, T const> x, view<cpu, index_t> indices, view<cpu, T> values, top_k_kernels kernels,
                           scratch<cpu>& temporary) {
    if (indices.empty()) return;
    // Where vectors count what reaches a guess, that is faster than sorting few numbers into bins.
    constexpr std::size_t few = 1024;
    auto const k = indices.size();
    auto const room = [&] { return temporary.template take<T>(x.size() + candidate_slack).data(); };
    auto const nth = x.size() > few || kernels.form == instruction_set::portable
                         ? nth_magnitude<T>(x, k)
                         : nth_by_counting<T>(x, k, 0, largest_magnitude<T>, room(), kernels);
    write_selected<T>(x, nth.magnitude, k - nth.above, indices, values, kernels, temporary);
}

// The k-th largest magnitude of at least k candidates, all of magnitudes >= low.
template <class T>
ranked_magnitude<T> nth_candidate(candidate_lists<T> const& found, std::size_t k, magnitude_t<T> low,
                                  magnitude_t<T> high, top_k_kernels kernels, scratch<cpu>& temporary) {
    auto const rest = temporary.template take<T>(found.count() + candidate_slack);
    auto const copy = [&](magnitude_t<T> from, magnitude_t<T> last) {
        std::size_t n = 0;
        for (auto const& l : found.lists())
            n += kernels.copy_between<T>({l.value, l.count}, from, last, rest.data() + n);
        return rest.part(0, n);
    };
    auto const between = copy(low, high - 1);
    auto const others = found.count() - between.size();
    if (others >= k) // `high` was a bad guess
        return nth_by_counting<T>(copy(high, largest_magnitude<T>), k, high, largest_magnitude<T>, rest.data(),
                                  kernels);
    auto const nth = nth_by_counting<T>(between, k - others, low, high - 1, rest.data(), kernels);
    return {nth.magnitude, nth.above + others};
}

// Smaller than this, or with a larger share than a quarter, a sample does not pay. Offsets must fit into 32 bits.
inline bool sampling_pays(std::size_t d, std::size_t k) {
    return d >= 1024 && k > 0 && k <= d / 4 && d < (std::size_t{1} << 33);
}

// v = source, and its largest entries; `x` is where v is afterwards. If the source writes there, they become zero.
// Returns whether all of them are finite. If `carried`, the bounds come from the values that were there before.
template <class T, class Source>
bool select_fused(Source const& source, view<cpu, T const> x, view<cpu, index_t> indices, view<cpu, T> values,
                  random_stream const& random, scratch<cpu>& temporary, top_k_kernels kernels,
                  selection_figures* figures, bool carried = false) {
    constexpr bool takes = Source::writes;
    scratch<cpu>::scope const scope(temporary);
    auto const k = indices.size();
    auto const subtract = [&] {
        bool finite = true;
        for (std::size_t j = 0; j < k; ++j) {
            T const rest = values[j] - values[j]; // NOLINT(misc-redundant-expression): NaN if infinite
            if constexpr (takes) source.e[indices[j]] = rest;
            finite = finite && rest == T(0);
        }
        return finite;
    };
    if (!sampling_pays(x.size(), k)) {
        if (figures != nullptr) *figures = {x.size(), false};
        if constexpr (takes)
            for (std::size_t i = 0; i < x.size(); ++i) source.step(i);
        select_without_bounds<T>(x, indices, values, kernels, temporary);
        return subtract();
    }

    auto bounds = carried ? carried_bounds<T>(values, x.size()) : magnitude_bounds<T>{};
    carried = bounds.low > 0;
    if (!carried) bounds = estimate_bounds<T>(source, x.size(), k, random, temporary, kernels);
    auto const low = std::min<magnitude_t<T>>(bounds.low + (bounds.ties ? 1 : 0), not_finite<T>);
    cutoff<T> const cut{low, std::clamp(bounds.middle, low, not_finite<T>), bounds.reached > 1.0 / 160};
    candidate_lists<T> found(x.size(), 4 * k + 4096, temporary);
    bool const complete = found.collect(source, cut, kernels);
    bool const enough = complete && found.count() >= k;
    if (figures != nullptr) *figures = {found.count(), !enough};
    if (enough) {
        auto const nth = nth_candidate(found, k, low, bounds.high, kernels, temporary);
        selected<T> out{nth.magnitude, k - nth.above, indices.data(), values.data(), k};
        for (auto const& l : found.lists()) kernels.write(l, source.e, cut.cleared, out);
        return out.finite || subtract(); // to NaN, not to zero
    }
    if constexpr (takes)
        for (auto const& l : found.lists())
            for (std::size_t i = 0; i < l.count; ++i) source.e[l.first + l.offset[i]] = l.value[i];
    if (carried) { // the vector is not like the last one
        select_fused<T>(unchanged<T>{x.data()}, x, indices, values, random, temporary, kernels, figures);
        if (figures != nullptr) figures->misled = true;
        return subtract();
    }
    auto const above = found.count();
    // Too few: perhaps because exactly those equal to the bound are missing.
    if (!(complete && bounds.low < low &&
          write_selected<T>(x, bounds.low, k - above, indices, values, kernels, temporary) == k))
        select_without_bounds<T>(x, indices, values, kernels, temporary);
    return subtract();
}

} // namespace detail

/// The entries of x that come first in the order (|x_i| descending, index ascending), as many as there is room for, in
/// index order. One pass over x, hardly depending on what is in it: a sample gives a bound below the magnitude of the
/// last entry wanted; what reaches it is set aside in passing, and the selection is made there. `random` places the
/// sample and has no influence on the result.
template <class T>
void select_largest(view<cpu, T const> x, view<cpu, index_t> indices, view<cpu, T> values, random_stream const& random,
                    scratch<cpu>& temporary, instruction_set form = best_instruction_set(),
                    selection_figures* figures = nullptr) {
    detail::select_fused<T>(unchanged<T>{x.data()}, x, indices, values, random, temporary, {form}, figures);
}

/// e <- b e + a g; then the entries of e that select_largest selects are moved out of e: e_i <- e_i - e_i. The sum is
/// two rounded products, then a rounded sum. All in the same pass. Returns whether all that was taken is finite. If
/// `carried`, `values` holds what was taken from a similar vector, the bound comes from there, and `random` is needed
/// only if that misleads.
template <class T>
bool take_largest(T a, view<cpu, T const> g, T b, view<cpu, T> e, view<cpu, index_t> indices, view<cpu, T> values,
                  random_stream const& random, scratch<cpu>& temporary, instruction_set form = best_instruction_set(),
                  selection_figures* figures = nullptr, bool carried = false) {
    return detail::select_fused<T>(accumulated<T>{a, {g.data()}, b, e.data()}, e, indices, values, random, temporary,
                                   {form}, figures, carried);
}

/// The same with what comes out of a momentum step, which is made in that pass too.
template <class T>
bool take_largest(T a, momentum_step<cpu, T> const& step, T b, view<cpu, T> e, view<cpu, index_t> indices,
                  view<cpu, T> values, random_stream const& random, scratch<cpu>& temporary,
                  instruction_set form = best_instruction_set(), selection_figures* figures = nullptr,
                  bool carried = false) {
    momentum_addend<T> const v{step.beta, step.g.data(), step.m.data(), step.nesterov};
    return detail::select_fused<T>(accumulated<T, momentum_addend<T>>{a, v, b, e.data()}, e, indices, values, random,
                                   temporary, {form}, figures, carried);
}

/// The same after e <- e + g.a g.u, in that pass too.
template <class T>
bool take_largest(T a, added_before<cpu, T> const& g, T b, view<cpu, T> e, view<cpu, index_t> indices,
                  view<cpu, T> values, random_stream const& random, scratch<cpu>& temporary,
                  instruction_set form = best_instruction_set(), selection_figures* figures = nullptr,
                  bool carried = false) {
    second_addend<T> const v{{g.x.data()}, g.a, g.u.data()};
    return detail::select_fused<T>(accumulated<T, second_addend<T>>{a, v, b, e.data()}, e, indices, values, random,
                                   temporary, {form}, figures, carried);
}

} // namespace terse
