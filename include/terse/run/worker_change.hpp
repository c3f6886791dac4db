// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <terse/run/archive.hpp>

namespace terse {

/// What becomes of the residuals and momenta of N workers when a saved run goes on with M others. All but `reset` keep
/// their mean, and with it corrected().
enum class worker_change {
    refuse,  ///< another number of workers is an error
    sum,     ///< the first worker gets M/N times the sum, the others zero
    average, ///< each worker gets the mean
    reset    ///< each worker gets zero
};

namespace detail {

/// Adds the vectors of a saved worker to those of another. Whatever else a worker has must be the same in all of them.
class state_adder {
public:
    static constexpr bool reads = true;

    state_adder(std::span<std::byte const> saved, std::size_t dimension, bool first)
        : saved_(saved, dimension), first_(first) {}
    bool dry() const { return false; }

    template <Stored X>
    void operator()(std::string_view name, X& x) {
        same(name, x);
    }
    void operator()(std::string_view name, std::string& x) { same(name, x); }
    template <class T>
    void operator()(std::string_view name, view<cpu, T> x) {
        std::vector<T> found(x.size());
        saved_(name, view<cpu, T>(found.data(), found.size()));
        for (std::size_t i = 0; i < x.size(); ++i) {
            if constexpr (std::floating_point<T>)
                x[i] = first_ ? found[i] : x[i] + found[i];
            else
                agree(name, x[i], found[i]);
        }
    }
    template <class B, class T>
    void operator()(std::string_view name, view<B, T> x) {
        auto host = on_host(x);
        (*this)(name, view<cpu, T>(host.data(), host.size()));
        B::upload(host, x);
    }
    template <class B, class T>
    void operator()(std::string_view name, buffer<B, T>& x) {
        (*this)(name, view<B, T>(x));
    }
    template <class B, class T>
    void operator()(std::string_view name, update<B, T>&) {
        throw checkpoint_error(std::string(name), "cannot be dealt to another number of workers");
    }

private:
    template <class X>
    void same(std::string_view name, X& x) {
        X found{};
        saved_(name, found);
        agree(name, x, found);
    }
    template <class X>
    void agree(std::string_view name, X& x, X const& found) const {
        if (!first_ && found != x)
            throw checkpoint_error(std::string(name), "differs between workers, and is no vector of real numbers");
        x = found;
    }

    state_reader saved_;
    bool first_;
};

/// Multiplies the vectors of a worker.
struct state_scaler {
    static constexpr bool reads = true;
    double factor;

    bool dry() const { return false; }
    template <class X>
    void operator()(std::string_view, X&&) const {}
    template <class B, std::floating_point T>
    void operator()(std::string_view, view<B, T> x) const {
        B::scale(static_cast<T>(factor), x);
    }
    template <class B, std::floating_point T>
    void operator()(std::string_view name, buffer<B, T>& x) const {
        (*this)(name, view<B, T>(x));
    }
};

/// What M workers get of what N had: the sections of each. `fresh` is a worker as at the start.
template <class Worker>
std::vector<std::vector<std::byte>> deal(std::span<std::span<std::byte const> const> saved, std::size_t workers,
                                         worker_change change, std::size_t dimension, Worker fresh) {
    auto const bytes_of = [](Worker& worker) {
        state_writer out;
        worker.state(out);
        return out.bytes();
    };
    std::vector<std::vector<std::byte>> dealt(workers, bytes_of(fresh));
    if (change == worker_change::reset) return dealt;
    auto& total = fresh;
    for (std::size_t k = 0; k < saved.size(); ++k) {
        state_adder add(saved[k], dimension, k == 0);
        total.state(add);
    }
    bool const sum = change == worker_change::sum;
    state_scaler scale{(sum ? static_cast<double>(workers) : 1.0) / static_cast<double>(saved.size())};
    total.state(scale);
    auto const bytes = bytes_of(total);
    for (std::size_t k = 0; k < (sum ? 1 : workers); ++k) dealt[k] = bytes;
    return dealt;
}

} // namespace detail

} // namespace terse
