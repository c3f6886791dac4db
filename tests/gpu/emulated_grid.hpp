// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <setjmp.h>
#include <ucontext.h>

namespace terse_test {

/// Threads of a block that do not do what a kernel's must: they wait for each other at different places, or some have
/// ended.
struct divergence : std::logic_error {
    using std::logic_error::logic_error;
};

/// Runs the threads of a block on this thread, one at a time, each until it has to wait for others. Who is next is
/// chosen by a seed, so that a result that depends on the order, for want of a sync(), differs between seeds. Two
/// things it cannot show: that an addition is not in one piece, because no thread is interrupted in the middle of one;
/// and what blocks of a device could do to each other at the same time, because here they run one after the other.
class emulated_threads {
public:
    explicit emulated_threads(std::uint64_t seed) : seed_(seed) {}
    emulated_threads(emulated_threads const&) = delete; // its fibers know where it is

    /// body(thread) for so many threads; `body` waits by wait().
    template <class F>
    void run(unsigned threads, F body) {
        late_size_ = 1u << random() % 8;
        late_ = static_cast<unsigned>(random() % threads) / late_size_ * late_size_;
        call_ = [](void* f, unsigned thread) { (*static_cast<F*>(f))(thread); };
        body_ = &body;
        start(threads);
        while (!ready_.empty()) {
            auto const at = next();
            running_ = std::exchange(ready_[at], ready_.back());
            ready_.pop_back();
            resume(*fibers_[running_]);
            if (failure_) {
                fibers_.clear();
                std::rethrow_exception(std::exchange(failure_, nullptr));
            }
            let_go();
        }
        for (unsigned t = 0; t < threads; ++t)
            if (!fibers_[t]->done) {
                auto const text = complaint(threads);
                fibers_.clear(); // they are in the middle of something
                throw divergence(text);
            }
    }

    /// Waits until `group` threads from `first` on are here, at one place of the code.
    void wait(unsigned first, unsigned group, char const* what, int line) {
        auto& f = *fibers_[running_];
        f.first = first;
        f.group = group;
        f.what = what;
        f.line = line;
        f.waits = true;
        leave(f);
    }

    std::uint64_t random() { // splitmix64
        auto z = seed_ += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return z ^ z >> 31;
    }

private:
    static constexpr std::size_t stack_bytes = 64 * 1024;

    struct fiber {
        std::unique_ptr<std::byte[]> stack;
        ucontext_t context{};
        jmp_buf here{};
        bool entered = false;
        unsigned first = 0, group = 0;
        char const* what = "";
        int line = 0;
        bool waits = false, done = false;

        bool meets(fiber const& other) const {
            return waits && first == other.first && group == other.group && line == other.line &&
                   std::strcmp(what, other.what) == 0;
        }
    };

    // Anyone who is ready, but hardly ever one of those who are late this time: they find what a barrier is for.
    std::size_t next() {
        std::size_t at = 0;
        for (int tries = 0; tries < 16; ++tries) {
            at = static_cast<std::size_t>(random() % ready_.size());
            if (ready_[at] < late_ || ready_[at] >= late_ + late_size_) break;
        }
        return at;
    }

    // A fiber is entered once by its context. After that a jump is enough, and saves a call of the system.
    void resume(fiber& f) {
        if (_setjmp(scheduler_) != 0) return;
        if (f.entered) _longjmp(f.here, 1);
        f.entered = true;
        setcontext(&f.context);
    }
    void leave(fiber& f) {
        if (_setjmp(f.here) == 0) _longjmp(scheduler_, 1);
    }

    static void enter(unsigned high, unsigned low) { // makecontext passes ints
        auto* const self = reinterpret_cast<emulated_threads*>(std::uintptr_t{high} << 32 | std::uintptr_t{low});
        auto& f = *self->fibers_[self->running_];
        while (true) {
            try {
                self->call_(self->body_, self->running_);
            } catch (...) {
                self->failure_ = std::current_exception();
            }
            f.done = true;
            self->leave(f); // until the next block
        }
    }

