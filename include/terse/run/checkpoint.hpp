// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/run/archive.hpp>
#include <terse/run/atomic_file.hpp>
#include <terse/run/worker_change.hpp>

namespace terse {

/// The version of checkpoint files, numbered apart from the library's and the wire format's.
inline constexpr std::uint32_t checkpoint_version = 1;

namespace detail {

/// A saved state, cut into what is the same for the whole run and what each worker has.
struct saved_parts {
    std::span<std::byte const> common;
    std::vector<std::span<std::byte const>> workers;
    std::vector<std::vector<std::byte>> dealt; ///< the memory of `workers`, if their number has changed
};

template <class Run>
constexpr void require_download() {
    static_assert(Saved<typename decltype(std::declval<Run&>().w())::backend>,
                  "to save and load states, the backend of w must have download(x, y) - docs/checkpoints.md");
}

/// Reads everything and changes nothing. Throws checkpoint_error.
template <class Run>
saved_parts check_state(Run& run, std::span<std::byte const> bytes, std::string const& label, worker_change change) {
    auto const d = run.w().size();
    state_reader in(bytes, d);
    auto const same = [&](char const* section, auto expected, char const* advice = "") {
        auto found = expected;
        in(section, found);
        if (found != expected) {
            if constexpr (requires { std::to_string(found); })
                throw checkpoint_error(section, std::to_string(found) + ", not " + std::to_string(expected) + advice);
            else
                throw checkpoint_error(section, "\"" + found + "\", not \"" + expected + "\"");
        }
    };
    same("terse checkpoint", checkpoint_version);
    same("label", label);
    same("dimension", std::uint64_t{d});
    std::uint64_t workers = run.workers();
    if (change == worker_change::refuse)
        same("workers", workers, "; to go on with another number, say what becomes of the residuals (worker_change)");
    else
        in("workers", workers);
    if constexpr (requires { run.allows(change); })
        if (workers != run.workers() && !run.allows(change))
            throw checkpoint_error("workers", "models can only be averaged: worker_change::average");
    same("seed", run.seed());

    saved_parts parts;
    auto const part = [&](auto& of) {
        auto const begin = in.position();
        in.make_dry(true);
        of.state(in);
        in.make_dry(false);
        return bytes.subspan(begin, in.position() - begin);
    };
    parts.common = part(run);
    auto any = run.fresh_worker();
    for (std::uint64_t k = 0; k < workers; ++k) {
        same("worker", k);
        parts.workers.push_back(part(any));
    }
    in.expect_end();
    if (workers != run.workers()) {
        if (workers == 0) throw checkpoint_error("workers", "there are none");
        parts.dealt = deal(parts.workers, run.workers(), change, d, std::move(any));
        parts.workers.assign(parts.dealt.begin(), parts.dealt.end());
    }
    return parts;
}

/// f() in the first process of a run; what it throws is thrown in all of them, as a checkpoint_error.
template <class Session, class F>
void on_first(Session& session, F f) {
    if constexpr (requires(std::vector<std::byte> bytes) { session.broadcast(bytes); }) {
        std::string section, reason;
        try {
            if (session.first() == 0) f();
        } catch (checkpoint_error const& e) {
            section = e.section;
            reason = e.reason;
        } catch (std::exception const& e) {
            section = "first process";
            reason = e.what();
        }
        for (auto* const text : {&section, &reason}) {
            std::vector<std::byte> bytes(text->size());
            std::ranges::copy(std::as_bytes(std::span(*text)), bytes.begin());
            session.broadcast(bytes);
            text->assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        }
        if (section.empty()) return;
        session.throws_everywhere();
        throw checkpoint_error(section, reason);
    } else {
        f();
    }
}

template <class Session>
void begin_checkpoint(Session& session) {
    if constexpr (requires { session.begin_checkpoint(); })
        session.begin_checkpoint();
    else if (session.hosted() != session.workers())
        throw configuration_error("checkpoint: this cluster has no broadcast, to_first and from_first");
}

template <class Session>
bool hosts(Session& session, std::uint32_t k) {
    return k >= session.first() && k - session.first() < session.hosted();
}

} // namespace detail

/// The state of a run as bytes: sections of run/archive.hpp, first those that say what it belongs to. `label` is the
/// user's own description of the run, such as its configuration. In a cluster of several processes it is for all of
/// them to call, and the bytes are in the first (which hosts worker 0); the others get none.
template <class Run>
std::vector<std::byte> save_state(Run& run, std::string const& label) {
    detail::require_download<Run>();
    auto& session = run.session();
    detail::begin_checkpoint(session);
    bool const first = session.first() == 0;
    state_writer out;
    if (first) {
        out("terse checkpoint", checkpoint_version);
        out("label", label);
        out("dimension", std::uint64_t{run.w().size()});
        out("workers", std::uint64_t{run.workers()});
        out("seed", run.seed());
        run.state(out);
    }
    for (std::uint32_t k = 0; k < run.workers(); ++k) {
        state_writer worker;
        if (detail::hosts(session, k)) run.worker_state(worker, k - session.first());
        auto bytes = worker.take();
        if constexpr (requires { session.to_first(k, bytes); }) session.to_first(k, bytes);
        if (!first) continue;
        out("worker", std::uint64_t{k});
        out.append(bytes);
    }
    return out.take();
}

/// Puts a run, made with the same method, seed and dimension, into a saved state; with another number of workers only
/// if `change` says how. The cluster may be another, with the same bits. A checkpoint_error names the section that is
/// damaged or does not fit; the run is then as it was. In a cluster of several processes it is for all of them to call,
/// with the bytes in the first.
template <class Run>
void load_state(Run& run, std::span<std::byte const> bytes, std::string const& label,
                worker_change change = worker_change::refuse) {
    detail::require_download<Run>();
    auto& session = run.session();
    detail::begin_checkpoint(session);
    detail::saved_parts parts;
    detail::on_first(session, [&] { parts = detail::check_state(run, bytes, label, change); });

    std::vector<std::byte> moved;
    auto const here = [&](std::span<std::byte const> part, [[maybe_unused]] auto move) {
        if constexpr (requires { session.broadcast(moved); }) {
            moved.assign(part.begin(), part.end());
            move(session);
            part = moved;
        }
        return state_reader(part, run.w().size());
    };
    auto common = here(parts.common, [&](auto& s) { s.broadcast(moved); });
    run.state(common);
    parts.workers.resize(run.workers()); // elsewhere than in the first process there are none
    for (std::uint32_t k = 0; k < run.workers(); ++k) {
        auto worker = here(parts.workers[k], [&](auto& s) { s.from_first(k, moved); });
        if (detail::hosts(session, k)) run.worker_state(worker, k - session.first());
    }
}

/// Puts a run into the state of a file, which the first process reads; see load_state.
template <class Run>
void load_checkpoint(Run& run, std::filesystem::path const& path, std::string const& label = {},
                     worker_change change = worker_change::refuse) {
    detail::begin_checkpoint(run.session());
    std::vector<std::byte> bytes;
    detail::on_first(run.session(), [&] { bytes = detail::read_file(path); });
    load_state(run, bytes, label, change);
}

/// Writes the state to a file, so that at every moment the path holds the old file or the new one: a temporary file
/// beside it is written, flushed and renamed, and the folder flushed. In a cluster of several processes it is for all
/// of them to call; the first writes, and when the call returns the file is there.
template <class Run>
void save_checkpoint(Run& run, std::filesystem::path const& path, std::string const& label = {}) {
    auto const bytes = save_state(run, label);
    detail::on_first(run.session(), [&] { detail::replace_file(path, bytes); });
}

} // namespace terse
