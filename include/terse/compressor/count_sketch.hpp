// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <terse/backend/scratch.hpp>
#include <terse/backend/sketch_plan.hpp>
#include <terse/compressor/concept.hpp>
#include <terse/error.hpp>
#include <terse/wire/sketch.hpp>
#include <terse/wire/sparse.hpp>

namespace terse {

/// The verbs that sketches need besides those of every backend; see backend/cpu/sketch.hpp.
template <class B, class T>
concept SketchVerbs = requires(T a, view<B, T const> x, view<B, T> y, view<B, index_t const> i, sketch_plan const& s) {
    B::accumulate_sketch(a, x, a, y, s, y);  // y <- a y + a x, then the last is its sketch
    B::estimate_from_sketch(x, s, y);        // y_i = median of what i finds
    B::add_entries_to_sketch(a, i, x, s, y); // the last += a times the sketch of entries
    B::clear_in_sketch(i, s, y);             // zeros where entries go
};

/// Count sketch (Charikar, Chen, Farach-Colton 2002): each row adds up v_i s(i) in bucket h(i) of its own random h and
/// signs s. It is linear. v_i is estimated by the median over the rows; ||v||_2 by the median length of a row. The
/// hashes are a function of the seed, the same on all workers and in all rounds.
struct count_sketch {
    std::size_t rows = 5; ///< odd, below 256
    std::size_t columns = 10'000;
    sketch_hashing hashing = sketch_hashing::blocks;

    void validate(std::size_t) const {
        if (rows % 2 == 0 || rows > 255)
            throw configuration_error("count_sketch: the rows must be an odd number below 256, for the median");
        if (columns == 0 || columns > 0xffffffffu)
            throw configuration_error("count_sketch: there must be at least one column, and fewer than 2^32");
        if (hashing == sketch_hashing::blocks && columns % sketch_block != 0)
            throw configuration_error("count_sketch: with blocks the columns must be a multiple of 16");
    }

    sketch_plan plan(std::uint64_t seed) const {
        return {rows, columns, hashing, random_stream(seed, purpose::hashing)};
    }

    /// out = the sketch of b y + a x, which y becomes; x may be empty, for y as it is.
    template <class B, class T>
        requires SketchVerbs<B, T>
    void sketch(std::type_identity_t<T> a, input<B, T> x, std::type_identity_t<T> b, view<B, T> y, sketch_plan const& p,
                sketch_message<B, T>& out) const {
        out.reset(y.size(), rows, columns);
        B::accumulate_sketch(a, x, b, y, p, view<B, T>(out.values));
    }
    /// ||v||_2 of what was sketched, estimated.
    template <class B, class T>
    static double norm(sketch_message<B, T> const& m) {
        std::array<double, 256> squared;
        for (std::size_t j = 0; j < m.rows; ++j)
            squared[j] = B::sum_of_squares(view<B, T const>(m.values).part(j * m.columns, m.columns));
        std::nth_element(squared.begin(), squared.begin() + m.rows / 2, squared.begin() + m.rows);
        return std::sqrt(squared[m.rows / 2]);
    }
    /// out = the k coordinates of largest estimates and these, in ascending order of the coordinates.
    template <class B, class T>
        requires SketchVerbs<B, T>
    static void heavy_hitters(sketch_message<B, T> const& m, sketch_plan const& p, std::size_t k,
                              sparse_message<B, T>& out, scratch<B>& temporary) {
        typename scratch<B>::scope const scope(temporary);
        auto const estimates = temporary.template take<T>(m.size);
        view<B, T const> const all = m.values;
        out.reset(m.size, k);
        view<B, index_t> const indices = out.indices;
        view<B, T> const values = out.values;
        if constexpr (requires { B::select_from_sketch(all, p, estimates, k, indices, values, temporary); }) {
            B::select_from_sketch(all, p, estimates, k, indices, values, temporary);
        } else {
            B::estimate_from_sketch(all, p, estimates);
            B::select_largest(view<B, T const>(estimates), k, indices, values, temporary);
        }
    }
};

} // namespace terse
