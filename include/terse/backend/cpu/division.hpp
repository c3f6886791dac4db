// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include <terse/backend/cpu/thread_pool.hpp>

namespace terse {

/// How the coordinates of one vector are dealt to threads: in consecutive parts, one for each, that begin at multiples
/// of a grain; in one part if there are no helpers or the parts would take less time than waking them. What is done
/// to the parts must not depend on how many there are.
class division {
public:
    static constexpr std::size_t least_part = std::size_t{1} << 20; ///< coordinates; less was slower in cache

    division(std::size_t d, std::size_t grain, thread_pool* helpers) : d_(d), helpers_(helpers) {
        auto const most = helpers == nullptr ? 1 : std::size_t{helpers->threads()};
        auto const wanted = std::clamp<std::size_t>(d / least_part, 1, most);
        length_ = wanted == 1 ? d : std::max<std::size_t>(1, d / wanted / grain) * grain;
        parts_ = wanted == 1 ? 1 : std::min(wanted, (d + length_ - 1) / length_);
    }

    std::size_t parts() const { return parts_; }
    std::size_t begin(std::size_t part) const { return part * length_; }
    std::size_t end(std::size_t part) const { return part + 1 == parts_ ? d_ : (part + 1) * length_; }

    /// f(part) for each part, each in a thread of its own.
    template <class F>
    void for_each(F f) const {
        if (parts_ == 1) return f(std::size_t{0});
        helpers_->for_each(parts_, [&](std::size_t part, unsigned) { f(part); });
    }

    /// The first of the coordinates that f(part) finds in its part, or d; f returns the end of the part for none.
    template <class F>
    std::size_t first(F f) const {
        std::atomic<std::size_t> lowest = d_;
        for_each([&](std::size_t part) {
            auto const found = f(part);
            if (found == end(part)) return;
            for (auto seen = lowest.load(); found < seen && !lowest.compare_exchange_weak(seen, found);) {
            }
        });
        return lowest;
    }

private:
    std::size_t d_;
    std::size_t length_;
    std::size_t parts_;
    thread_pool* helpers_;
};

} // namespace terse
