// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <terse/compressor/part_takes.hpp>
#include <terse/compressor/take.hpp>
#include <terse/compressor/take_all.hpp>
#include <terse/error.hpp>
#include <terse/wire/bundle.hpp>

namespace terse {

/// The inner compressor on each block of `size` consecutive coordinates; the last block may be shorter.
template <class C>
struct blockwise {
    C inner{};
    std::size_t size = 4096;

    template <class B, class T>
    using message = bundle<message_of<C, B, T>>;

    void validate(std::size_t d) const {
        if (size == 0) throw configuration_error("blockwise: the block size must be positive");
        terse::validate(inner, std::min(size, d));
        if (d > size && d % size != 0) terse::validate(inner, d % size);
    }

    template <class B, class T, class M>
    void compress(view<B, T> in, bundle<M>& out, context<B> at) const {
        for_each_block(out, in.size(), [&](std::size_t i, std::size_t first, std::size_t n) {
            inner.compress(in.part(first, n), out.parts[i], at.part(i));
        });
    }

    // Block by block, so that the second look at a block finds it in cache; or where blocks share launches, all at
    // once.
    template <class B, class T, class M>
    std::size_t take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T> b, view<B, T> e,
                     bundle<M>& out, context<B> at) const {
        if constexpr (SharesTakes<C, B, T, view<B, T const>>) return take_one(*this, a, g, b, e, out, at);
        auto bad = e.size();
        for_each_block(out, e.size(), [&](std::size_t i, std::size_t first, std::size_t n) {
            auto const in_block =
                terse::take<B, T>(inner, a, g.part(first, n), b, e.part(first, n), out.parts[i], at.part(i));
            if (in_block < n) bad = std::min(bad, first + in_block);
        });
        return bad;
    }
    // Equally long blocks together, whoever has them.
    template <class B, class T, class G, class M>
        requires SharesTakes<C, B, T, G>
    void take_all(std::span<worker_take<bundle<M>, B, T, G>> all, scratch<B>& temporary) const {
        part_takes<C, B, T, G> blocks(inner, temporary);
        for (auto const& t : all) lay_out(*t.out, t.e.size());
        for (std::size_t i = 0; i < all.front().out->parts.size(); ++i)
            for (auto& t : all) blocks.add(t, i, i * size, std::min(size, t.e.size() - i * size), t.out->parts[i]);
        blocks.finish();
    }

private:
    template <class M>
    void lay_out(bundle<M>& out, std::size_t d) const {
        out.reset(d, (d - 1) / size + 1);
        for (std::size_t i = 0; i < out.parts.size(); ++i) out.offsets[i] = i * size;
    }
    template <class M, class F>
    void for_each_block(bundle<M>& out, std::size_t d, F f) const {
        lay_out(out, d);
        for (std::size_t i = 0; i < out.parts.size(); ++i) f(i, out.offsets[i], std::min(size, d - out.offsets[i]));
    }
};

} // namespace terse
