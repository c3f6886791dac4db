// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <mpi.h>

#include <terse/error.hpp>

namespace terse::mpi {

/// Throws if a call of MPI failed, where the user's error handler lets it return at all.
inline void check(int code, char const* call) {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw error("mpi: " + std::string(call) + ": " + std::string(text, static_cast<std::size_t>(length)));
}

/// A duplicate of a communicator, and what terse does with it: everything is for all ranks to call.
///
/// When an exception destroys it that the other ranks do not know of, they would wait for this one forever
/// (MPI_Finalize waits too), and so the destructor ends the job with MPI_Abort.
class communicator {
public:
    static constexpr char const* name = "mpi"; // for texts

    explicit communicator(MPI_Comm original) {
        check(MPI_Comm_dup(original, &comm_), "MPI_Comm_dup");
        MPI_Comm_rank(comm_, &rank_);
        MPI_Comm_size(comm_, &size_);
    }
    communicator(communicator&& other) noexcept
        : comm_(std::exchange(other.comm_, MPI_COMM_NULL)), rank_(other.rank_), size_(other.size_),
          exceptions_(other.exceptions_), throws_everywhere_(other.throws_everywhere_),
          stage_(std::move(other.stage_)) {}
    communicator& operator=(communicator const&) = delete;
    ~communicator() {
        int ended = 0;
        MPI_Finalized(&ended);
        if (comm_ == MPI_COMM_NULL || ended != 0) return;
        if (std::uncaught_exceptions() > exceptions_ && !throws_everywhere_) {
            std::fprintf(stderr,
                         "terse: rank %d leaves its run while it %s, by an exception that other ranks do not know "
                         "of, so all are ended; catch it where the run still lives to see its text\n",
                         rank_, stage_.c_str());
            // MPICH's launcher may drop what a rank wrote just before.
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            MPI_Abort(comm_, EXIT_FAILURE);
        }
        MPI_Comm_free(&comm_);
    }

    int rank() const { return rank_; }
    int size() const { return size_; }

    /// What this rank is doing, for when it fails alone.
    void at_stage(std::string stage) { stage_ = std::move(stage); }
    /// Whether an exception that may leave now is thrown by all ranks alike.
    void throws_everywhere(bool yes) { throws_everywhere_ = yes; }

    /// As many numbers from each rank, in rank order.
    std::vector<std::uint64_t> gather(std::span<std::uint64_t const> mine) const {
        std::vector<std::uint64_t> all(mine.size() * static_cast<std::size_t>(size_));
        auto const n = static_cast<int>(mine.size());
        check(MPI_Allgather(mine.data(), n, MPI_UINT64_T, all.data(), n, MPI_UINT64_T, comm_), "MPI_Allgather");
        return all;
    }

    /// Rank r has all[begin[r]] .. all[begin[r + 1] - 1], and gets the rest; no call moves more than `most` bytes.
    void gather(std::span<std::byte> all, std::span<std::uint64_t const> begin, std::size_t most) const {
        for_each_window(begin, most, [&](std::size_t from, int const* counts, int const* offsets) {
            check(
                MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all.data() + from, counts, offsets, MPI_BYTE, comm_),
                "MPI_Allgatherv");
        });
    }

    /// The same, but only the first rank gets the rest; `bytes` are all of them there, and the rank's own elsewhere.
    void gather_first(std::span<std::byte> bytes, std::span<std::uint64_t const> begin, std::size_t most) const {
        for_each_window(begin, most, [&](std::size_t from, int const* counts, int const* offsets) {
            auto const mine = begin[static_cast<std::size_t>(rank_)];
            auto const first = rank_ == 0 ? from : std::min<std::size_t>(std::max(from, mine) - mine, bytes.size());
            auto* const own = bytes.data() + first;
            check(MPI_Gatherv(rank_ == 0 ? MPI_IN_PLACE : own, rank_ == 0 ? 0 : counts[rank_], MPI_BYTE, own, counts,
                              offsets, MPI_BYTE, 0, comm_),
                  "MPI_Gatherv");
        });
    }

