// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <terse/backend/place.hpp>
#include <terse/backend/view.hpp>

namespace terse {

/// n numbers of type T in memory of backend B, owned. It keeps its memory when it shrinks, so that a steady state
/// allocates nothing; growing leaves the contents undefined.
template <class B, class T>
class buffer {
public:
    using backend = B;
    using value_type = T;

    buffer() = default;
    explicit buffer(std::size_t n) { resize(n); }
    buffer(buffer&& other) noexcept { swap(other); }
    buffer(buffer const& other) : buffer(other.size_) { B::copy(view<B, T const>(other), view<B, T>(*this)); }
    buffer& operator=(buffer&& other) noexcept {
        swap(other);
        return *this;
    }
    buffer& operator=(buffer const& other) {
        if (this == &other) return *this;
        resize(other.size_);
        B::copy(view<B, T const>(other), view<B, T>(*this));
        return *this;
    }
    ~buffer() { release(); }

    void resize(std::size_t n) {
        if (n > capacity_) {
            auto const grown = std::max(n, capacity_ + capacity_ / 2);
            T* const fresh = B::template allocate<T>(grown);
            release();
            data_ = fresh;
            capacity_ = grown;
            place_ = place_of<B>::current();
        }
        size_ = n;
    }

    /// n numbers, all equal to x.
    void assign(std::size_t n, T x) {
        resize(n);
        B::fill(view<B, T>(*this), x);
    }

    void swap(buffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        std::swap(place_, other.place_);
    }

    T* data() const { return data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    view<B, T> part(std::size_t first, std::size_t count) const { return {data_ + first, count}; }
    operator view<B, T>() { return {data_, size_}; }             // NOLINT(google-explicit-constructor)
    operator view<B, T const>() const { return {data_, size_}; } // NOLINT(google-explicit-constructor)

    T& operator[](std::size_t i) const requires std::same_as<B, cpu> { return data_[i]; }

private:
    void release() noexcept {
        if (data_ == nullptr) return;
        try {
            [[maybe_unused]] typename place_of<B>::scope const there(place_);
            B::release(data_, capacity_);
        } catch (...) { // a place that is gone has taken its memory with it
        }
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    [[no_unique_address]] place_of<B> place_{}; ///< where the memory comes from
};

} // namespace terse
