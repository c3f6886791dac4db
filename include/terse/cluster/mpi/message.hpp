// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include <terse/wire/codec.hpp>

namespace terse::mpi {

/// A message that can be written as bytes and read again.
template <class M>
concept Encodable = requires(M m, wire::writer out, wire::reader in) {
    typename wire::scalar_of<M>::type;
    m.write(out);
    m.read(in, std::uint64_t{}, wire::kind{});
};

/// What this cluster carries: encodable messages, and values that are trivially copyable, as they are.
template <class M>
concept Carried = std::is_trivially_copyable_v<M> || Encodable<M>;

template <Carried M>
std::uint64_t bytes_of(M const& m) {
    if constexpr (std::is_trivially_copyable_v<M>)
        return sizeof(M);
    else
        return m.bytes();
}

/// Writes a message of a worker; out has bytes_of(m) bytes.
template <Carried M>
void put(M const& m, std::uint32_t worker, std::uint64_t round, std::span<std::byte> out) {
    if constexpr (std::is_trivially_copyable_v<M>)
        std::memcpy(out.data(), &m, sizeof(M));
    else
        wire::encode<typename wire::scalar_of<M>::type>(m, {.worker = worker, .round = round}, out);
}

/// Reads one. What does not travel must be set in m.
template <Carried M>
void get(std::span<std::byte const> in, std::size_t dimension, M& m) {
    if constexpr (std::is_trivially_copyable_v<M>)
        std::memcpy(&m, in.data(), sizeof(M));
    else
        wire::decode<typename wire::scalar_of<M>::type>(in, dimension, m);
}

/// Reads one of the same round as `like`, which knows what does not travel.
template <Carried M>
void get_like(M const& like, std::span<std::byte const> in, M& m) {
    if constexpr (requires { m.share(like); }) m.share(like);
    if constexpr (std::is_trivially_copyable_v<M>)
        get(in, 0, m);
    else
        get(in, like.dimension(), m);
}

} // namespace terse::mpi
