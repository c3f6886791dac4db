// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include <terse/cluster/traffic.hpp>
#include <terse/compressor/collective.hpp>
#include <terse/error.hpp>
#include <terse/loop/collectives.hpp>

namespace terse {

/// A lockstep run's part of a compressor that talks: its shared state, which changes when a round is complete.
template <class Method, class B, class T>
class conference {
public:
    using compressor = decltype(Method::compressor);

    void reset(Method const& method, std::size_t d, std::size_t hosted) {
        shared_.reset(method.compressor, d);
        next_.reset(method.compressor, d);
        memory_.reset(method.compressor, d, hosted);
    }

    void begin(Method const& method, context<B> at) {
        next_ = shared_;
        method.compressor.begin(next_, at);
    }
    /// y <- b y + a x, where x has still `rest` to lose, and what hosted worker i says first.
    template <class Rest>
    std::size_t open(Method const& method, T a, view<B, T const> x, Rest const& rest, T b, view<B, T> y, std::size_t i,
                     context<B> at) {
        if constexpr (OpensDeferred<compressor, B, T>)
            return method.compressor.open(a, x, rest, b, y, next_, memory_, i, at);
        else
            return method.compressor.open(a, x, b, y, next_, memory_, i, at);
    }
    template <class Cluster>
    void confer(Method const& method, Cluster& cluster, update<B, T>& u) {
        method.compressor.confer(cluster, next_, memory_, u);
    }
    /// What hosted worker i's vector has still to lose after the conference.
    auto& rest(std::size_t i) {
        if constexpr (detail::left_by<compressor, B, T>::any)
            return memory_.rest[i];
        else
            return nothing_;
    }
    void accept() { std::swap(shared_, next_); }

    template <class A>
    void state(A& archive) {
        shared_.state(archive);
    }

private:
    typename compressor::template shared_state<B, T> shared_, next_;
    typename compressor::template round_memory<B, T> memory_;
    [[no_unique_address]] detail::nothing_deferred nothing_;
};

/// In its place, for other compressors.
struct no_conference {
    template <class Method>
    void reset(Method const&, std::size_t, std::size_t) {}
    template <class A>
    void state(A&) {}
};

} // namespace terse
