// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include <terse/cluster/concept.hpp>
#include <terse/error.hpp>
#include <terse/random.hpp>

namespace terse {

/// A worker's gradient, or its compressor, or the server threw an exception. It is thrown on all ranks; on the worker's
/// own the original is nested in it (std::rethrow_if_nested).
struct worker_failed : error {
    std::uint32_t worker; ///< or shared_by_all
    int rank;

    worker_failed(std::uint32_t which, int where, std::uint64_t round, std::string const& text)
        : error((which == shared_by_all ? "the server" : "worker " + std::to_string(which)) + " on rank " +
                std::to_string(where) + ", round " + std::to_string(round) + ": " + text),
          worker(which), rank(where) {}
};

} // namespace terse

/// What clusters share whose workers live in several processes, the ranks: to agree. A communicator has rank() and
/// size(), a name for texts, gather(numbers) of all ranks in rank order, broadcast(text, its length, root), and it is
/// told by at_stage(text) what the rank does and by throws_everywhere(bool) whether what is thrown next is thrown by
/// all.
namespace terse::ranks {

/// What a rank does, which must be the same on all ranks.
struct doing {
    enum what : std::uint64_t { gradients, exchange, checkpoint, neighbours, serve };

    what now = gradients;
    std::uint64_t round = 0;
    double lr = 0;
    std::uint64_t graph = 0; ///< the checksum of its topology

    friend bool operator==(doing const&, doing const&) = default;

    std::string text() const {
        auto const doing_this = now == gradients    ? std::string("computes gradients")
                                : now == exchange   ? std::string("exchanges messages")
                                : now == checkpoint ? std::string("saves or loads its state")
                                : now == serve      ? std::string("waits for the server")
                                                    : "talks to neighbours in graph " + std::to_string(graph);
        return doing_this + " in round " + std::to_string(round) + " with learning rate " + std::to_string(lr);
    }
};

/// The lowest of a rank's workers that failed, and how; null if none did.
struct failure {
    std::uint32_t worker = 0;
    std::exception_ptr how;
};

namespace detail {

struct failure_report {
    enum : std::uint64_t { none, other, non_finite };

    std::uint64_t kind = none;
    std::uint64_t detail = 0; ///< a coordinate, or the length of the text
    std::string text;

    explicit failure_report(std::exception_ptr const& how) {
        if (!how) return;
        try {
            std::rethrow_exception(how);
        } catch (non_finite_error const& e) {
            kind = non_finite;
            detail = e.coordinate;
            return;
        } catch (std::exception const& e) {
            text = std::string(e.what()).substr(0, 10'000);
        } catch (...) {
            text = "an exception that is no std::exception";
        }
        kind = other;
        detail = text.size();
    }
};

} // namespace detail

/// Throws configuration_error on all ranks, and says what differs, unless they all have the same numbers.
template <class Communicator>
void require_same(Communicator& ranks, std::span<named_number const> numbers) {
    std::vector<std::uint64_t> mine;
    for (auto const& n : numbers) mine.push_back(n.value);
    auto const all = ranks.gather(mine);
    ranks.throws_everywhere(true);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        for (std::size_t r = 1; r < static_cast<std::size_t>(ranks.size()); ++r)
            if (auto const other = all[r * numbers.size() + i]; other != all[i])
                throw configuration_error(std::string(ranks.name) + ": the ranks do not agree, " + numbers[i].name +
                                          ": rank 0 has " + std::to_string(all[i]) + ", rank " + std::to_string(r) +
                                          " has " + std::to_string(other));
    ranks.throws_everywhere(false);
}

/// The numbers of all ranks, as many from each. Throws on all ranks alike if they do not do the same, or if a worker
/// failed anywhere: for the lowest that did, non_finite_error or worker_failed.
template <class Communicator>
std::vector<std::uint64_t> agree(Communicator& ranks, doing const& mine, failure const& failed,
                                 std::span<std::uint64_t const> numbers = {}) {
    ranks.at_stage(mine.text());
    detail::failure_report const report(failed.how);
    std::vector<std::uint64_t> words{mine.now,     mine.round,  std::bit_cast<std::uint64_t>(mine.lr),
                                     mine.graph,   report.kind, failed.worker,
                                     report.detail};
    auto const head = words.size();
    words.insert(words.end(), numbers.begin(), numbers.end());
    auto const width = words.size();
    auto const all = ranks.gather(words);
    auto const word = [&](int rank, std::size_t i) { return all[static_cast<std::size_t>(rank) * width + i]; };

    ranks.throws_everywhere(true);
    for (int r = 1; r < ranks.size(); ++r) {
        auto const by = [&](int rank) {
            return doing{doing::what(word(rank, 0)), word(rank, 1), std::bit_cast<double>(word(rank, 2)),
                         word(rank, 3)};
        };
        if (by(r) != by(0))
            throw error(std::string(ranks.name) + ": the ranks do not do the same: rank 0 " + by(0).text() + ", rank " +
                        std::to_string(r) + " " + by(r).text());
    }
    for (int r = 0; r < ranks.size(); ++r) { // lower ranks have lower workers
        if (word(r, 4) == detail::failure_report::none) continue;
        auto const worker = static_cast<std::uint32_t>(word(r, 5));
        if (word(r, 4) == detail::failure_report::non_finite) throw non_finite_error(worker, mine.round, word(r, 6));
        worker_failed const e(worker, r, mine.round, ranks.broadcast(report.text, word(r, 6), r));
        if (r != ranks.rank()) throw e;
        try {
            std::rethrow_exception(failed.how);
        } catch (...) {
            std::throw_with_nested(e);
        }
    }
    ranks.throws_everywhere(false);

    std::vector<std::uint64_t> gathered;
    for (auto row = all.begin(); row != all.end(); row += static_cast<std::ptrdiff_t>(width))
        gathered.insert(gathered.end(), row + static_cast<std::ptrdiff_t>(head),
                        row + static_cast<std::ptrdiff_t>(width));
    return gathered;
}

} // namespace terse::ranks
