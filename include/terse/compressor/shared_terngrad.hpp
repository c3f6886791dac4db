// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/compressor/take.hpp>
#include <terse/compressor/terngrad.hpp>
#include <terse/error.hpp>
#include <terse/layout.hpp>
#include <terse/wire/bundle.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/levels.hpp>
#include <terse/wire/update.hpp>

namespace terse {

/// TernGrad with a scale that all workers share: s is the largest of theirs, or the mean, for each segment of a layout.
/// The sum of K messages then is one of integers in {-K, .., K}, and travels as such: bit_width(K) + 1 bits for each
/// coordinate. Talks while it compresses: the scales go to the server and back before the messages do. With the largest
/// scale and without clipping the mean is unbiased; with the mean scale, magnitudes above it count as it.
struct shared_terngrad {
    enum class scale { largest, mean };

    terngrad ternary{};
    terse::layout layout{}; ///< every segment has a scale; if there is none, all coordinates have one
    scale share = scale::largest;

    template <class B, class T>
    using said = bundle<level_message<B, T>>;

    template <class B, class T>
    struct shared_state { // none
        void reset(shared_terngrad const&, std::size_t) {}
        template <class A>
        void state(A&) {}
    };
    template <class B, class T>
    struct round_memory {
        std::vector<std::vector<T>> found;       ///< the scales of hosted workers,
        std::vector<dense_message<B, T>> scales; ///< as they travel
        dense_message<B, T> scale;               ///< those of all
        std::vector<said<B, T>> messages;
        said<B, T> sum;
        std::vector<T> units, ones;
        scratch<B> temporary;

        void reset(shared_terngrad const&, std::size_t, std::size_t hosted) {
            found.resize(hosted), scales.resize(hosted), messages.resize(hosted);
        }
    };

    void validate(std::size_t d) const {
        ternary.validate(d);
        if (layout.count() != 0 && layout.size() != d)
            throw dimension_error("shared_terngrad: the layout has " + std::to_string(layout.size()) +
                                  " parameters and the model " + std::to_string(d));
    }

    template <class B, class T>
    void begin(shared_state<B, T>&, context<B> at) const {
        if (at.workers > level_grid::most_levels)
            throw configuration_error("shared_terngrad: there may be at most 32767 workers, whose signs add up");
    }

    template <class B, class T>
    std::size_t open(std::type_identity_t<T> a, input<B, T> x, std::type_identity_t<T> b, view<B, T> y,
                     shared_state<B, T> const&, round_memory<B, T>& memory, std::size_t i, context<B> at) const {
        auto const bad = x.empty() ? B::first_non_finite(view<B, T const>(y)) : detail::accumulate<B, T>(a, x, b, y);
        auto& found = memory.found[i];
        found.assign(segments(), std::numeric_limits<T>::quiet_NaN());
        if (bad == y.size())
            for_each_segment(y.size(), [&](std::size_t s, std::size_t first, std::size_t n) {
                found[s] = unit_of<T>(ternary.scale_of(view<B, T const>(y.part(first, n)), *at.temporary), 1);
            });
        memory.scales[i].reset(found.size());
        B::upload(std::span<T const>(found), view<B, T>(memory.scales[i].values));
        return bad;
    }

    template <class Cluster, class B, class T>
    void confer(Cluster& cluster, shared_state<B, T>&, round_memory<B, T>& memory, update<B, T>& u) const {
        auto const d = cluster.vector(0).size();
        auto const value = [&](dense_message<B, T> const& m, std::size_t s) { // they are not negative
            return B::nth_magnitude(view<B, T const>(m.values).part(s, 1), 1, memory.temporary);
        };
        cluster.gather(std::span(memory.scales), [&](auto all) {
            auto& shared = memory.units;
            shared.assign(segments(), T(0));
            for (std::size_t s = 0; s < shared.size(); ++s) {
                double total = 0;
                for (auto const& m : all) {
                    auto const x = value(m, s);
                    total += static_cast<double>(x);
                    if (!(x <= shared[s] || std::isnan(shared[s]))) shared[s] = x; // NaN stays
                }
                if (share == scale::mean) shared[s] = static_cast<T>(total / static_cast<double>(cluster.workers()));
            }
            memory.scale.reset(shared.size());
            B::upload(std::span<T const>(shared), view<B, T>(memory.scale.values));
        });
        cluster.broadcast(memory.scale, segments(), [](context<B>) {});
        auto& units = memory.units;
        units.resize(segments());
        memory.ones.assign(segments(), T(1));
        for (std::size_t s = 0; s < units.size(); ++s) units[s] = value(memory.scale, s);

        cluster.for_each([&](std::size_t i, context<B> at) {
            auto& out = memory.messages[i];
            fill_in(out, d, units, 1);
            for_each_segment(d, [&](std::size_t s, std::size_t first, std::size_t n) {
                auto const part = cluster.vector(i).part(first, n);
                auto& m = out.parts[s];
                B::template quantize<T>(part, m.grid, view<B, T>(m.units), view<B, std::uint64_t>(m.words),
                                        (layout.count() == 0 ? at : at.part(s)).own_stream(purpose::rounding));
                m.add_to(T(-1), part);
            });
        });
        u.become_dense(d);
        view<B, T> const mean = u.dense.values;
        cluster.gather(std::span(memory.messages), [&](auto all) {
            fill_in(memory.sum, d, memory.ones, cluster.workers());
            B::fill(mean, T(0));
            for_each_segment(d, [&](std::size_t s, std::size_t first, std::size_t n) {
                auto const part = mean.part(first, n);
                auto& m = memory.sum.parts[s];
                for (auto const& from : all) // exact: integers
                    B::template add_levels<T>(T(1), from.parts[s].words, m.units, from.parts[s].grid, part);
                B::template quantize<T>(part, m.grid, view<B, T>(m.units), view<B, std::uint64_t>(m.words),
                                        random_stream(0, purpose::rounding)); // has nothing to round
                B::fill(view<B, T>(m.units), units[s] / static_cast<T>(cluster.workers()));
            });
        });
        cluster.broadcast(memory.sum, d, [](context<B>) {});
        B::fill(mean, T(0));
        memory.sum.add_to(T(1), mean);
    }

private:
    std::size_t segments() const { return std::max<std::size_t>(layout.count(), 1); }

    // f(segment, its first coordinate, its size)
    template <class F>
    void for_each_segment(std::size_t d, F f) const {
        if (layout.count() == 0) return f(std::size_t{0}, std::size_t{0}, d);
        for (std::size_t s = 0; s < layout.count(); ++s) f(s, layout.offset(s), layout[s].size());
    }
    // Levels -largest .. largest with these units, to be filled in.
    template <class B, class T>
    void fill_in(said<B, T>& m, std::size_t d, std::vector<T> const& units, std::uint32_t largest) const {
        m.reset(d, segments());
        for_each_segment(d, [&](std::size_t s, std::size_t first, std::size_t n) {
            m.offsets[s] = first;
            m.parts[s].reset(n, {.levels = largest, .bucket = 0, .norm = norm::given}, ternary.coding);
            B::fill(view<B, T>(m.parts[s].units), units[s]);
        });
    }
};

} // namespace terse
