// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <tuple>
#include <utility>

#include <lab/compressor.hpp>
#include <lab/engine_of.hpp>
#include <lab/registry.hpp>

namespace lab {

template <class T, class Row>
std::unique_ptr<engine<T>> start_row(Row const& row, method_settings const& s, cluster_settings const& c,
                                     std::span<T> w, terse::layout const& layers) {
    auto const options = effective_options(row.options, s);
    if constexpr (Row::brings_compressor) {
        return start_method<T>(row.recipe(s.compressor, layers, options), s, c, w);
    } else {
        auto choice = s.compressor;
        if (choice.name.empty()) {
            choice.name = row.compressor;
            if constexpr (requires { options.block; }) choice.block = choice.block.value_or(options.block);
        }
        return start_method<T>(row.recipe(make_compressor(choice, layers), options), s, c, w);
    }
}

template <class T>
std::unique_ptr<engine<T>> start(method_settings const& method, cluster_settings const& c, std::span<T> w,
                                 terse::layout const& layers) {
    auto made = start_drift<T>(method, c, w, layers);
    std::apply(
        [&](auto const&... row) {
            ((row.name == method.name ? void(made = start_row<T>(row, method, c, w, layers)) : void()), ...);
        },
        registry);
    if (!made) throw terse::configuration_error("there is no method \"" + method.name + "\"");
    return made;
}

} // namespace lab
