// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cpu/candidates.hpp>
#include <terse/backend/cpu/division.hpp>
#include <terse/backend/cpu/top_k_kernels.hpp>
#include <terse/backend/scratch.hpp>

namespace terse {

/// The candidates of a vector of d coordinates, d < 2^33: lists of consecutive coordinates, four for each thread that
/// helps, the last of which is a little longer. The four are filled at the same time.
template <class T>
class candidate_lists {
public:
    /// Room for `wanted` candidates in each list, or for all coordinates if they are fewer.
    candidate_lists(std::size_t d, std::size_t wanted, scratch<cpu>& temporary)
        : division_(d, chunk, temporary.helpers), lists_(temporary.template take<candidates<T>>(4 * division_.parts())),
          wanted_(wanted) {
        for (std::size_t p = 0; p < division_.parts(); ++p) {
            auto const size = division_.end(p) - division_.begin(p);
            auto const length = length_of(size);
            auto const room = std::min(wanted, size - 3 * length) + std::min(chunk, size) + candidate_slack;
            auto* const offsets = temporary.template take<std::uint32_t>(4 * room).data();
            auto* const values = temporary.template take<T>(4 * room).data();
            for (std::size_t s = 0; s < 4; ++s)
                lists_[4 * p + s] = {division_.begin(p) + s * length, offsets + s * room, values + s * room, 0};
        }
    }

    std::span<candidates<T> const> lists() const { return {lists_.data(), lists_.size()}; }
    std::size_t count() const {
        std::size_t n = 0;
        for (auto const& l : lists()) n += l.count;
        return n;
    }

    /// Goes over the vector. If a list is full, the rest is computed but not looked at, and the answer is false.
    template <class Source>
    bool collect(Source const& source, cutoff<T> cut, top_k_kernels kernels) {
        std::atomic<bool> complete = true;
        division_.for_each([&](std::size_t p) {
            if (!collect_part(source, cut, kernels, p)) complete = false;
        });
        return complete;
    }

private:
    static constexpr std::size_t chunk = 4096; // coordinates of one list between two checks of the room

    // Lists that begin a quarter of a page apart, modulo a page, do not meet in the same sets of the caches.
    static std::size_t length_of(std::size_t size) {
        constexpr std::size_t page = 4096 / sizeof(T);
        return size / 4 < page / 4 ? 0 : (size / 4 - page / 4) / page * page + page / 4;
    }

    template <class Source>
    bool collect_part(Source const& source, cutoff<T> cut, top_k_kernels kernels, std::size_t p) {
        auto* const four = lists_.data() + 4 * p;
        auto const end = division_.end(p);
        auto const length = length_of(end - division_.begin(p));
        auto const capacity = std::min(wanted_, end - four[3].first);
        auto const full = [&] {
            return std::any_of(four, four + 4, [&](auto const& l) { return l.count > capacity; });
        };
        for (std::size_t begin = 0; begin < length; begin += chunk) {
            if (full()) {
                for (std::size_t s = 0; s < 4; ++s) finish(source, four[s].first + begin, four[s].first + length);
                finish(source, four[3].first + length, end);
                return false;
            }
            kernels.collect_four(source, cut, four, begin, std::min(length, begin + chunk));
        }
        auto& last = four[3];
        for (auto begin = length; begin < end - last.first; begin += chunk) {
            if (full()) {
                finish(source, last.first + begin, end);
                return false;
            }
            kernels.collect(source, cut, last, begin, std::min(end - last.first, begin + chunk));
        }
        return true;
    }

    template <class Source>
    static void finish(Source const& source, std::size_t begin, std::size_t end) {
        if constexpr (Source::writes)
            for (auto i = begin; i < end; ++i) source.step(i);
    }

    division division_;
    view<cpu, candidates<T>> lists_;
    std::size_t wanted_;
};

} // namespace terse
