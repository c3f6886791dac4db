// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <terse/backend/block_take.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/compressor/entries.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/wire/block.hpp>

namespace terse {

/// RBGS: consecutive coordinates, the same on all workers, drawn anew each round; no indices travel.
/// Anywhere, wrapping around: E||C(v) - v||^2 = (1 - k/d) ||v||^2. On the grid of multiples of k, where the last block
/// may be shorter: the same with 1/ceil(d/k) in place of k/d.
struct random_block {
    enum class placement { anywhere, grid };

    schedule ratio = 0.01;
    std::size_t count = 0; ///< k; 0 means round(ratio d)
    placement at = placement::anywhere;

    template <class B, class T>
    using message = block_message<B, T>;

    void validate(std::size_t d) const { validate_entries("random_block", ratio, count, d); }

    template <class B, class T>
    void compress(input<B, T> in, block_message<B, T>& out, context<B> now) const {
        place(out, in.size(), now);
        auto const n = out.before_wrap();
        B::copy(in.part(out.first, n), out.values.part(0, n));
        B::copy(in.part(0, out.values.size() - n), out.values.part(n, out.values.size() - n));
    }

    // With the passes of the sum alone: where the block is does not depend on it.
    template <class B, class T>
        requires TakesBlocks<B, T>
    void take_all(std::span<worker_take<block_message<B, T>, B, T, view<B, T const>>> all,
                  scratch<B>& temporary) const {
        auto const take_of = [this](auto const& t) -> block_take<B, T> {
            this->place(*t.out, t.e.size(), t.at);
            return {{t.a, t.g, t.b, t.e}, t.out->first, t.out->values};
        };
        detail::find_in_all(all, take_of, [&](auto takes) { return B::take_block(takes, temporary); });
    }

private:
    template <class B, class T>
    void place(block_message<B, T>& out, std::size_t d, context<B> now) const {
        auto const k = entries(ratio, count, d, now.round);
        auto const random = now.shared_stream(purpose::support);
        if (at == placement::grid) {
            auto const first = k * random.below(0, (d + k - 1) / k);
            out.reset(d, first, std::min(k, d - first));
        } else {
            out.reset(d, random.below(0, d), k);
        }
    }
};

} // namespace terse
