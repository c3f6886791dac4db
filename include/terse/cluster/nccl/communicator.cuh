// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <cuda_runtime.h>
#include <nccl.h>

#include <terse/backend/cuda/cuda_error.cuh>
#include <terse/backend/thrust.cuh>
#include <terse/cluster/nccl/nccl_error.cuh>
#include <terse/cluster/nccl/pinned.cuh>

namespace terse::nccl {

namespace detail {

// The stream of this thread's place; Thrust's host systems, on which NCCL is emulated, have none.
template <class Place = device_place>
cudaStream_t stream_here() {
    if constexpr (requires(Place place) { place.stream; })
        return Place::current().stream;
    else
        return nullptr;
}

} // namespace detail

/// What terse does with a communicator of NCCL's, which is the caller's. Everything is for all ranks to call, and is
/// done in the order of the stream of the calling thread's place; what gives numbers to the host waits for it.
class communicator {
public:
    static constexpr char const* name = "nccl"; // for texts

    /// Waits may last so long, or forever if that is 0.
    communicator(ncclComm_t comm, std::chrono::milliseconds patience) : comm_(comm), patience_(patience) {
        check(ncclCommUserRank(comm_, &rank_), "ncclCommUserRank");
        check(ncclCommCount(comm_, &size_), "ncclCommCount");
    }

    int rank() const { return rank_; }
    int size() const { return size_; }
    int device() const {
        int device = 0;
        check(ncclCommCuDevice(comm_, &device), "ncclCommCuDevice");
        return device;
    }

    /// What this rank is doing, for texts of errors.
    void at_stage(std::string stage) { stage_ = std::move(stage); }
    /// Nothing: a communicator that the caller owns is the caller's to abort.
    void throws_everywhere(bool) {}

    /// As many numbers from each rank, in rank order. Waits.
    std::vector<std::uint64_t> gather(std::span<std::uint64_t const> mine) {
        std::vector<std::uint64_t> all(mine.size() * static_cast<std::size_t>(size_));
        auto const bytes = mine.size_bytes();
        by_way_of_device(bytes * static_cast<std::size_t>(rank_), std::as_bytes(mine),
                         std::as_writable_bytes(std::span(all)), [&](std::byte* data) {
                             check(ncclAllGather(data + bytes * static_cast<std::size_t>(rank_), data, bytes, ncclUint8,
                                                 comm_, detail::stream_here()),
                                   "ncclAllGather");
                         });
        return all;
    }

    /// In memory of the device, rank r has all[begin[r]] .. all[begin[r + 1] - 1], and gets the rest.
    void gather(std::byte* all, std::span<std::uint64_t const> begin) const {
        auto const bytes_of = [&](std::size_t r) { return begin[r + 1] - begin[r]; };
        auto const ranks = begin.size() - 1;
        bool alike = true;
        for (std::size_t r = 1; r < ranks; ++r) alike = alike && bytes_of(r) == bytes_of(0);
        if (begin[ranks] == 0) return;
        if (alike) {
            auto const* const mine = all + begin[static_cast<std::size_t>(rank_)];
            check(ncclAllGather(mine, all, bytes_of(0), ncclUint8, comm_, detail::stream_here()), "ncclAllGather");
            return;
        }
        in_group([&] { // no byte more than there is, however different they are
            for (std::size_t r = 0; r < ranks; ++r)
                if (bytes_of(r) != 0) broadcast_on_device(all + begin[r], bytes_of(r), static_cast<int>(r));
        });
    }

    /// What goes to a rank, or comes from it, in memory of the device.
    struct part {
        int rank;
        std::byte* data;
        std::size_t bytes; ///< more than none
    };
    void send_and_receive(std::span<part const> sent, std::span<part const> received) const {
        if (sent.empty() && received.empty()) return;
        in_group([&] {
            for (auto const& p : sent) send(p);
            for (auto const& p : received) receive(p);
        });
    }

    /// x becomes its sum over the ranks, added up in an order of NCCL's choice.
    template <class T>
    void sum(view<thrust_device, T> x) const {
        if (x.empty()) return;
        constexpr auto type = std::same_as<T, float> ? ncclFloat32 : ncclFloat64;
        check(ncclAllReduce(x.data(), x.data(), x.size(), type, ncclSum, comm_, detail::stream_here()),
              "ncclAllReduce");
    }
    /// f(), whose calls become one.
    template <class F>
    void in_group(F f) const {
        check(ncclGroupStart(), "ncclGroupStart");
        try {
            f();
        } catch (...) {
            ncclGroupEnd(); // otherwise all that this thread asks NCCL for later would be part of the group
            throw;
        }
        check(ncclGroupEnd(), "ncclGroupEnd");
    }