    void start(unsigned threads) {
        while (fibers_.size() < threads) fibers_.push_back(make_fiber());
        ready_.clear();
        for (unsigned t = 0; t < threads; ++t) {
            fibers_[t]->waits = fibers_[t]->done = false;
            ready_.push_back(t);
        }
    }
    std::unique_ptr<fiber> make_fiber() {
        auto f = std::make_unique<fiber>();
        f->stack = std::make_unique_for_overwrite<std::byte[]>(stack_bytes);
        getcontext(&f->context);
        f->context.uc_stack.ss_sp = f->stack.get();
        f->context.uc_stack.ss_size = stack_bytes;
        f->context.uc_link = nullptr;
        auto const self = reinterpret_cast<std::uintptr_t>(this);
        makecontext(&f->context, reinterpret_cast<void (*)()>(&emulated_threads::enter), 2,
                    static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
        return f;
    }

    // If the one who came last completes its group, they all go on.
    void let_go() {
        auto const& last = *fibers_[running_];
        if (!last.waits) return;
        auto const first = last.first, end = last.first + last.group;
        for (auto t = first; t < end; ++t)
            if (!fibers_[t]->meets(last)) return;
        for (auto t = first; t < end; ++t) {
            fibers_[t]->waits = false;
            ready_.push_back(t);
        }
    }

    std::string complaint(unsigned threads) const {
        std::string text = "the threads of a block diverge:";
        fiber const* shown = nullptr;
        for (unsigned t = 0; t < threads; ++t) {
            auto const& f = *fibers_[t];
            if (shown != nullptr && (f.done ? shown->done : f.meets(*shown))) continue;
            shown = &f;
            text += " thread " + std::to_string(t);
            text +=
                f.done ? " has ended;" : " waits at " + std::string(f.what) + ", line " + std::to_string(f.line) + ";";
        }
        return text;
    }

    std::uint64_t seed_;
    std::vector<std::unique_ptr<fiber>> fibers_;
    std::vector<unsigned> ready_;
    jmp_buf scheduler_{};
    void (*call_)(void*, unsigned) = nullptr;
    void* body_ = nullptr;
    unsigned running_ = 0;
    unsigned late_ = 0, late_size_ = 0;
    std::exception_ptr failure_;
};

/// What the lanes of a warp show each other. There are two of it, because a lane may be at the next exchange while
/// others still read this one.
struct lane_exchange {
    std::array<std::array<std::uint64_t, 32>, 2> shown;
};

/// The block that a thread of a kernel sees, see terse::kernel::ThreadBlock.
class emulated_block {
public:
    emulated_block(emulated_threads& all, std::size_t index, std::size_t blocks, unsigned first, unsigned threads,
                   unsigned thread, void* shared, lane_exchange& lanes)
        : all_(all), index_(index), blocks_(blocks), first_(first), threads_(threads), thread_(thread), shared_(shared),
          lanes_(lanes) {}

    std::size_t index() const { return index_; }
    std::size_t blocks() const { return blocks_; }
    unsigned thread() const { return thread_; }
    template <class S>
    S& shared() {
        return *static_cast<S*>(shared_);
    }

    void sync(int line = __builtin_LINE()) { all_.wait(first_, threads_, "sync", line); }
    std::uint32_t ballot(bool p, int line = __builtin_LINE()) {
        auto const& shown = show(p ? 1 : 0, "ballot", line);
        std::uint32_t bits = 0;
        for (unsigned l = 0; l < 32; ++l) bits |= static_cast<std::uint32_t>(shown[l]) << l;
        return bits;
    }
    template <class N>
    N shuffle(N x, unsigned lane, int line = __builtin_LINE()) {
        if (lane >= 32) throw std::logic_error("shuffle: there is no lane " + std::to_string(lane));
        return static_cast<N>(show(x, "shuffle", line)[lane]);
    }

    template <class N>
    N add(N* to, std::type_identity_t<N> x) {
        return std::exchange(*to, *to + x);
    }
    template <class N>
    N set_bits(N* to, std::type_identity_t<N> bits) {
        return std::exchange(*to, *to | bits);
    }
    std::uint64_t lower(std::uint64_t* to, std::uint64_t x) { return std::exchange(*to, std::min(*to, x)); }
    void fence() {}

private:
    std::array<std::uint64_t, 32> const& show(std::uint64_t x, char const* what, int line) {
        auto& shown = lanes_.shown[exchanges_++ % 2];
        shown[thread_ % 32] = x;
        all_.wait(first_ + thread_ / 32 * 32, 32, what, line);
        return shown;
    }

    emulated_threads& all_;
    std::size_t index_, blocks_;
    unsigned first_; ///< among the threads of all blocks that run now
    unsigned threads_, thread_;
    void* shared_;
    lane_exchange& lanes_;
    unsigned exchanges_ = 0;
};

/// Starts kernels here: a few blocks at a time, in an order that depends on the seed, each with shared memory full of
/// rubbish.
class emulated_grid {
public:
    explicit emulated_grid(std::uint64_t seed) : threads_(std::make_shared<emulated_threads>(seed)) {}

    template <class K>
    void operator()(K const& kernel, std::size_t blocks) const {
        (*this)(std::span<K const>(&kernel, 1), blocks);
    }
    /// So many blocks of each kernel, all in one order.
    template <class K>
    void operator()(std::span<K const> kernels, std::size_t blocks) const {
        using shared = typename K::shared;
        static_assert(K::threads % 32 == 0 && std::is_trivial_v<shared> && sizeof(shared) <= 48 * 1024);
        auto const all = kernels.size() * blocks;
        if (all == 0) throw std::logic_error("a grid without blocks");
        std::vector<std::size_t> order(all);
        for (std::size_t b = 0; b < all; ++b) order[b] = b;
        for (std::size_t b = all; b > 1; --b) std::swap(order[b - 1], order[threads_->random() % b]);
        std::array<shared, at_once> memory;
        std::vector<lane_exchange> lanes(at_once * K::threads / 32);
        for (std::size_t next = 0; next < all;) {
            auto const n = std::min<std::size_t>(1 + threads_->random() % at_once, all - next);
            std::memset(static_cast<void*>(memory.data()), static_cast<int>(threads_->random() % 255 + 1),
                        sizeof memory);
            threads_->run(static_cast<unsigned>(n) * K::threads, [&](unsigned t) {
                auto const slot = t / K::threads;
                auto const which = order[next + slot];
                emulated_block b(*threads_, which % blocks, blocks, slot * K::threads, K::threads, t % K::threads,
                                 &memory[slot], lanes[t / 32]);
                kernels[which / blocks](b);
            });
            next += n;
        }
    }

private:
    static constexpr std::size_t at_once = 4;

    std::shared_ptr<emulated_threads> threads_; ///< a copy continues the same order
};

} // namespace terse_test
