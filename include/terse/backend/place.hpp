// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>

namespace terse {

/// Where the verbs of a backend work, besides in the memory that they are given: on which stream of a device, say. Each
/// thread has one such place for each backend, as it has a current device of CUDA's. A scope object changes it and
/// changes it back; when and where something is computed depends on it, but no result does. Most backends have none.
struct nowhere {
    static nowhere current() { return {}; }

    struct scope {
        explicit scope(nowhere const&) {}
    };
};

/// The kind of place of a backend: specialise it beside the backend.
template <class B>
struct place_of_backend {
    using type = nowhere;
};
template <class B>
using place_of = typename place_of_backend<B>::type;

/// The threads of a session, working where the calling thread does.
template <class B, class Session>
class session_in_place {
public:
    explicit session_in_place(Session& session) : session_(session) {}

    template <class F>
    void for_each(std::size_t n, F f) {
        session_.for_each(n, [&](std::size_t i, unsigned thread) { call(f, i, thread); });
    }
    template <class F>
    void agree(std::size_t n, F f) {
        session_.agree(n, [&](std::size_t i, unsigned thread) { call(f, i, thread); });
    }

private:
    template <class F>
    void call(F& f, std::size_t i, unsigned thread) const {
        [[maybe_unused]] typename place_of<B>::scope const there(here_);
        f(i, thread);
    }

    Session& session_;
    place_of<B> here_ = place_of<B>::current();
};
template <class B, class Session>
session_in_place<B, Session> in_this_place(Session& session) {
    return session_in_place<B, Session>(session);
}

} // namespace terse
