// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <terse/backend/buffer.hpp>
#include <terse/backend/cuda/accumulate.cuh>
#include <terse/backend/cuda/at_once.cuh>
#include <terse/backend/cuda/signs.cuh>
#include <terse/backend/cuda/sum_signs.cuh>
#include <terse/backend/scratch.hpp>
#include <terse/backend/sign_take.hpp>

namespace terse {

/// Of kernel_verbs, those of signs.
template <class Launch, class Device>
class sign_verbs {
    using device = Device;

public:
    template <class T>
    static double pack_signs(view<device, T> x, view<device, std::uint64_t> words) {
        using number = std::remove_const_t<T>;
        kernel::signs_of<device, kernel::unchanged<number>> const one{{x.data()}, words};
        buffer<device, double> sums(kernel::blocks_in_order(x.size()));
        return kernel::take_signs<number>(Launch{}, std::span(&one, 1), x.size(), view<device, double>(sums)).front();
    }
    /// For several workers, in as many launches as for one, with one wait; what it returns is one sum for each. Throws
    /// dimension_error, before anything is started, if their vectors are not equally long, or there are other than d /
    /// 64 words for one.
    template <class T>
    static std::vector<double> pack_signs(std::span<sign_packing<device, T> const> all, scratch<device>& temporary) {
        if (all.empty()) return {};
        auto const d = all.front().x.size();
        for (std::size_t i = 0; i < all.size(); ++i) {
            kernel::of_those_at_once const worker{"pack_signs", i};
            worker.must_have(d, "coordinates", all[i].x.size());
            worker.must_have((d + 63) / 64, "words", all[i].words.size());
        }
        return take_all<T>(all, d, temporary, [](auto const& t) { return kernel::unchanged<T>{t.x.data()}; });
    }
    template <class T>
    static double accumulate_signs(std::type_identity_t<T> a, input<device, T> x, std::type_identity_t<T> scale,
                                   std::type_identity_t<T> b, view<device, T> e, view<device, std::uint64_t> words,
                                   scratch<device>& temporary) {
        sign_take<device, T> const one{a, x, scale, b, e, words};
        return accumulate_signs(std::span(&one, 1), temporary).front();
    }
    /// For several workers, as above.
    template <class T>
    static std::vector<double> accumulate_signs(std::span<sign_take<device, T> const> all, scratch<device>& temporary) {
        if (all.empty()) return {};
        auto const d = all.front().e.size();
        bool resumes = false;
        for (std::size_t i = 0; i < all.size(); ++i) {
            kernel::of_those_at_once const worker{"accumulate_signs", i};
            worker.must_have(d, "coordinates", all[i].e.size());
            worker.must_have(d, "numbers to add", all[i].x.size());
            worker.must_have((d + 63) / 64, "words", all[i].words.size());
            resumes = resumes || all[i].scale != T(0);
        }
        if (!resumes)
            return take_all<T>(all, d, temporary, [](auto const& t) {
                return kernel::accumulated<T>{t.a, t.x.data(), t.b, t.e.data()};
            });
        return take_all<T>(all, d, temporary, [](auto const& t) { // a scale of 0 takes nothing off
            return kernel::resumed<T>{t.a, t.x.data(), t.scale, t.b, t.e.data()};
        });
    }
    template <class T>
    static void sum_signs(std::span<signed_by<device, T> const> terms, std::type_identity_t<T> a, view<device, T> y) {
        kernel::sum_signs<T>(Launch{}, terms, a, y);
    }
    template <class T>
    static void subtract_signs(std::type_identity_t<T> scale, view<device, T> e) {
        sign_subtraction<device, T> const one{scale, e};
        subtract_signs(std::span(&one, 1));
    }
    /// For several workers, in as many launches as for one. Throws dimension_error, before anything is started, if
    /// their vectors are not equally long.
    template <class T>
    static void subtract_signs(std::span<sign_subtraction<device, T> const> all) {
        if (all.empty()) return;
        auto const d = all.front().e.size();
        std::vector<kernel::accumulate<T, kernel::less_signs<T>>> kernels;
        for (std::size_t i = 0; i < all.size(); ++i) {
            kernel::of_those_at_once{"subtract_signs", i}.must_have(d, "coordinates", all[i].e.size());
            kernels.push_back({{{all[i].scale}, all[i].e.data()}, d, nullptr});
        }
        if (d > 0) Launch{}(std::span(std::as_const(kernels)), kernel::tile<T>::count(d));
    }

private:
    template <class T, class Take, class SourceOf>
    static std::vector<double> take_all(std::span<Take const> all, std::size_t d, scratch<device>& temporary,
                                        SourceOf source_of) {
        typename scratch<device>::scope const scope(temporary);
        auto const sums = temporary.template take<double>(all.size() * kernel::blocks_in_order(d));
        std::vector<kernel::signs_of<device, decltype(source_of(all.front()))>> sources;
        for (auto const& t : all) sources.push_back({source_of(t), t.words});
        return kernel::take_signs<T>(Launch{}, std::span(std::as_const(sources)), d, sums);
    }
};

} // namespace terse
