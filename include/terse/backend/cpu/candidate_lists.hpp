// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/top_k_kernels.hpp>
#include <terse/backend/scratch.hpp>

namespace terse {

/// The candidates of a vector of d coordinates, d < 2^33: four lists of consecutive coordinates, the last a little
/// longer, which are filled at the same time.
template <class T>
class candidate_lists {
public:
    /// Room for `wanted` candidates in each list, or for all coordinates if they are fewer.
    candidate_lists(std::size_t d, std::size_t wanted, scratch<cpu>& temporary) : d_(d) {
        // Lists that begin a quarter of a page apart, modulo a page, do not meet in the same sets of the caches.
        constexpr std::size_t page = 4096 / sizeof(T);
        length_ = d / 4 < page / 4 ? 0 : (d / 4 - page / 4) / page * page + page / 4;
        capacity_ = std::min(wanted, d - 3 * length_);
        auto const room = capacity_ + std::min(chunk, d) + candidate_slack;
        auto* const offsets = temporary.template take<std::uint32_t>(4 * room).data();
        auto* const values = temporary.template take<T>(4 * room).data();
        for (std::size_t s = 0; s < 4; ++s) lists_[s] = {s * length_, offsets + s * room, values + s * room, 0};
    }

    std::array<candidates<T>, 4> const& lists() const { return lists_; }
    std::size_t count() const { return lists_[0].count + lists_[1].count + lists_[2].count + lists_[3].count; }

    /// Goes over the vector. If a list is full, the rest is computed but not looked at, and the answer is false.
    template <class Source>
    bool collect(Source const& source, cutoff<T> cut, top_k_kernels kernels) {
        for (std::size_t begin = 0; begin < length_; begin += chunk) {
            if (full()) {
                for (auto const& l : lists_) finish(source, l.first + begin, l.first + length_);
                finish(source, 4 * length_, d_);
                return false;
            }
            kernels.collect_four(source, cut, lists_.data(), begin, std::min(length_, begin + chunk));
        }
        auto& last = lists_[3];
        for (auto begin = length_; begin < d_ - last.first; begin += chunk) {
            if (full()) {
                finish(source, last.first + begin, d_);
                return false;
            }
            kernels.collect(source, cut, last, begin, std::min(d_ - last.first, begin + chunk));
        }
        return true;
    }

private:
    static constexpr std::size_t chunk = 4096; // coordinates of one list between two checks of the room

    bool full() const {
        return std::any_of(lists_.begin(), lists_.end(), [&](auto const& l) { return l.count > capacity_; });
    }

    template <class Source>
    static void finish(Source const& source, std::size_t begin, std::size_t end) {
        if constexpr (Source::writes)
            for (auto i = begin; i < end; ++i) source.step(i);
    }

    std::size_t d_;
    std::size_t length_;
    std::size_t capacity_;
    std::array<candidates<T>, 4> lists_;
};

} // namespace terse
