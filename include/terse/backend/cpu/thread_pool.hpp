// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace terse {

/// A fixed number of threads that share loops, the calling thread among them.
class thread_pool {
public:
    explicit thread_pool(unsigned threads) {
        for (unsigned t = 1; t < threads; ++t)
            helpers_.emplace_back([this, t](std::stop_token const& stop) { serve(t, stop); });
    }
    thread_pool(thread_pool const&) = delete;
    thread_pool& operator=(thread_pool const&) = delete;
    ~thread_pool() {
        for (auto& helper : helpers_) helper.request_stop();
        wake_.notify_all();
    }

    unsigned threads() const { return static_cast<unsigned>(helpers_.size()) + 1; }

    /// f(i, thread) once for every i < n, thread < threads(), in no fixed order. If calls throw, the loop is finished
    /// and the exception of the lowest i is thrown again.
    template <class F>
    void for_each(std::size_t n, F&& f) {
        loop const l{[](void* body, std::size_t i, unsigned thread) {
                         (*static_cast<std::remove_reference_t<F>*>(body))(i, thread);
                     },
                     &f, n};
        if (helpers_.empty() || n < 2) {
            run(l, 0);
        } else {
            {
                std::lock_guard const lock(mutex_);
                current_ = &l;
                busy_ = helpers_.size();
                ++generation_;
            }
            wake_.notify_all();
            run(l, 0);
            std::unique_lock lock(mutex_);
            done_.wait(lock, [&] { return busy_ == 0; });
        }
        next_ = 0;
        if (auto const failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
    }

private:
    struct loop {
        void (*call)(void*, std::size_t, unsigned);
        void* body;
        std::size_t n;
    };

    void run(loop const& l, unsigned thread) {
        for (auto i = next_.fetch_add(1); i < l.n; i = next_.fetch_add(1)) {
            try {
                l.call(l.body, i, thread);
            } catch (...) {
                std::lock_guard const lock(mutex_);
                if (!failure_ || i < failed_) {
                    failure_ = std::current_exception();
                    failed_ = i;
                }
            }
        }
    }

    void serve(unsigned thread, std::stop_token const& stop) {
        std::uint64_t seen = 0;
        std::unique_lock lock(mutex_);
        while (wake_.wait(lock, stop, [&] { return generation_ != seen; })) {
            seen = generation_;
            auto const* const l = current_;
            lock.unlock();
            run(*l, thread);
            lock.lock();
            if (--busy_ == 0) done_.notify_one();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::condition_variable done_;
    loop const* current_ = nullptr;
    std::uint64_t generation_ = 0;
    std::size_t busy_ = 0;
    std::atomic<std::size_t> next_ = 0;
    std::exception_ptr failure_;
    std::size_t failed_ = 0;
    std::vector<std::jthread> helpers_; // last: the threads end before what they use
};

} // namespace terse
