// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include <terse/backend/buffer.hpp>

namespace terse_test {

/// Something that came out on one backend, to be compared with what comes out on another: numbers as their bits.
struct outcome {
    std::string what;
    std::vector<std::uint64_t> bits;

    friend bool operator==(outcome const&, outcome const&) = default;
};

inline std::uint64_t bits_of(std::uint64_t x) { return x; }
inline std::uint64_t bits_of(double x) { return x != x ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(x); }

template <class T>
outcome make_outcome(std::string what, std::vector<T> const& numbers) {
    outcome o{std::move(what), {}};
    for (auto const x : numbers) o.bits.push_back(bits_of(x));
    return o;
}

/// How a backend's numbers come to the host; specialised where the backend is known.
template <class B>
struct to_host;

template <class B, class T>
std::vector<std::remove_const_t<T>> download(terse::view<B, T> v) {
    std::vector<std::remove_const_t<T>> host(v.size());
    to_host<B>::copy(v.data(), v.size(), host.data());
    return host;
}

template <class B, class T>
terse::buffer<B, T> upload(std::vector<T> const& host) {
    terse::buffer<B, T> b(host.size());
    B::upload(host, terse::view<B, T>(b));
    return b;
}

} // namespace terse_test