    /// What goes to a rank, or comes from it.
    struct part {
        int rank;
        std::span<std::byte> bytes;
    };
    /// Parts for the same rank arrive in the order in which they were sent.
    void send_and_receive(std::span<part const> sent, std::span<part const> received, std::size_t most) const {
        std::vector<MPI_Request> open;
        auto const for_each_chunk = [&](std::span<part const> parts, auto f) {
            for (auto const& p : parts)
                for (std::size_t from = 0; from < p.bytes.size(); from += most) {
                    auto const chunk = p.bytes.subspan(from, std::min(most, p.bytes.size() - from));
                    open.emplace_back();
                    f(chunk.data(), static_cast<int>(chunk.size()), p.rank, &open.back());
                }
        };
        for_each_chunk(received, [&](std::byte* data, int n, int rank, MPI_Request* request) {
            check(MPI_Irecv(data, n, MPI_BYTE, rank, 0, comm_, request), "MPI_Irecv");
        });
        for_each_chunk(sent, [&](std::byte* data, int n, int rank, MPI_Request* request) {
            check(MPI_Isend(data, n, MPI_BYTE, rank, 0, comm_, request), "MPI_Isend");
        });
        check(MPI_Waitall(static_cast<int>(open.size()), open.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
    }

    /// The text of rank `root`, which has this many characters.
    std::string broadcast(std::string text, std::uint64_t length, int root) const {
        text.resize(length);
        check(MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, root, comm_), "MPI_Bcast");
        return text;
    }

    /// The value of the first rank, for all ranks.
    template <class X>
    void broadcast_value(X& x) const {
        check(MPI_Bcast(&x, static_cast<int>(sizeof(X)), MPI_CHAR, 0, comm_), "MPI_Bcast");
    }
    /// x becomes its sum over the ranks, added up in an order of MPI's choice; no call moves more than `most` bytes.
    template <class T>
    void sum(std::span<T> x, std::size_t most) const {
        auto const type = sizeof(T) == sizeof(float) ? MPI_FLOAT : MPI_DOUBLE;
        auto const step = std::max<std::size_t>(1, most / sizeof(T));
        for (std::size_t at = 0; at < x.size(); at += step)
            check(MPI_Allreduce(MPI_IN_PLACE, x.data() + at, static_cast<int>(std::min(step, x.size() - at)), type,
                                MPI_SUM, comm_),
                  "MPI_Allreduce");
    }

    /// The bytes of rank `root`, for all ranks; no call moves more than `most` bytes.
    void broadcast(std::vector<std::byte>& bytes, int root, std::size_t most) const {
        in_pieces(bytes, most, [&](void* data, int n, MPI_Datatype type) {
            check(MPI_Bcast(data, n, type, root, comm_), "MPI_Bcast");
        });
    }
    /// The bytes of rank `from`, for rank `to`.
    void move(std::vector<std::byte>& bytes, int from, int to, std::size_t most) const {
        if (from == to) return;
        if (rank_ == from)
            in_pieces(bytes, most, [&](void* data, int n, MPI_Datatype type) {
                check(MPI_Send(data, n, type, to, 0, comm_), "MPI_Send");
            });
        else if (rank_ == to)
            in_pieces(bytes, most, [&](void* data, int n, MPI_Datatype type) {
                check(MPI_Recv(data, n, type, from, 0, comm_, MPI_STATUS_IGNORE), "MPI_Recv");
            });
    }

private:
    // First the size, which whoever receives does not know yet.
    template <class F>
    static void in_pieces(std::vector<std::byte>& bytes, std::size_t most, F call) {
        std::uint64_t n = bytes.size();
        call(&n, 1, MPI_UINT64_T);
        bytes.resize(n);
        for (std::size_t at = 0; at < n; at += most)
            call(bytes.data() + at, static_cast<int>(std::min<std::size_t>(most, n - at)), MPI_BYTE);
    }
    // f(where it begins, how much of it is whose, and where) for windows of at most `most` bytes.
    template <class F>
    void for_each_window(std::span<std::uint64_t const> begin, std::size_t most, F f) const {
        auto const ranks = static_cast<std::size_t>(size_);
        std::vector<int> counts(ranks), offsets(ranks);
        for (std::size_t from = 0; from < begin[ranks]; from += most) {
            auto const end = std::min(begin[ranks], from + most);
            auto const inside = [&](std::uint64_t i) { return static_cast<int>(std::clamp(i, from, end) - from); };
            for (std::size_t r = 0; r < ranks; ++r) {
                offsets[r] = inside(begin[r]);
                counts[r] = inside(begin[r + 1]) - offsets[r];
            }
            f(from, counts.data(), offsets.data());
        }
    }

    MPI_Comm comm_ = MPI_COMM_NULL;
    int rank_ = 0;
    int size_ = 1;
    int exceptions_ = std::uncaught_exceptions();
    bool throws_everywhere_ = false;
    std::string stage_ = "begins";
};

} // namespace terse::mpi
