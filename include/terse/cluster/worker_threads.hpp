// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <terse/backend/cpu/thread_pool.hpp>

namespace terse {

/// The threads of a session: as many workers as possible run at the same time, and what threads are left over help each
/// of them in equal teams, with vectors that are long enough.
class worker_threads {
public:
    worker_threads(unsigned threads, std::size_t hosted)
        : at_once_(std::make_unique<thread_pool>(
              static_cast<unsigned>(std::clamp<std::size_t>(hosted, 1, std::max(1U, threads))))) {
        auto const each = threads / at_once_->threads();
        if (each < 2) return;
        for (unsigned i = 0; i < at_once_->threads(); ++i) teams_.push_back(std::make_unique<thread_pool>(each));
    }

    /// How many workers run at the same time.
    unsigned at_once() const { return at_once_->threads(); }
    template <class F>
    void for_each(std::size_t n, F&& f) {
        at_once_->for_each(n, std::forward<F>(f));
    }
    /// The team of the worker that runs on thread i < at_once(), that thread among it; null if it works alone.
    thread_pool* team(unsigned i) const { return teams_.empty() ? nullptr : teams_[i].get(); }

private:
    std::unique_ptr<thread_pool> at_once_;
    std::vector<std::unique_ptr<thread_pool>> teams_;
};

} // namespace terse
