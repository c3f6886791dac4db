// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cmath>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include <terse/backend/accumulation.hpp>
#include <terse/backend/scaling.hpp>
#include <terse/backend/scratch.hpp>
#include <terse/backend/view.hpp>
#include <terse/context.hpp>
#include <terse/loop/contribution.hpp>
#include <terse/loop/figures.hpp>
#include <terse/loop/lockstep_round.hpp>

namespace terse {

/// The contributions of several workers of a lockstep run, which are looked at, clipped and decayed in as many launches
/// and waits as one would be, with the same bits. What goes wrong with some of them is kept until all are through.
template <class Method, class B, class T>
class joint_contributions {
public:
    using round = lockstep_round<Method, B, T>;
    using of_one = contribution<Method, B, T>;

    /// Whether the backend can.
    static constexpr bool possible =
        requires(std::span<view<B, T const> const> all, std::span<accumulation<B, T> const> sums,
                 std::span<scaling<B, T> const> scalings, scratch<B>& temporary) {
        B::finite(all, temporary);
        B::sum_of_squares_each(all, temporary);
        B::axpby_each(sums);
        B::scale_each(scalings);
    };

    /// For a wave of n workers, of whom nobody contributes yet.
    void begin(std::size_t n) {
        made_.assign(n, std::nullopt);
        failures_.assign(n, nullptr);
    }
    /// f(), whose failure is the i-th worker's, unless that has failed before.
    template <class F>
    void attempt(std::size_t i, F f) {
        try {
            f();
        } catch (...) {
            if (!failures_[i]) failures_[i] = std::current_exception();
        }
    }
    bool failed(std::size_t i) const { return failures_[i] != nullptr; }
    void rethrow(std::size_t i) const {
        if (failed(i)) std::rethrow_exception(failures_[i]);
    }

    /// The i-th is worker `at`, whose contribution g is made, and measured later if there are figures. For different i
    /// at the same time too.
    template <class G>
    void make(round const& now, std::size_t i, worker_context at, view<B, T const> e, view<B, T> g, bool look,
              worker_figures* figures, thread_memory<B, T>& memory, G& gradient) {
        attempt(i, [&] {
            auto const x = of_one::make(now, at, e, g, memory, gradient);
            if (!together(now)) of_one::adjust(now, at, x, g, look);
            made_[i] = part{i, at, g, figures};
        });
    }
    /// What is left to do for all of them; if asked to look, before that for what is not finite.
    void finish(round const& now, bool look, scratch<B>& temporary) {
        parts_.clear();
        for (auto const& p : made_)
            if (p) parts_.push_back(*p);
        if (parts_.empty()) return;
        attempt(parts_.front().i, [&] {
            if (together(now)) {
                if (now.method.clip.is_on())
                    measure_and_look(now, look, temporary);
                else if (look)
                    look_only(temporary);
                adjust(now);
            }
            if (now.measures) measure(temporary);
        });
    }

private:
    struct part {
        std::size_t i;
        worker_context at;
        view<B, T> g;
        worker_figures* figures;
        T factor = 1; ///< of clipping
    };

    // A decay needs the point, which is gone when the thread makes the next contribution.
    static bool together(round const& now) { return !of_one::moves || !now.method.decay.couples(); }

    std::vector<view<B, T const>> vectors() const {
        std::vector<view<B, T const>> all;
        for (auto const& p : parts_) all.push_back(p.g);
        return all;
    }
    std::vector<double> squares(scratch<B>& temporary) const {
        auto const all = vectors();
        return B::sum_of_squares_each(std::span<view<B, T const> const>(all), temporary);
    }

    void look_only(scratch<B>& temporary) {
        auto const all = vectors();
        auto const finite = B::finite(std::span<view<B, T const> const>(all), temporary);
        for (std::size_t j = 0; j < parts_.size(); ++j)
            if (!finite[j]) require_finite(parts_[j]);
        drop_failed();
    }
    // The sum of the squares tells of NaN and infinity too; it may be infinite of itself.
    void measure_and_look(round const& now, bool look, scratch<B>& temporary) {
        auto const& clip = now.method.clip;
        auto const sums = squares(temporary);
        for (std::size_t j = 0; j < parts_.size(); ++j) {
            auto& p = parts_[j];
            if (look && !std::isfinite(sums[j])) require_finite(p);
            if (failed(p.i)) continue;
            if (clip.template overflows<T>(sums[j]))
                clip.rescale(p.g, p.at.workers);
            else
                p.factor = clip.template factor<T>(sums[j], p.at.workers);
        }
        drop_failed();
    }
    void require_finite(part const& p) {
        attempt(p.i, [&] { of_one::require_finite(p.at, p.g); });
    }
    void drop_failed() {
        std::erase_if(parts_, [&](part const& p) { return failed(p.i); });
    }

    // g <- factor g + rate w
    void adjust(round const& now) const {
        if (now.method.decay.couples()) {
            std::vector<accumulation<B, T>> sums;
            for (auto const& p : parts_) sums.push_back({static_cast<T>(now.method.decay.rate), now.w, p.factor, p.g});
            B::axpby_each(std::span<accumulation<B, T> const>(sums));
        } else {
            std::vector<scaling<B, T>> scalings;
            for (auto const& p : parts_)
                if (p.factor != T(1)) scalings.push_back({p.factor, p.g});
            B::scale_each(std::span<scaling<B, T> const>(scalings));
        }
    }
    void measure(scratch<B>& temporary) {
        auto const sums = squares(temporary);
        for (std::size_t j = 0; j < parts_.size(); ++j) parts_[j].figures->gradient_squared = sums[j];
    }

    std::vector<std::optional<part>> made_;
    std::vector<part> parts_; ///< those made that have not failed
    std::vector<std::exception_ptr> failures_;
};

} // namespace terse
