// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <terse/backend/cuda/selection.cuh>
#include <terse/backend/thrust/policy.cuh>
#include <terse/backend/view.hpp>

namespace terse {

/// Whether what was taken is finite, which the device will know; to ask is to wait for it. Ask before the scratch is
/// used again.
template <class T>
class finite_later {
public:
    explicit finite_later(kernel::selection<T> const* from) : from_(from) {}

    operator bool() const { // NOLINT(google-explicit-constructor): as if it were one
        std::uint32_t bad = 0;
        if (from_ != nullptr) copy_to_host(&from_->taken_bad, 1, &bad);
        return bad == 0;
    }

private:
    kernel::selection<T> const* from_; ///< on the device; none if nothing was taken
};

/// The same of several workers, whose states are side by side.
template <class T>
class each_finite_later {
public:
    each_finite_later(kernel::selection<T> const* first, std::size_t n) : first_(first), n_(n) {}

    finite_later<T> operator[](std::size_t i) const {
        return finite_later<T>(first_ == nullptr ? nullptr : first_ + i);
    }
    /// Of all, for one wait.
    std::vector<bool> finite() const {
        std::vector<std::uint32_t> bad(n_, 0);
        if (first_ != nullptr) copy_to_host(&first_->taken_bad, sizeof *first_, n_, bad.data());
        std::vector<bool> each;
        for (auto const b : bad) each.push_back(b == 0);
        return each;
    }

private:
    kernel::selection<T> const* first_; ///< on the device; none if nothing was taken
    std::size_t n_;
};

/// The first coordinate of a vector that is not finite, or its size, which the device will know; as above.
template <class Device, class T>
class first_bad_later {
public:
    first_bad_later(view<Device, T> y, std::uint64_t const* bad) : y_(y), bad_(bad) {}

    operator std::size_t() const { // NOLINT(google-explicit-constructor)
        std::uint64_t found = 1;
        if (bad_ != nullptr) copy_to_host(bad_, 1, &found);
        return found == 0 ? y_.size() : Device::first_non_finite(view<Device, T const>(y_));
    }

private:
    view<Device, T> y_;
    std::uint64_t const* bad_; ///< on the device: not 0 if there is one; none if that is not known
};

/// The same of several vectors, whose bits are side by side.
template <class Device, class T>
class each_first_bad_later {
public:
    each_first_bad_later(std::vector<view<Device, T>> all, std::uint64_t const* bad)
        : all_(std::move(all)), bad_(bad) {}

    first_bad_later<Device, T> operator[](std::size_t i) const {
        return {all_[i], bad_ == nullptr ? nullptr : bad_ + i};
    }
    /// Of all, for one wait, and a search of each that has one.
    std::vector<std::size_t> found() const {
        std::vector<std::uint64_t> bad(all_.size(), 1);
        if (bad_ != nullptr) copy_to_host(bad_, bad.size(), bad.data());
        std::vector<std::size_t> each;
        for (std::size_t i = 0; i < bad.size(); ++i)
            each.push_back(bad[i] == 0 ? all_[i].size() : Device::first_non_finite(view<Device, T const>(all_[i])));
        return each;
    }

private:
    std::vector<view<Device, T>> all_;
    std::uint64_t const* bad_; ///< on the device; none if that is not known
};

/// A coordinate that the device will know, or that is known; as above.
class coordinate_later {
public:
    explicit coordinate_later(std::size_t known) : known_(known) {}
    explicit coordinate_later(std::uint64_t const* found) : found_(found) {}

    operator std::size_t() const { // NOLINT(google-explicit-constructor)
        std::uint64_t found = known_;
        if (found_ != nullptr) copy_to_host(found_, 1, &found);
        return found;
    }

private:
    std::size_t known_ = 0;
    std::uint64_t const* found_ = nullptr; ///< on the device
};

/// The same of several vectors: side by side on the device, or known.
class each_coordinate_later {
public:
    explicit each_coordinate_later(std::vector<std::size_t> known) : known_(std::move(known)), n_(known_.size()) {}
    each_coordinate_later(std::uint64_t const* first, std::size_t n) : first_(first), n_(n) {}

    coordinate_later operator[](std::size_t i) const {
        return first_ == nullptr ? coordinate_later(known_[i]) : coordinate_later(first_ + i);
    }
    /// All of them, for one wait.
    std::vector<std::size_t> found() const {
        if (first_ == nullptr) return known_;
        std::vector<std::uint64_t> found(n_);
        copy_to_host(first_, n_, found.data());
        return {found.begin(), found.end()};
    }

private:
    std::vector<std::size_t> known_;
    std::uint64_t const* first_ = nullptr; ///< on the device
    std::size_t n_;
};

} // namespace terse
