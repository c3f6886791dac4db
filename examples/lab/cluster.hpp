// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <terse/cluster/simulated.hpp>
#include <terse/cluster/topology.hpp>
#include <terse/cluster/unreliable.hpp>
#ifdef TERSE_LAB_MPI
#include <terse/mpi.hpp>
#endif

#include <lab/ranks.hpp>

namespace lab {

#ifdef TERSE_LAB_MPI

/// A session in this process or on the ranks of the job, in one type, so that each method is compiled once.
class session {
    std::variant<terse::simulated_session, terse::mpi::session> held_;

    template <class F>
    auto of(F f) const {
        return std::visit(f, held_);
    }

public:
    explicit session(terse::simulated_session s) : held_(std::move(s)) {}
    explicit session(terse::mpi::session s) : held_(std::move(s)) {}

    std::uint32_t workers() const {
        return of([](auto const& s) { return s.workers(); });
    }
    std::uint32_t first() const {
        return of([](auto const& s) { return s.first(); });
    }
    std::size_t hosted() const {
        return of([](auto const& s) { return s.hosted(); });
    }
    unsigned threads() const {
        return of([](auto const& s) { return s.threads(); });
    }
    std::size_t in_flight() const {
        return of([](auto const& s) { return s.in_flight(); });
    }
    std::size_t at_once() const {
        return of([](auto const& s) { return s.at_once(); });
    }

    void require_same(std::span<terse::named_number const> numbers) {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->require_same(numbers);
    }
    void begin_round(std::uint64_t round, double lr) {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->begin_round(round, lr);
    }
    void begin_checkpoint() {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->begin_checkpoint();
    }
    void broadcast(std::vector<std::byte>& bytes) {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->broadcast(bytes);
    }
    void to_first(std::uint32_t worker, std::vector<std::byte>& bytes) {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->to_first(worker, bytes);
    }
    void from_first(std::uint32_t worker, std::vector<std::byte>& bytes) {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->from_first(worker, bytes);
    }
    void throws_everywhere() {
        if (auto* const s = std::get_if<terse::mpi::session>(&held_)) s->throws_everywhere();
    }
    template <class F>
    void for_each(std::size_t n, F&& f) {
        std::visit([&](auto& s) { s.for_each(n, f); }, held_);
    }
    template <class F>
    void agree(std::size_t n, F&& f) {
        std::visit([&](auto& s) { s.agree(n, f); }, held_);
    }
    template <class M, class F>
    void exchange(std::span<M> hosted, F&& use) {
        std::visit([&](auto& s) { s.exchange(hosted, use); }, held_);
    }
    template <class M, class F>
    void exchange_with_neighbours(terse::topology const& graph, std::span<M> hosted, F&& use) {
        std::visit([&](auto& s) { s.exchange_with_neighbours(graph, hosted, use); }, held_);
    }
};

/// All workers in this process, or spread over the ranks of the job.
struct cluster {
    std::uint32_t workers = 1;
    unsigned threads = 1; ///< of each rank

    session attach() const {
        if (ranks() == 1) return session(terse::simulated{.workers = workers, .threads = threads}.attach());
        return session(terse::mpi::cluster{.workers = workers, .threads = threads}.attach());
    }
};

#else

using cluster = terse::simulated;

#endif

/// A session in which not every message counts, if there is a policy that says so: one type, so that methods on one
/// model are compiled once for clusters with faults and without.
class attended_session : public decltype(std::declval<cluster const&>().attach()) {
    using session = decltype(std::declval<cluster const&>().attach());

public:
    attended_session(session s, std::optional<terse::unreliable> policy)
        : session(std::move(s)), policy_(std::move(policy)) {}

    std::span<terse::attendance const> attend(std::uint64_t seed, std::uint64_t round) {
        if (policy_) policy_->attend(seed, round, attendances_);
        return attendances_;
    }
    std::uint32_t divisor() const { return this->workers() - (policy_ ? policy_->backups : 0); }

private:
    std::optional<terse::unreliable> policy_;
    std::vector<terse::attendance> attendances_; // empty: everyone counts
};

/// The cluster of methods on one model.
struct attended_cluster {
    cluster all{};
    std::optional<terse::unreliable> policy{};

    attended_session attach() const {
        if (policy) static_cast<void>(policy->attach()); // looks at the options
        return {all.attach(), policy};
    }
};

} // namespace lab
