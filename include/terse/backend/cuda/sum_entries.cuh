// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <terse/backend/cuda/block.cuh>
#include <terse/backend/cuda/messages.cuh>
#include <terse/backend/cuda/shares.cuh>
#include <terse/backend/view.hpp>

namespace terse::kernel {

/// y <- c (y + the entries of some messages, in their order), where y counts as zero in the first of several launches.
/// A block has a share of the coordinates.
template <class T>
struct sum_of_entries {
    static constexpr unsigned threads = 256;
    using shared = typename messages_in_turn<T>::shared;

    messages_in_turn<T> messages;
    bool first;
    T c;
    T* y;
    kernel::shares coordinates;

    template <ThreadBlock B>
    __device__ void operator()(B& b) const {
        auto const begin = coordinates.begin(b.index()), end = coordinates.end(b.index());
        if (first)
            for (auto i = begin + b.thread(); i < end; i += threads) y[i] = T(0);
        messages.template walk<threads>(b, b.template shared<shared>(), begin, end,
                                        [&](std::uint64_t i, T value) { y[i] += value; });
        if (c == T(1)) return;
        for (auto i = begin + b.thread(); i < end; i += threads) y[i] *= c;
    }
};

/// y = c (the sum of the messages, in their order, from 0), so many messages in one launch. Nobody waits for the
/// device.
template <class T, class Device, Launcher Launch>
void sum_entries(Launch launch, std::span<sparse_entries<Device, T> const> messages, T c, view<Device, T> y,
                 std::size_t most_shares = shares::few) {
    if (y.empty()) return;
    shares const coordinates{y.size(), most_shares};
    for_messages<T>(messages, [&](messages_in_turn<T> const& some, bool first, bool last) {
        launch(sum_of_entries<T>{some, first, last ? c : T(1), y.data(), coordinates}, coordinates.count());
    });
}

} // namespace terse::kernel
