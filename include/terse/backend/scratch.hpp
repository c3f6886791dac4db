// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <deque>

#include <terse/backend/buffer.hpp>

namespace terse {

class thread_pool;

/// Temporary memory of one thread, and the threads that help it. Requests are answered in the order in which they come,
/// each from a slot that keeps its memory, so that the same sequence of requests allocates only once.
template <class B>
class scratch {
public:
    /// n numbers of type T, contents undefined, valid until the rewind of the scope in which they were taken.
    template <class T>
    view<B, T> take(std::size_t n) {
        if (used_ == slots_.size()) slots_.emplace_back();
        auto& slot = slots_[used_++];
        slot.resize(n * sizeof(T));
        return {reinterpret_cast<T*>(slot.data()), n};
    }

    /// Threads that wait for work on long vectors, the one of this memory among them; null if there are none.
    thread_pool* helpers = nullptr;

    /// Gives back what was taken since it was made.
    class scope {
    public:
        explicit scope(scratch& s) : scratch_(s), used_(s.used_) {}
        scope(scope const&) = delete;
        scope& operator=(scope const&) = delete;
        ~scope() { scratch_.used_ = used_; }

    private:
        scratch& scratch_;
        std::size_t used_;
    };

private:
    std::deque<buffer<B, std::byte>> slots_;
    std::size_t used_ = 0;
};

} // namespace terse
