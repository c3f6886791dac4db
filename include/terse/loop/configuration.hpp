// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <typeinfo>

#include <terse/backend/view.hpp>
#include <terse/cluster/concept.hpp>
#include <terse/loop/fingerprint.hpp>
#include <terse/run/host_copy.hpp>
#include <terse/version.hpp>

namespace terse {

/// What all processes must have in common before they start a run; long things are given by a checksum. The options of
/// policies that are no plain aggregates are left out, and so is w when it is where no verb fetches it from.
template <class Method, class Options, class B, class T>
std::array<named_number, 8> configuration(Method const& method, view<B, T> w, std::uint32_t workers,
                                          Options const& options) {
    fingerprint type, chosen, start;
    type.add(std::string_view(typeid(Method).name()));
    chosen.add(method);
    chosen.add(options);
    auto const begin_at = [&](std::span<T const> x) { start.add(std::as_bytes(x)); };
    if constexpr (std::same_as<B, cpu>)
        begin_at({w.data(), w.size()});
    else if constexpr (Saved<B>)
        begin_at(detail::on_host(w));
    return {{{"version of terse", TERSE_VERSION_MAJOR * 1'000'000 + TERSE_VERSION_MINOR * 1'000 + TERSE_VERSION_PATCH},
             {"size of a scalar", sizeof(T)},
             {"dimension", w.size()},
             {"number of workers", workers},
             {"seed", options.seed},
             {"type of the method", type.value()},
             {"options", chosen.value()},
             {"model at the start", start.value()}}};
}

} // namespace terse
