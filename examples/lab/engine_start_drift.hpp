// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <string>
#include <tuple>
#include <utility>

#include <lab/compressor.hpp>
#include <lab/drift_registry.hpp>
#include <lab/engine_of.hpp>
#include <lab/topology.hpp>

namespace lab {

template <class T, class Row>
std::unique_ptr<engine<T>> start_drift_row(Row const& row, method_settings const& s, cluster_settings const& c,
                                           std::span<T> w, terse::layout const& layers) {
    auto const options = effective_options(row.options, s);
    using options_type = decltype(row.options);
    if constexpr (requires { options.topology; }) {
        return start_method<T>(row.recipe(mixing_matrices(std::string(options.topology), c.workers), options), s, c, w);
    } else if constexpr (std::invocable<decltype(row.recipe), options_type>) {
        return start_method<T>(row.recipe(options), s, c, w);
    } else {
        auto choice = s.compressor;
        if (choice.name.empty()) choice.name = row.compressor;
        auto const chosen = make_compressor(choice, layers);
        if constexpr (Row::resets_errors) {
            choice.ratio = choice.ratio1.value_or(terse::cser_options{}.ratio1);
            choice.k = choice.k1;
            return start_method<T>(row.recipe(make_compressor(choice, layers), chosen, options), s, c, w);
        } else {
            return start_method<T>(row.recipe(chosen, options), s, c, w);
        }
    }
}

template <class T>
std::unique_ptr<engine<T>> start_drift(method_settings const& method, cluster_settings const& c, std::span<T> w,
                                       terse::layout const& layers) {
    std::unique_ptr<engine<T>> made;
    std::apply(
        [&](auto const&... row) {
            ((row.name == method.name ? void(made = start_drift_row<T>(row, method, c, w, layers)) : void()), ...);
        },
        drift_registry);
    return made;
}

} // namespace lab
