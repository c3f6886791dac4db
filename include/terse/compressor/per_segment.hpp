// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>

#include <terse/backend/block_take.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/part_takes.hpp>
#include <terse/compressor/take.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/error.hpp>
#include <terse/layout.hpp>
#include <terse/wire/bundle.hpp>
#include <terse/wire/dense.hpp>
#include <terse/wire/either.hpp>

namespace terse {

namespace detail {

/// Everything is sent, and nothing stays, not even NaN.
struct whole_segment : identity {
    template <class B, class T, TakenByAll<B, T> G>
    std::size_t take(std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b, view<B, T> e,
                     dense_message<B, T>& out, context<B> at) const {
        auto const bad = accumulate<B, T>(a, g, b, e, at.temporary, at.checks);
        this->template compress<B, T>(e, out, at);
        out.clear_in(e);
        return bad;
    }
    template <class B, class T>
        requires TakesBlocks<B, T>
    void take_all(std::span<worker_take<dense_message<B, T>, B, T, view<B, T const>>> all,
                  scratch<B>& temporary) const {
        auto const take_of = [](auto const& t) -> block_take<B, T> {
            t.out->reset(t.e.size());
            return {{t.a, t.g, t.b, t.e}, 0, t.out->values, true};
        };
        find_in_all(all, take_of, [&](auto takes) { return B::take_block(takes, temporary); });
    }
};

} // namespace detail

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
        lay_out(out);
        for (std::size_t i = 0; i < layout.count(); ++i) {
            auto const part = in.part(layout.offset(i), layout[i].size());
            in_segment(out, i, [&](auto const& c, auto& m) { c.compress(part, m, at.part(i)); });
        }
    }

    template <class B, class T, TakenByAll<B, T> G, class M>
    std::size_t take(std::type_identity_t<T> a, G const& g, std::type_identity_t<T> b, view<B, T> e,
                     bundle<either<M, dense_message<B, T>>>& out, context<B> at) const {
        if constexpr (SharesTakes<C, B, T, G>) return take_one(*this, a, g, b, e, out, at);
        lay_out(out);
        auto bad = e.size();
        for (std::size_t i = 0; i < layout.count(); ++i) {
            auto const first = layout.offset(i), n = layout[i].size();
            in_segment(out, i, [&](auto const& c, auto& m) {
                auto const found = terse::take<B, T>(c, a, g.part(first, n), b, e.part(first, n), m, at.part(i));
                if (found < n) bad = std::min(bad, first + found);
            });
        }
        return bad;
    }
    // Equally long segments together, whoever has them.
    template <class B, class T, class G, class M>
        requires SharesTakes<C, B, T, G>
    void take_all(std::span<worker_take<bundle<either<M, dense_message<B, T>>>, B, T, G>> all,
                  scratch<B>& temporary) const {
        detail::whole_segment const all_of_it;
        part_takes<C, B, T, G> chosen(inner, temporary);
        part_takes<detail::whole_segment, B, T, G> whole(all_of_it, temporary);
        for (auto const& t : all) lay_out(*t.out);
        for (std::size_t i = 0; i < layout.count(); ++i)
            for (auto& t : all)
                in_segment(*t.out, i, [&]<class D>(D const&, auto& part) {
                    auto const first = layout.offset(i), n = layout[i].size();
                    if constexpr (std::same_as<D, detail::whole_segment>)
                        whole.add(t, i, first, n, part);
                    else
                        chosen.add(t, i, first, n, part);
                });
        chosen.finish();
        whole.finish();
    }

private:
    template <class M>
    void lay_out(bundle<M>& out) const {
        out.reset(layout.size(), layout.count());
        for (std::size_t i = 0; i < layout.count(); ++i) out.offsets[i] = layout.offset(i);
    }
    // f(what compresses segment i, its message)
    template <class B, class T, class M, class F>
    void in_segment(bundle<either<M, dense_message<B, T>>>& out, std::size_t i, F f) const {
        if (layout[i].size() < dense_below)
            f(detail::whole_segment{}, out.parts[i].template as<dense_message<B, T>>());
        else
            f(inner, out.parts[i].template as<M>());
    }
};

} // namespace terse
