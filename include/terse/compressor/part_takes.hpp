// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <terse/backend/scratch.hpp>
#include <terse/compressor/take_all.hpp>

namespace terse {

/// Parts of several workers' vectors, from which one compressor takes; those that are equally long are taken together,
/// whoever has them.
template <class C, class B, class T, class G>
class part_takes {
public:
    using message = message_of<C, B, T>;

    part_takes(C const& compressor, scratch<B>& temporary) : compressor_(compressor), temporary_(temporary) {}

    /// Part i of a worker's vector, n coordinates from `first` on. It may be taken now, or in finish(); only then is
    /// whole.bad known.
    template <class M>
    void add(worker_take<M, B, T, G>& whole, std::size_t i, std::size_t first, std::size_t n, message& out) {
        auto& [takes, places] = by_length_[n];
        takes.push_back({whole.a, whole.g.part(first, n), whole.b, whole.e.part(first, n), &out, whole.at.part(i)});
        places.push_back({first, &whole.bad});
        if (takes.size() == at_once) take(by_length_[n]);
    }
    void finish() {
        for (auto& [n, some] : by_length_) take(some);
    }

private:
    /// A launch has room for some thirty; more save waits, but each needs temporary memory of its own.
    static constexpr std::size_t at_once = 256;

    struct place {
        std::size_t first;
        std::size_t* bad; ///< of the whole vector
    };
    struct equally_long {
        std::vector<worker_take<message, B, T, G>> takes;
        std::vector<place> places;
    };

    void take(equally_long& some) {
        take_all<B, T>(compressor_, std::span(some.takes), temporary_);
        for (std::size_t j = 0; j < some.takes.size(); ++j) {
            auto const& [first, bad] = some.places[j];
            if (some.takes[j].bad < some.takes[j].e.size()) *bad = std::min(*bad, first + some.takes[j].bad);
        }
        some.takes.clear();
        some.places.clear();
    }

    C const& compressor_;
    scratch<B>& temporary_;
    std::map<std::size_t, equally_long> by_length_;
};

} // namespace terse
