// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "kernels.hpp"

#include <utility>

#include <terse/backend/cpu.hpp>
#include <terse/wire/fold.hpp> // signed_by

namespace terse_test {

template <class T>
taken<T> take_on_host(factors<T> by, std::vector<T> g, std::vector<T> m, std::vector<T> e, std::size_t k) {
    using namespace terse;
    taken<T> out{std::vector<index_t>(k), std::vector<T>(k), std::move(e), std::move(m)};
    scratch<cpu> temporary;
    random_stream const random(1, purpose::sample);
    view<cpu, index_t> const indices(out.indices.data(), k);
    view<cpu, T> const values(out.values.data(), k);
    view<cpu, T> const rest(out.e.data(), out.e.size());
    view<cpu, T> const added(g.data(), g.size());
    if (by.adds_before)
        out.finite = cpu::take_largest<T>(by.a, added_before<cpu, T>{by.beta, {out.m.data(), out.m.size()}, added},
                                          by.b, rest, indices, values, random, temporary);
    else if (by.momentum)
        out.finite = cpu::take_largest<T>(by.a, {by.beta, added, {out.m.data(), out.m.size()}, by.nesterov}, by.b, rest,
                                          indices, values, random, temporary);
    else
        out.finite = cpu::take_largest<T>(by.a, added, by.b, rest, indices, values, random, temporary);
    return out;
}

template <class T>
signed_residual<T> signs_on_host(T a, std::vector<T> const& x, T scale, T b, std::vector<T> e) {
    using namespace terse;
    signed_residual<T> out{std::vector<std::uint64_t>((e.size() + 63) / 64), std::move(e), 0};
    scratch<cpu> temporary;
    out.sum = cpu::accumulate_signs<T>(a, {x.data(), x.size()}, scale, b, {out.e.data(), out.e.size()},
                                       {out.words.data(), out.words.size()}, temporary);
    return out;
}

template <class T>
std::vector<T> sum_of_signs_on_host(std::vector<T> const& a, std::vector<std::vector<std::uint64_t>> const& words, T c,
                                    std::size_t d) {
    using namespace terse;
    std::vector<signed_by<cpu, T>> terms;
    for (std::size_t k = 0; k < a.size(); ++k) terms.push_back({a[k], {words[k].data(), words[k].size()}});
    std::vector<T> y(d, T(77));
    cpu::sum_signs<T>(terms, c, {y.data(), d});
    return y;
}

template std::vector<float> sum_of_signs_on_host(std::vector<float> const&,
                                                 std::vector<std::vector<std::uint64_t>> const&, float, std::size_t);
template std::vector<double> sum_of_signs_on_host(std::vector<double> const&,
                                                  std::vector<std::vector<std::uint64_t>> const&, double, std::size_t);

template <class T>
quantized_residual<T> quantized_on_host(T a, std::vector<T> const& g, T b, std::vector<T> e,
                                        terse::level_grid const& grid, terse::random_stream const& random) {
    using namespace terse;
    auto const d = e.size();
    quantized_residual<T> out{std::vector<T>(grid.buckets(d)), std::vector<std::uint64_t>(grid.words(d)), std::move(e),
                              0};
    scratch<cpu> temporary;
    out.bad = cpu::take_quantized<T>(a, {g.data(), d}, b, {out.e.data(), d}, grid, {out.units.data(), out.units.size()},
                                     {out.words.data(), out.words.size()}, random, temporary);
    return out;
}

template <class T>
sketched<T> sketch_on_host(T a, std::vector<T> const& x, T b, std::vector<T> y, terse::sketch_plan const& plan) {
    using namespace terse;
    sketched<T> out{std::move(y), std::vector<T>(plan.size(), T(77))};
    cpu::accumulate_sketch<T>(a, {x.data(), x.size()}, b, {out.y.data(), out.y.size()}, plan,
                              {out.table.data(), out.table.size()});
    return out;
}

template sketched<float> sketch_on_host(float, std::vector<float> const&, float, std::vector<float>,
                                        terse::sketch_plan const&);
template sketched<double> sketch_on_host(double, std::vector<double> const&, double, std::vector<double>,
                                         terse::sketch_plan const&);
template quantized_residual<float> quantized_on_host(float, std::vector<float> const&, float, std::vector<float>,
                                                     terse::level_grid const&, terse::random_stream const&);
template quantized_residual<double> quantized_on_host(double, std::vector<double> const&, double, std::vector<double>,
                                                      terse::level_grid const&, terse::random_stream const&);
template signed_residual<float> signs_on_host(float, std::vector<float> const&, float, float, std::vector<float>);
template signed_residual<double> signs_on_host(double, std::vector<double> const&, double, double, std::vector<double>);
template taken<float> take_on_host(factors<float>, std::vector<float>, std::vector<float>, std::vector<float>,
                                   std::size_t);
template taken<double> take_on_host(factors<double>, std::vector<double>, std::vector<double>, std::vector<double>,
                                    std::size_t);

} // namespace terse_test
