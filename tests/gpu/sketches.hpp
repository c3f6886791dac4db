// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <terse/compressor/count_sketch.hpp>

#include "verbs.hpp"

namespace terse_test {

/// What the verbs of sketches make of every sample on backend B.
template <class B, class T>
std::vector<outcome> every_sketch() {
    using terse::index_t;
    using terse::view;
    using constant = view<B, T const>;
    static_assert(terse::SketchVerbs<B, T>);
    std::vector<outcome> all;
    auto const check = [&](sample<T> const& x, terse::count_sketch const& sketch) {
        auto const d = x.numbers.size();
        auto const plan = sketch.plan(3);
        auto const is = [&](char const* verb, auto v) {
            all.push_back(
                make_outcome(verb + (" of " + x.name + ", rows: " + std::to_string(sketch.rows)), download(v)));
        };
        auto const x_memory = upload<B>(x.numbers);
        auto y = upload<B>(std::vector<T>(x.numbers.rbegin(), x.numbers.rend()));
        auto table = upload<B>(std::vector<T>(plan.size(), T(9)));
        view<B, T> const t = table;
        B::accumulate_sketch(T(0.7), x_memory, T(-0.3), view<B, T>(y), plan, t);
        is("what is sketched", constant(y));
        is("accumulate_sketch", t);
        B::accumulate_sketch(T(0), constant(), T(0), view<B, T>(y), plan, t);
        is("accumulate_sketch without x", t);
        terse::buffer<B, T> estimates(d);
        B::estimate_from_sketch(t, plan, view<B, T>(estimates));
        is("estimate_from_sketch", constant(estimates));

        terse::buffer<B, index_t> thirds((d + 2) / 3); // with a row of few buckets, some meet in it
        B::sequence(0, 3, view<B, index_t>(thirds));
        auto const values = constant(x_memory).part(0, thirds.size());
        B::add_entries_to_sketch(T(-0.3), thirds, values, plan, t);
        is("add_entries_to_sketch", t);
        auto const some = view<B, index_t const>(thirds).part(0, thirds.size() / 200 + 1);
        B::clear_in_sketch(some, plan, t);
        is("clear_in_sketch", t);
        B::clear_in_sketch(some.part(0, 0), plan, t);
        is("clear_in_sketch of nothing", t);
    };
    for (auto const& x : samples<T>()) {
        auto const blocks = terse::sketch_hashing::blocks, classic = terse::sketch_hashing::classic;
        check(x, {.rows = 5, .columns = 64, .hashing = blocks});
        check(x, {.rows = 3, .columns = 37, .hashing = classic});
        check(x, {.rows = 1, .columns = 1, .hashing = classic});
        // What std::nth_element makes of NaN is not defined.
        if (x.name.find("infinit") != x.name.npos || x.name.find("huge") != x.name.npos ||
            x.name.find("not a") != x.name.npos)
            continue;
        check(x, {.rows = 7, .columns = 1008, .hashing = blocks});
        check(x, {.rows = 11, .columns = 2000, .hashing = classic});
    }
    return all;
}

} // namespace terse_test
