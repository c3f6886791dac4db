// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
// docs/extending.md#cluster
#include <terse/problem/toy.hpp>
#include <terse/terse.hpp>

#include <cstdint>
#include <span>
#include <thread>
#include <vector>

// [session]
/// All workers in this process, on threads that are made anew for every loop: a stand-in for your own executor.
class fresh_threads_session {
public:
    fresh_threads_session(std::uint32_t workers, unsigned threads) : workers_(workers), threads_(threads) {}

    std::uint32_t workers() const { return workers_; } // in the whole cluster
    std::uint32_t first() const { return 0; }          // the lowest number hosted here
    std::size_t hosted() const { return workers_; }    // how many are hosted here
    unsigned threads() const { return threads_; }      // body's second argument stays below this
    std::size_t in_flight() const { return workers_; } // all gradients are held: a failed step can be undone
    std::size_t at_once() const { return threads_; }   // dense messages that are held at a time

    template <class F>
    void for_each(std::size_t n, F&& body) { // body(i, thread) once for every i < n; it does not throw
        std::vector<std::jthread> running;
        for (unsigned thread = 0; thread < threads_; ++thread)
            running.emplace_back([&body, n, thread, step = threads_] {
                for (std::size_t i = thread; i < n; i += step) body(i, thread);
            });
    }
    template <class F>
    void agree(std::size_t n, F&& body) { // the same, but the user's gradient may throw: all must learn of it
        std::vector<std::exception_ptr> failures(n);
        for_each(n, [&](std::size_t i, unsigned thread) {
            try {
                body(i, thread);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });
        for (auto const& failure : failures)
            if (failure) std::rethrow_exception(failure);
    }
    template <class M, class F>
    void exchange(std::span<M> hosted, F&& use) { // use(the messages of all workers of the cluster, in worker order)
        use(std::span<M const>(hosted));
    }

private:
    std::uint32_t workers_;
    unsigned threads_;
};
// [session]

// [cluster]
struct fresh_threads {
    std::uint32_t workers = 1;
    unsigned threads = 1;

    fresh_threads_session attach() const { return {workers, threads}; }
};
// [cluster]

int main() {
    auto const toy = terse::toy_2();
    auto w = toy.start, same = toy.start;
    // [use]
    auto run = terse::train(terse::gmc({.ratio = 0.5}), fresh_threads{.workers = 2, .threads = 2}, w);
    // [use]
    auto reference = terse::train(terse::gmc({.ratio = 0.5}), terse::simulated{.workers = 2}, same);
    for (int t = 0; t < 20; ++t) {
        run.step(0.05, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
        reference.step(0.05, [&](terse::worker_context at, auto x, auto g) { toy.problem.gradient(at.worker, x, g); });
    }
    return w == same ? 0 : 1; // who runs the workers does not show in the bits
}
