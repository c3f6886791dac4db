// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/level_take.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/error.hpp>
#include <terse/wire/levels.hpp>

namespace terse {

/// QSGD: C(v)_i = ||v|| sign(v_i) l_i / s, where l_i is s |v_i| / ||v|| rounded up or down at random, such that
/// E C(v) = v; for each bucket by itself, of b coordinates: E ||C(v) - v||^2 <= omega ||v||^2 with
/// omega = min(b / s^2, sqrt(b) / s) for either norm. A bucket of zeros gives zeros.
struct qsgd {
    unsigned bits = 8;        ///< of a level, 2 .. 16, its sign among them: s = 2^(bits - 1) - 1
    std::uint32_t levels = 0; ///< s, up to 32767; 0 for the most that the bits can say
    terse::norm norm = terse::norm::l2;
    std::size_t bucket = 512; ///< consecutive coordinates with a norm of their own; 0 for all
    level_coding coding = level_coding::fixed;

    template <class B, class T>
    using message = level_message<B, T>;

    void validate(std::size_t) const {
        if (levels == 0 && (bits < 2 || bits > 16)) throw configuration_error("qsgd: bits must lie in 2 .. 16");
        if (levels > level_grid::most_levels) throw configuration_error("qsgd: there are at most 32767 levels");
        if (norm == terse::norm::given) throw configuration_error("qsgd: the norm is l2 or linf");
    }
    constexpr level_grid grid() const {
        return {.levels = levels != 0 ? levels : (1u << (bits - 1)) - 1, .bucket = bucket, .norm = norm};
    }

    template <class B, class T>
    void compress(input<B, T> in, level_message<B, T>& out, context<B> at) const {
        out.reset(in.size(), grid(), coding);
        B::template quantize<T>(in, out.grid, view<B, T>(out.units), view<B, std::uint64_t>(out.words),
                                at.own_stream(purpose::rounding));
    }

    // In one pass over memory, where the backend has it and buckets consist of whole groups of levels.
    template <class B, class T>
        requires requires(T a, view<B, T const> g, view<B, T> e, level_grid grid, view<B, std::uint64_t> words,
                          context<B> at) {
            B::template take_quantized<T>(a, g, a, e, grid, e, words, at.own_stream(purpose::rounding), *at.temporary);
        }
    std::size_t take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b, view<B, T> e,
                     level_message<B, T>& out, context<B> at) const {
        out.reset(e.size(), grid(), coding);
        auto const bad = B::template take_quantized<T>(a, g, b, e, out.grid, view<B, T>(out.units),
                                                       view<B, std::uint64_t>(out.words),
                                                       at.own_stream(purpose::rounding), *at.temporary);
        return at.checks ? static_cast<std::size_t>(bad) : e.size(); // a device would have to be waited for
    }

    // In the launches of one worker. All hear together what is not finite.
    template <class B, class T>
        requires requires(std::span<level_take<B, T> const> all, level_grid grid, scratch<B>& temporary) {
            B::take_quantized(all, grid, temporary).found();
        }
    void take_all(std::span<worker_take<level_message<B, T>, B, T, view<B, T const>>> all,
                  scratch<B>& temporary) const {
        if (all.empty()) return;
        auto const take_of = [this](auto const& t) -> level_take<B, T> {
            t.out->reset(t.e.size(), grid(), coding);
            return {t.a, t.g, t.b, t.e, t.out->units, t.out->words, t.at.own_stream(purpose::rounding)};
        };
        detail::find_in_all(all, take_of,
                            [&](auto takes) { return B::take_quantized(takes, all.front().out->grid, temporary); });
    }
};

} // namespace terse