    /// The text of rank `root`, which has this many characters. Waits.
    std::string broadcast(std::string text, std::uint64_t length, int root) {
        text.resize(length);
        broadcast_on_host(std::as_writable_bytes(std::span(text)), root);
        return text;
    }
    /// The bytes of rank `root`, for all ranks. Waits.
    void broadcast(std::vector<std::byte>& bytes, int root) {
        std::uint64_t n = bytes.size();
        broadcast_on_host(std::as_writable_bytes(std::span(&n, 1)), root);
        bytes.resize(n);
        broadcast_on_host(bytes, root);
    }
    /// The bytes of rank `from`, for rank `to`. These two wait.
    void move(std::vector<std::byte>& bytes, int from, int to) {
        if (from == to || (rank_ != from && rank_ != to)) return;
        std::uint64_t n = bytes.size();
        move_on_host(std::as_writable_bytes(std::span(&n, 1)), from, to);
        bytes.resize(n);
        move_on_host(bytes, from, to);
    }

private:
    // A call that a communicator which does not block has only begun is waited for.
    void check(ncclResult_t result, char const* call, std::source_location at = std::source_location::current()) const {
        while (result == ncclInProgress) {
            std::this_thread::yield();
            if (auto const asked = ncclCommGetAsyncError(comm_, &result); asked != ncclSuccess) result = asked;
        }
        if (result != ncclSuccess) throw nccl_error(call, result, rank_, stage_, ncclGetLastError(comm_), at);
    }

    // Until the stream has done all that it was given. It looks at NCCL in the meantime, because a stream on which a
    // peer is missing never ends.
    void wait() const {
        auto const begun = std::chrono::steady_clock::now();
        for (;;) {
            auto const state = cudaStreamQuery(detail::stream_here());
            auto failed = ncclSuccess;
            check(ncclCommGetAsyncError(comm_, &failed), "ncclCommGetAsyncError");
            check(failed, "work on the device");
            if (state != cudaErrorNotReady) return check_cuda(state, "cudaStreamQuery");
            if (patience_.count() != 0 && std::chrono::steady_clock::now() - begun > patience_)
                throw nccl_error("waiting for the other ranks", ncclRemoteError, rank_, stage_, "patience is exhausted",
                                 std::source_location::current());
            std::this_thread::yield();
        }
    }

    void broadcast_on_device(std::byte* data, std::size_t n, int root) const {
        check(ncclBroadcast(data, data, n, ncclUint8, root, comm_, detail::stream_here()), "ncclBroadcast");
    }
    void send(part const& p) const {
        check(ncclSend(p.data, p.bytes, ncclUint8, p.rank, comm_, detail::stream_here()), "ncclSend");
    }
    void receive(part const& p) const {
        check(ncclRecv(p.data, p.bytes, ncclUint8, p.rank, comm_, detail::stream_here()), "ncclRecv");
    }
    // Copies `sent` to memory of the device, from byte `at` on, calls f(that memory), and copies it to `received`.
    template <class F>
    void by_way_of_device(std::size_t at, std::span<std::byte const> sent, std::span<std::byte> received, F f) {
        auto const n = std::max(at + sent.size(), received.size());
        if (n == 0) return;
        staging_.resize(n);
        auto* const here = pinned_.room(n);
        auto const copy = [](void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind) {
            if (bytes != 0)
                check_cuda(cudaMemcpyAsync(to, from, bytes, kind, detail::stream_here()), "cudaMemcpyAsync");
        };
        std::ranges::copy(sent, here + at);
        copy(staging_.data() + at, here + at, sent.size(), cudaMemcpyHostToDevice);
        f(staging_.data());
        copy(here, staging_.data(), received.size(), cudaMemcpyDeviceToHost);
        wait();
        std::copy_n(here, received.size(), received.data());
    }
    void broadcast_on_host(std::span<std::byte> bytes, int root) {
        auto const mine = rank_ == root ? bytes : std::span<std::byte>();
        by_way_of_device(0, mine, bytes, [&](std::byte* data) { broadcast_on_device(data, bytes.size(), root); });
    }
    void move_on_host(std::span<std::byte> bytes, int from, int to) {
        if (rank_ == from)
            by_way_of_device(0, bytes, {}, [&](std::byte* data) { send({to, data, bytes.size()}); });
        else
            by_way_of_device(0, {}, bytes, [&](std::byte* data) { receive({from, data, bytes.size()}); });
    }

    ncclComm_t comm_;
    std::chrono::milliseconds patience_;
    int rank_ = -1;
    int size_ = 1;
    std::string stage_ = "begins";
    buffer<thrust_device, std::byte> staging_; // for what the host sends and receives
    pinned pinned_;
};

} // namespace terse::nccl
