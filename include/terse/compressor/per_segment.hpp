// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <string>

#include <terse/compressor/take.hpp>
#include <terse/error.hpp>
#include <terse/layout.hpp>
#include <terse/wire/bundle.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/either.hpp>

namespace terse {

/// The inner compressor on each segment of a layout (a network's layers); segments shorter than `dense_below` are sent
/// whole, as DGC does with biases.
template <class C>
struct per_segment {
    C inner{};
    terse::layout layout{};
    std::size_t dense_below = 0;

    template <class B, class T>
    using message = bundle<either<message_of<C, B, T>, dense_message<B, T>>>;

    void validate(std::size_t d) const {
        if (layout.size() != d)
            throw dimension_error("per_segment: the layout has " + std::to_string(layout.size()) +
                                  " parameters and the model " + std::to_string(d));
        for (auto const& s : layout.segments())
            if (s.size() >= dense_below) terse::validate(inner, s.size());
    }

    template <class B, class T, class M>
    void compress(view<B, T> in, bundle<either<M, dense_message<B, std::remove_const_t<T>>>>& out,
                  context<B> at) const {
        for_each_segment(out, [&](std::size_t i, std::size_t first, std::size_t n) {
            auto const part = in.part(first, n);
            if (n < dense_below) {
                auto& whole = out.parts[i].template as<dense_message<B, std::remove_const_t<T>>>();
                whole.reset(n);
                B::copy(part, view<B, std::remove_const_t<T>>(whole.values));
            } else {
                inner.compress(part, out.parts[i].template as<M>(), at.part(i));
            }
        });
    }

    template <class B, class T, TakenByAll<B, T> G, class M>
    std::size_t take(std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b, view<B, T> e,
                     bundle<either<M, dense_message<B, T>>>& out, context<B> at) const {
        auto bad = e.size();
        for_each_segment(out, [&](std::size_t i, std::size_t first, std::size_t n) {
            auto const part = e.part(first, n);
            auto in_segment = n;
            if (n < dense_below) {
                auto& whole = out.parts[i].template as<dense_message<B, T>>();
                whole.reset(n);
                in_segment = detail::accumulate<B, T>(a, g.part(first, n), b, part, at.temporary, at.checks);
                B::copy(part, view<B, T>(whole.values));
                B::fill(part, T(0));
            } else {
                in_segment =
                    terse::take<B, T>(inner, a, g.part(first, n), b, part, out.parts[i].template as<M>(), at.part(i));
            }
            if (in_segment < n) bad = std::min(bad, first + in_segment);
        });
        return bad;
    }

private:
    template <class M, class F>
    void for_each_segment(bundle<M>& out, F f) const {
        out.reset(layout.size(), layout.count());
        for (std::size_t i = 0; i < layout.count(); ++i) {
            out.offsets[i] = layout.offset(i);
            f(i, layout.offset(i), layout[i].size());
        }
    }
};

} // namespace terse
