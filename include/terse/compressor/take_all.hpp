// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/momentum_step.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/compressor/take.hpp>

namespace terse {

/// What take() does for one of several workers, and what it returns then.
template <class M, class B, class T, class G>
struct worker_take {
    T a;
    G g;
    T b;
    view<B, T> e;
    M* out;
    context<B> at;
    std::size_t bad = e.size();
};

/// Compressors that take for several workers at once, where the backend has something to share between them, such as
/// the launches of kernels: take_all(all, temporary) does what take() would do for each, with the same bits. G is what
/// is taken from: a vector, momentum_step or added_before. All vectors are equally long.
template <class C, class B, class T, class G>
concept TakesForAll = requires(C const c, std::span<worker_take<message_of<C, B, T>, B, T, G>> all,
                               scratch<B>& temporary) {
    c.take_all(all, temporary);
};

/// Compressors with a take of their own, where take() is not the reference form.
template <class C, class B, class T>
concept HasOwnTake = requires(C const& c, T a, view<B, T const> g, view<B, T> e, message_of<C, B, T>& out,
                              context<B> at) {
    c.take(a, g, a, e, out, at);
};

/// Whether workers who take together have something to share on this backend, if only a part of what they do.
template <class C, class B, class T, class G>
concept SharesTakes = TakesForAll<C, B, T, G> ||
    (Compressor<C, B, T>&& AccumulatesForAll<B, T> &&
     (std::same_as<G, momentum_step<B, T>> || (std::same_as<G, view<B, T const>> && !HasOwnTake<C, B, T>)));

namespace detail {

// What verb(takes) finds, where takes are of_one(t) each: the first coordinate that is not finite, for those that ask.
template <class B, class T, class M, class F, class Verb>
void find_in_all(std::span<worker_take<M, B, T, view<B, T const>>> all, F of_one, Verb verb) {
    std::vector<decltype(of_one(all.front()))> takes;
    bool checks = false;
    for (auto const& t : all) {
        takes.push_back(of_one(t));
        checks = checks || t.at.checks;
    }
    auto const later = verb(std::span(std::as_const(takes)));
    if (!checks) return; // to ask is to wait
    auto const found = later.found();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].at.checks) all[i].bad = found[i];
}

// y <- b y + a x of each.
template <class B, class T, class M>
void accumulate_all(std::span<worker_take<M, B, T, view<B, T const>>> all, scratch<B>& temporary) {
    find_in_all(
        all,
        [](auto const& t) -> accumulation<B, T> {
            return {t.a, t.g, t.b, t.e};
        },
        [&](auto takes) { return B::accumulate(takes, temporary); });
}

// What comes out of the steps of each; see momentum_step::make().
template <class B, class T, class M>
std::vector<view<B, T const>> make_all(std::span<worker_take<M, B, T, momentum_step<B, T>> const> all,
                                       scratch<B>& temporary) {
    std::vector<accumulation<B, T>> steps, ahead;
    std::vector<view<B, T const>> made;
    for (auto const& [a, g, b, e, out, at, bad] : all) {
        steps.push_back({T(1), g.g, g.beta, g.m});
        if (g.nesterov) ahead.push_back({g.beta, g.m, T(1), g.g}); // 1 g is g, so this is the axpy of make()
        made.push_back(g.nesterov ? g.g : g.m);
    }
    B::accumulate(std::span(std::as_const(steps)), temporary);
    if (!ahead.empty()) B::accumulate(std::span(std::as_const(ahead)), temporary);
    return made;
}

} // namespace detail

/// take() for each of several workers, with the same bits and in as few launches as compressor and backend allow. What
/// the compressor itself cannot do for all is done for one after the other. If this throws, it may have taken for some.
template <class B, class T, class C, class G>
void take_all(C const& compressor, std::span<worker_take<message_of<C, B, T>, B, T, G>> all, scratch<B>& temporary) {
    using message = message_of<C, B, T>;
    using plain = worker_take<message, B, T, view<B, T const>>;
    constexpr bool is_step = std::same_as<G, momentum_step<B, T>>;
    if (all.empty()) return;
    if constexpr (TakesForAll<C, B, T, G>) {
        compressor.take_all(all, temporary);
    } else if constexpr (is_step && AccumulatesForAll<B, T>) {
        auto const made = detail::make_all(std::span<worker_take<message, B, T, G> const>(all), temporary);
        std::vector<plain> takes;
        for (std::size_t i = 0; i < all.size(); ++i)
            takes.push_back({all[i].a, made[i], all[i].b, all[i].e, all[i].out, all[i].at});
        take_all<B, T>(compressor, std::span(takes), temporary);
        for (std::size_t i = 0; i < all.size(); ++i) all[i].bad = takes[i].bad;
    } else if constexpr (SharesTakes<C, B, T, G>) { // take() is the reference form
        detail::accumulate_all(all, temporary);
        for (auto& t : all) {
            compressor.compress(view<B, T const>(t.e), *t.out, t.at);
            t.out->add_to(T(-1), t.e);
        }
    } else {
        for (auto& t : all) {
            auto const bad = take<B, T>(compressor, t.a, t.g, t.b, t.e, *t.out, t.at);
            if (t.at.checks) t.bad = bad;
        }
    }
}

/// take() of a compressor that rather takes for all: for one.
template <class B, class T, class C, class G, class M>
std::size_t take_one(C const& compressor, std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b,
                     view<B, T> e, M& out, context<B> at) {
    worker_take<M, B, T, G> one{a, g, b, e, &out, at};
    compressor.take_all(std::span(&one, 1), *at.temporary);
    return one.bad;
}

/// What take_deferred() does for one of several workers: take.g is what has still to lose `of_g`, and in the end
/// take.e has still to lose `of_e`. See scaled_sign.
template <class M, class B, class T, class Rest>
struct deferred_take {
    worker_take<M, B, T, view<B, T const>> take;
    Rest of_g;
    Rest* of_e;
};

/// Compressors that can leave the subtraction to the next take, and take for several workers at once.
template <class C, class B, class T>
concept DefersForAll = DefersSubtraction<C, B, T> &&
    requires(C const c, std::span<deferred_take<message_of<C, B, T>, B, T, typename C::template deferred<T>>> all,
             scratch<B>& temporary) {
    c.take_deferred_all(all, temporary);
};

} // namespace terse
