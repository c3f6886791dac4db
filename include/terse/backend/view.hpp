// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <type_traits>

namespace terse {

/// The number of a coordinate. Vectors may be longer than 2^32; on the wire 32 bits are used while they suffice.
using index_t = std::uint64_t;

/// Memory of the host. The verbs on it are in backend/cpu.hpp.
struct cpu;

/// n numbers of type T in the memory of backend B, not owned. Device memory is another type than host memory, so one
/// handed to the other's verbs does not compile. Only host views can be indexed.
template <class B, class T>
class view {
public:
    using backend = B;
    using element_type = T;
    using value_type = std::remove_const_t<T>;

    constexpr view() = default;
    constexpr view(T* data, std::size_t size) : data_(data), size_(size) {}

    /// A mutable view reads as a constant one.
    template <class U>
        requires std::same_as<T, U const>
    constexpr view(view<B, U> v) : data_(v.data()), size_(v.size()) {} // NOLINT(google-explicit-constructor)

    /// A host view is made from a std::span, and is a range that converts to one.
    constexpr view(std::span<T> s) // NOLINT(google-explicit-constructor)
        requires std::same_as<B, cpu> : data_(s.data()),
                                        size_(s.size()) {}

    constexpr T* data() const { return data_; }
    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }

    /// Numbers first, .., first + count - 1.
    constexpr view part(std::size_t first, std::size_t count) const { return {data_ + first, count}; }

    constexpr T& operator[](std::size_t i) const requires std::same_as<B, cpu> { return data_[i]; }
    constexpr T* begin() const requires std::same_as<B, cpu> { return data_; }
    constexpr T* end() const requires std::same_as<B, cpu> { return data_ + size_; }

private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace terse

template <class T>
inline constexpr bool std::ranges::enable_borrowed_range<terse::view<terse::cpu, T>> = true;

namespace terse {

/// A read-only argument. It is never deduced, so that vectors and mutable views convert.
template <class B, class T>
using input = std::type_identity_t<view<B, T const>>;

/// How a user's vector becomes a view: specialise it for a vector type that is not contiguous host memory.
/// It has `backend`, `scalar` and `static view<backend, scalar> of(V&)`.
template <class V>
struct vector_traits;

/// Contiguous host memory with data() and size(): std::vector, std::span, std::array, Eigen vectors and maps. Eigen
/// expressions with a stride are refused, because a copy of them would not be the user's memory.
template <class V>
concept HostVector = requires(V& v) {
    { *v.data() } -> std::convertible_to<double>;
    { v.size() } -> std::convertible_to<std::size_t>;
}
&&(
    !requires { V::InnerStrideAtCompileTime; } ||
    requires { requires V::InnerStrideAtCompileTime == 1 && bool(V::IsVectorAtCompileTime); });

template <class V>
    requires HostVector<V>
struct vector_traits<V> {
    using backend = cpu;
    using scalar = std::remove_pointer_t<decltype(std::declval<V&>().data())>;
    static view<cpu, scalar> of(V& v) { return {v.data(), static_cast<std::size_t>(v.size())}; }
};

template <class B, class T>
struct vector_traits<view<B, T>> {
    using backend = B;
    using scalar = T;
    static view<B, T> of(view<B, T> v) { return v; }
};
template <class B, class T>
struct vector_traits<view<B, T> const> : vector_traits<view<B, T>> {};

} // namespace terse
