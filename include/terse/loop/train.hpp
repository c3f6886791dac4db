// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

#include <terse/backend/concept.hpp>
#include <terse/loop/drift.hpp>
#include <terse/loop/lockstep.hpp>
#include <terse/loop/roll.hpp>
#include <terse/step/concept.hpp>
#include <terse/work/concept.hpp>

namespace terse {

namespace detail {

// A vector that takes its numbers with it when it goes: std::vector and the like, a plain Eigen vector, std::array.
template <class V>
concept owns_memory = requires {
    typename V::allocator_type;
}
|| requires { std::tuple_size<V>::value; }
|| requires { requires std::same_as<typename V::PlainObject, std::remove_const_t<V>>; };

template <class V>
using scalar_of = typename vector_traits<V>::scalar;

// Numbers that can be trained in place.
template <class V>
concept floats_or_doubles = (std::same_as<scalar_of<V>, float> || std::same_as<scalar_of<V>, double>);

// What a method must be made of, in words.
template <class Method, class B, class T>
constexpr void require_drift() {
    static_assert(LocalStep<decltype(Method::step), B, T>,
                  "the local step lacks keeps_momentum or direction(m, g, round) - docs/extending.md#local-step");
    static_assert(Mixing<decltype(Method::mixing), B, T>,
                  "the mixing lacks takes_outer_rule, worker_state or shared_state - docs/extending.md#mixing");
    static_assert(OuterRule<decltype(Method::outer), B, T>,
                  "the outer rule lacks a shared_state type, restarts, pulls or move(state, mean, w, lr, round) - "
                  "docs/extending.md#outer-rule");
}
template <class Method, class Session, class B, class T>
constexpr void require_lockstep() {
    using compressor = decltype(Method::compressor);
    static_assert(Confers<compressor> || Compressor<compressor, B, T>,
                  "the compressor lacks a message type, compress(in, out, at), or what a message must do - "
                  "docs/extending.md#compressor");
    static_assert(!Confers<compressor> || CollectiveCompressor<compressor, collectives<Session, B, T>, B, T>,
                  "the compressor, which talks while it compresses, lacks begin, open or confer, or the backend of w "
                  "its verbs - docs/extending.md#compressor");
    static_assert(!Confers<compressor> || !Method::compresses_downlink,
                  "a compressor that talks while it compresses says itself what travels down: compose it without a "
                  "downlink");
    static_assert(
        MomentumPlacement<decltype(Method::momentum), B, T>,
        "the momentum lacks a state type or one of inject, forget, serve, absorb - docs/extending.md#momentum");
    static_assert(ErrorFeedback<decltype(Method::feedback), B, T>,
                  "the feedback lacks keeps_residual, moves_point, residual_units, averages_residuals or point - "
                  "docs/extending.md#feedback");
    static_assert(Work<decltype(Method::work), B, T>,
                  "the work lacks contribute(gradient, at, x, g, lr, temporary) - docs/extending.md#work");
}

} // namespace detail

/// Starts a run: `method` trains w, which stays the user's memory, on the workers of `cluster`, in the loop for methods
/// of its kind: lockstep, or drift. w is an lvalue of a vector type, or a view, span or Eigen::Map by value; it must
/// outlive the run. Throws configuration_error or dimension_error when an option does not fit.
template <class Method, class ClusterPolicy, class V>
auto train(Method method, ClusterPolicy const& cluster, V&& w, train_options options = {}) {
    using vector = std::remove_reference_t<V>;
    constexpr bool contiguous = requires { typename vector_traits<vector>::backend; };
    static_assert(
        contiguous,
        "w must be contiguous: an Eigen vector or map, a std::vector or span, or a vector of another backend - "
        "docs/vectors.md");
    static_assert(std::is_lvalue_reference_v<V> || !detail::owns_memory<vector>,
                  "w is a temporary that would be gone after this call - pass a variable, or a view of one");
    static_assert(!contiguous || detail::floats_or_doubles<vector>, "w must hold float or double, and not be constant");
    if constexpr (detail::floats_or_doubles<vector>) { // otherwise one sentence is enough
        using B = typename vector_traits<vector>::backend;
        using T = typename vector_traits<vector>::scalar;
        static_assert(Backend<B, T>, "the backend of w lacks a verb - docs/extending.md#backend");
        constexpr bool drifts = requires { method.mixing; };
        if constexpr (drifts)
            detail::require_drift<Method, B, T>();
        else
            detail::require_lockstep<Method, decltype(cluster.attach()), B, T>();
        static_assert(!drifts || !TakesAttendance<decltype(cluster.attach())>,
                      "in an unreliable cluster the workers share one model: methods whose workers drift cannot leave "
                      "messages out - docs/faults.md");
        static_assert(Cluster<ClusterPolicy, B, T>,
                      "the cluster lacks attach() or its session a verb - docs/extending.md#cluster");
        auto const view_of_w = vector_traits<vector>::of(w);
        method.validate(view_of_w.size());
        if constexpr (drifts)
            return drift<Method, decltype(cluster.attach()), B, T>(std::move(method), cluster.attach(), view_of_w,
                                                                   options);
        else
            return lockstep<Method, decltype(cluster.attach()), B, T>(std::move(method), cluster.attach(), view_of_w,
                                                                      options);
    }
}

} // namespace terse
