// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/view.hpp>
#include <terse/cluster/compute_time.hpp>
#include <terse/cluster/network.hpp>
#include <terse/context.hpp>
#include <terse/error.hpp>
#include <terse/wire/header.hpp>

namespace terse {

/// Asynchronous SGD, the baseline to which backup workers are compared: each worker takes a gradient at the model that
/// it has, the server applies it when it comes, w <- w - lr g_k, and the worker gets the new model. In simulated time;
/// who comes first is a pure function of the seed. One model is kept for each worker: the one that it works on.
template <class B, class T>
class asynchronous {
public:
    /// Trains w, which stays the user's memory. Of the network, the links count. Throws configuration_error.
    asynchronous(std::uint32_t workers, compute_time compute, network net, view<B, T> w, std::uint64_t seed = 0)
        : compute_(std::move(compute)), network_(std::move(net)), seed_(seed), w_(w), gradient_(w.size()),
          workers_(workers) {
        if (workers == 0) throw configuration_error("asynchronous: there must be at least one worker");
        if (w.size() == 0) throw dimension_error("asynchronous: the model is empty");
        compute_.validate();
        network_.validate(workers);
        for (std::uint32_t k = 0; k < workers; ++k) {
            workers_[k].model.resize(w.size());
            fetch(k, 0);
        }
    }

    /// The next gradient that arrives; `at.round` is how many this worker has sent before. If the gradient throws or
    /// has a NaN or an infinity (non_finite_error), nothing has changed. Returns the worker.
    template <class G>
    std::uint32_t step(double lr, G&& gradient) {
        if (!(lr > 0 && std::isfinite(lr)))
            throw configuration_error("step: the learning rate must be positive and finite");
        std::uint32_t first = 0;
        for (std::uint32_t k = 1; k < workers_.size(); ++k)
            if (workers_[k].arrives < workers_[first].arrives) first = k; // ties go to the lower number
        auto& own = workers_[first];
        view<B, T const> const x = own.model;
        view<B, T> const g = gradient_;
        gradient(context(first), x, g);
        if (auto const i = B::first_non_finite(view<B, T const>(g)); i < g.size())
            throw non_finite_error(first, own.sent, i);
        B::axpy(static_cast<T>(-lr), view<B, T const>(g), w_);
        staleness_ = updates_ - own.version;
        ++updates_;
        ++own.sent;
        now_ = std::max(now_, own.arrives) + network_.server.seconds(bytes()); // one after the other
        fetch(first, now_ + network_.server.seconds(bytes()) + network_.link_of(first).seconds(bytes()));
        return first;
    }

    view<B, T const> w() const { return w_; }
    std::uint64_t updates() const { return updates_; }
    double now() const { return now_; }                    ///< simulated seconds
    std::uint64_t staleness() const { return staleness_; } ///< updates between reading and applying, of the last step
    std::uint64_t bytes_moved() const { return 2 * updates_ * static_cast<std::uint64_t>(bytes()); } ///< up and down

    template <class A>
    void state(A& archive) {
        archive("w", w_);
        archive("updates", updates_);
        archive("now", now_);
        archive("staleness", staleness_);
        for (auto& k : workers_) {
            archive("model of a worker", k.model);
            archive("version", k.version);
            archive("gradients sent", k.sent);
            archive("arrival", k.arrives);
        }
    }

private:
    struct worker {
        buffer<B, T> model;
        std::uint64_t version = 0; ///< updates that are in it
        std::uint64_t sent = 0;
        double arrives = 0; ///< when its gradient is at the server
    };

    worker_context context(std::uint32_t k) const {
        return {seed_, workers_[k].sent, k, static_cast<std::uint32_t>(workers_.size())};
    }
    double bytes() const { return static_cast<double>(wire::header_bytes + w_.size() * sizeof(T)); }
    void fetch(std::uint32_t k, double when) {
        B::copy(view<B, T const>(w_), view<B, T>(workers_[k].model));
        workers_[k].version = updates_;
        workers_[k].arrives = when + compute_.seconds(context(k)) + network_.link_of(k).seconds(bytes());
    }

    compute_time compute_;
    network network_;
    std::uint64_t seed_;
    view<B, T> w_;
    buffer<B, T> gradient_;
    std::vector<worker> workers_;
    std::uint64_t updates_ = 0;
    std::uint64_t staleness_ = 0;
    double now_ = 0;
};

} // namespace terse
