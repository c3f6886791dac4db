// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <terse/cluster/attendance.hpp>
#include <terse/cluster/simulated_clock.hpp>
#include <terse/cluster/traffic.hpp>
#include <terse/cluster/unreliable.hpp>
#include <terse/context.hpp>
#include <terse/layout.hpp>
#include <terse/loop/health.hpp>
#include <terse/run/worker_change.hpp>

#include <lab/settings.hpp>

namespace lab {

/// A worker's gradient at x, written to g.
template <class T>
using gradient_function = std::function<void(terse::worker_context, std::span<T const> x, std::span<T> g)>;

/// The last round of a run, for a clock.
struct round_report {
    std::uint64_t round = 0;
    terse::bytes_moved moved;
    std::span<std::uint64_t const> sent;            ///< bytes of each worker's message; empty where all sent the same
    std::span<terse::attendance const> attendances; ///< empty if everyone counts
    std::uint32_t gradients = 1;                    ///< of each worker
};

/// A run of a method that was chosen at run time.
template <class T>
class engine {
public:
    engine() = default;
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;
    virtual ~engine() = default;

    virtual void step(double lr, gradient_function<T> const& gradient) = 0;
    /// The model: w, or the mean of the models where every worker has one. As the next three, for all ranks to call.
    virtual void output(std::span<T> out) const = 0;
    /// w without the mean residual. Throws configuration_error where every worker has a model.
    virtual void corrected(std::span<T> out) const = 0;
    /// use(k, x_k) on the first rank, k = 0 .. workers - 1. Throws configuration_error where there is one model.
    virtual void models(std::function<void(std::uint32_t, std::span<T const>)> const& use) = 0;
    virtual terse::traffic_account const& traffic() const = 0;
    virtual void measure_health() = 0;
    virtual terse::health health() const = 0;
    virtual std::uint64_t round() const = 0;
    /// Of the last step, where the messages come together; valid until the next.
    virtual round_report last_round() const = 0;
    /// To a file and back, see terse/run/checkpoint.hpp; with the clock, if there is one.
    virtual void save(std::string const& file, std::string const& label, terse::simulated_clock* clock) = 0;
    virtual void load(std::string const& file, std::string const& label, terse::worker_change change,
                      terse::simulated_clock* clock) = 0;
};

struct cluster_settings {
    std::uint32_t workers = 1;
    unsigned threads = 1;
    std::uint64_t seed = 1;
    std::optional<terse::unreliable> faults{}; ///< of methods on one model, in one process
};

/// Starts a run that trains w, which must outlive it. `layers` is the layout of w, if it has one.
template <class T>
std::unique_ptr<engine<T>> start(method_settings const& method, cluster_settings const& cluster, std::span<T> w,
                                 terse::layout const& layers = {});

extern template std::unique_ptr<engine<float>> start(method_settings const&, cluster_settings const&, std::span<float>,
                                                     terse::layout const&);
extern template std::unique_ptr<engine<double>> start(method_settings const&, cluster_settings const&,
                                                      std::span<double>, terse::layout const&);

/// The same for the methods of drift_registry.hpp, which are compiled apart; null for any other.
template <class T>
std::unique_ptr<engine<T>> start_drift(method_settings const& method, cluster_settings const& cluster, std::span<T> w,
                                       terse::layout const& layers);

extern template std::unique_ptr<engine<float>> start_drift(method_settings const&, cluster_settings const&,
                                                           std::span<float>, terse::layout const&);
extern template std::unique_ptr<engine<double>> start_drift(method_settings const&, cluster_settings const&,
                                                            std::span<double>, terse::layout const&);

} // namespace lab
