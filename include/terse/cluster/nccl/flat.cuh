// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <thrust/copy.h>
#include <thrust/transform.h>

#include <terse/backend/thrust.cuh>
#include <terse/wire/fields.hpp>

namespace terse::nccl {

/// What this cluster carries: messages that tell their fields, and values that are trivially copyable, as they are.
template <class M>
concept Carried = std::is_trivially_copyable_v<M> || wire::HasFields<M>;

/// A message without its arrays: what must be known on the host before these can be taken apart on the device.
struct outline {
    std::vector<std::byte> header; ///< the plain values and the sizes of the arrays
    std::size_t bytes = 0;         ///< of all arrays, flat
};

namespace detail {

// What NCCL moves fastest is aligned to this, and so may all that a message holds be.
inline constexpr std::size_t alignment = 16;
constexpr std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

// As another type of numbers, all of which it can hold: they are indices that are small enough, or were rounded.
template <class To>
struct converted {
    template <class From>
    __host__ __device__ To operator()(From x) const {
        if constexpr (std::same_as<To, __half>)
            return __float2half_rn(static_cast<float>(x));
        else if constexpr (std::same_as<To, __nv_bfloat16>)
            return __float2bfloat16_rn(static_cast<float>(x));
        else if constexpr (std::same_as<From, __half>)
            return static_cast<To>(__half2float(x));
        else if constexpr (std::same_as<From, __nv_bfloat16>)
            return static_cast<To>(__bfloat162float(x));
        else
            return static_cast<To>(x);
    }
};

template <class From, class To>
void convert(From const* from, std::size_t n, To* to) {
    if constexpr (std::same_as<From, To>)
        thrust::copy_n(device_policy(), from, n, to);
    else
        thrust::transform(device_policy(), from, from + n, to, converted<To>());
}

// Says in which numbers an array travels: Visitor::carry<numbers>(array).
template <class Visitor>
class flat_visitor {
public:
    template <class Buffer>
    void array(Buffer& x) {
        carry<typename Buffer::value_type>(x);
    }
    void indices(auto& x, std::size_t d) {
        if (d <= std::uint64_t{1} << 32)
            carry<std::uint32_t>(x);
        else
            carry<index_t>(x);
    }
    void values(auto& x, wire::precision p) {
        if (p == wire::precision::fp16)
            carry<__half>(x);
        else if (p == wire::precision::bf16)
            carry<__nv_bfloat16>(x);
        else
            array(x);
    }
    template <class M>
    void message(M& m) {
        std::remove_const_t<M>::fields(m, self());
    }

private:
    Visitor& self() { return static_cast<Visitor&>(*this); }
    template <class As, class Buffer>
    void carry(Buffer& x) {
        static_assert(std::same_as<typename Buffer::backend, thrust_device>,
                      "nccl carries messages in device memory: train a device vector, or use terse/mpi.hpp - "
                      "docs/nccl.md");
        self().template carry_as<As>(x);
    }
};

class outliner : public flat_visitor<outliner> {
public:
    explicit outliner(outline& out) : out_(out) {}

    template <class... Xs>
    void numbers(Xs const&... xs) {
        static_assert((std::is_trivially_copyable_v<Xs> && ...));
        (append(std::as_bytes(std::span<Xs const>(&xs, 1))), ...);
    }
    template <class As>
    void carry_as(auto const& x) {
        numbers(x.size());
        out_.bytes += aligned(x.size() * sizeof(As));
    }

private:
    void append(std::span<std::byte const> bytes) { out_.header.insert(out_.header.end(), bytes.begin(), bytes.end()); }

    outline& out_;
};

class packer : public flat_visitor<packer> {
public:
    explicit packer(std::byte* to) : to_(to) {}

    void numbers(auto const&...) {}
    template <class As>
    void carry_as(auto const& x) {
        convert(x.data(), x.size(), reinterpret_cast<As*>(to_));
        to_ += aligned(x.size() * sizeof(As));
    }

private:
    std::byte* to_;
};

class unpacker : public flat_visitor<unpacker> {
public:
    unpacker(std::span<std::byte const> header, std::byte const* from) : header_(header), from_(from) {}

    template <class... Xs>
    void numbers(Xs&... xs) {
        (take(&xs, sizeof(Xs)), ...);
    }
    template <class As>
    void carry_as(auto& x) {
        std::size_t n = 0;
        numbers(n);
        x.resize(n);
        convert(reinterpret_cast<As const*>(from_), n, x.data());
        from_ += aligned(n * sizeof(As));
    }

private:
    void take(void* x, std::size_t n) {
        std::memcpy(x, header_.data(), n);
        header_ = header_.subspan(n);
    }

    std::span<std::byte const> header_;
    std::byte const* from_;
};

} // namespace detail

template <Carried M>
outline outline_of(M const& m) {
    outline out;
    detail::outliner visit(out);
    if constexpr (std::is_trivially_copyable_v<M>)
        visit.numbers(m);
    else
        M::fields(m, visit);
    return out;
}

/// Copies the arrays of a message to device memory of outline_of(m).bytes, aligned to 16, in the order of the stream.
template <Carried M>
void pack(M const& m, std::byte* to) {
    if constexpr (!std::is_trivially_copyable_v<M>) {
        detail::packer visit(to);
        M::fields(m, visit);
    }
}

/// Makes m the message with this header and these arrays, in the order of the stream. `like` is one of the same round,
/// which knows what does not travel.
template <Carried M>
void unpack(std::span<std::byte const> header, std::byte const* arrays, M const& like, M& m) {
    if constexpr (requires { m.share(like); }) m.share(like);
    detail::unpacker visit(header, arrays);
    if constexpr (std::is_trivially_copyable_v<M>)
        visit.numbers(m);
    else
        M::fields(m, visit);
}

} // namespace terse::nccl
