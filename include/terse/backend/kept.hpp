// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <memory>
#include <mutex>

namespace terse {

/// Room beside a value for one thing that takes long to work out of it, such as an order on a device. Copies share the
/// room, and the last of them frees what is in it. For any number of threads.
class kept {
public:
    kept() = default;
    kept(kept const&) = default; // what is moved from keeps its room, too
    kept& operator=(kept const&) = default;

    /// The V that is kept, if there is one and fits(it); otherwise make(), which takes its place. Threads that ask in
    /// the meantime wait. What make() throws changes nothing.
    template <class V, class Fits, class Make>
    std::shared_ptr<V const> get(Fits fits, Make make) const {
        std::lock_guard const lock(room_->mutex);
        if (room_->type == &type_of<V>)
            if (auto const* const v = static_cast<V const*>(room_->what.get()); fits(*v)) return {room_->what, v};
        auto fresh = std::make_shared<V const>(make());
        room_->what = fresh;
        room_->type = &type_of<V>;
        return fresh;
    }

private:
    template <class V>
    static constexpr char type_of = 0; // its address tells types apart, also without RTTI

    struct room {
        std::mutex mutex;
        std::shared_ptr<void const> what;
        char const* type = nullptr;
    };

    std::shared_ptr<room> room_ = std::make_shared<room>(); // a room for each plan, not for each copy of it
};

} // namespace terse
