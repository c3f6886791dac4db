// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <terse/compressor/concept.hpp>
#include <terse/testing/inputs.hpp>
#include <terse/wire/header.hpp>

namespace terse::testing {

/// Sentences about what is wrong: each law once, with the first thing that broke it.
struct violation_report {
    std::vector<std::string> violations;
    std::string about;

    void add(std::string const& law, std::string const& detail = "") {
        if (broken_.insert(law).second) violations.push_back(about + ": " + law + detail);
    }

private:
    std::set<std::string> broken_;
};

/// The mean of numbers and its standard error.
class average {
public:
    void add(double x) {
        double const step = x - mean_;
        mean_ += step / static_cast<double>(++n_);
        squares_ += step * (x - mean_);
    }
    std::uint64_t count() const { return n_; }
    double mean() const { return mean_; }
    double error() const {
        auto const n = static_cast<double>(n_);
        return n_ < 2 ? 0 : std::sqrt(squares_ / (n - 1) / n);
    }

private:
    std::uint64_t n_ = 0;
    double mean_ = 0;
    double squares_ = 0;
};

/// Equal, where +0 = -0, or both NaN.
template <class T>
bool alike(T a, T b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

/// A message, and what it does to vectors.
template <class C, class B, class T>
struct compressor_trial {
    message_of<C, B, T> out;
    scratch<B> temporary;
    std::vector<T> decoded;    ///< C(v)
    std::vector<bool> carries; ///< what clear_in clears
    std::string wrong;         ///< about the message as such; empty if nothing

    void compress(C const& c, std::vector<T> const& v, worker_context who) {
        context<B> at{who};
        at.temporary = &temporary;
        auto const in = to_backend<B>(v);
        c.compress(view<B, T const>(in), out, at);
        decode(v.size());
    }

    void decode(std::size_t d) {
        wrong.clear();
        decoded.assign(d, T(0));
        carries.assign(d, false);
        if (out.dimension() != d) {
            wrong = "dimension() is " + std::to_string(out.dimension());
            return;
        }
        decoded = changed(decoded, [&](view<B, T> y) { out.add_to(T(1), y); });
        auto const rest = changed(std::vector<T>(d, T(1)), [&](view<B, T> y) { out.clear_in(y); });
        for (std::size_t i = 0; i < d; ++i) {
            carries[i] = rest[i] == 0;
            if (rest[i] != 0 && rest[i] != 1) wrong = "clear_in() writes something else than zeros";
        }
    }

    /// How many coordinates it carries.
    std::size_t count() const { return static_cast<std::size_t>(std::count(carries.begin(), carries.end(), true)); }

    bool equals(compressor_trial const& other) const {
        return same_bits(decoded, other.decoded) && carries == other.carries && out.bytes() == other.out.bytes();
    }

    /// What holds for every message.
    void check_message(violation_report& report, bool finite) {
        auto const d = decoded.size();
        if (out.bytes() < wire::header_bytes || out.bytes() != out.bytes())
            report.add("bytes() is less than the header, or changes", ": " + std::to_string(out.bytes()));
        if (!(out.floats() >= 0 && std::isfinite(static_cast<double>(out.floats()))))
            report.add("floats() is no number of floats");
        if (!wrong.empty()) return report.add(wrong);
        for (std::size_t i = 0; i < d; ++i) {
            auto const place = " at " + std::to_string(i);
            if (finite && !std::isfinite(decoded[i])) return report.add("C(v) of a finite v is not finite", place);
            if (!carries[i] && !(decoded[i] == 0)) return report.add("clear_in() leaves what add_to() adds", place);
        }
        auto const y = normal_vector<T>(d, 3);
        for (T const a : {T(-1), T(2)}) {
            auto const sum = changed(y, [&](view<B, T> z) { out.add_to(a, z); });
            for (std::size_t i = 0; i < d; ++i)
                if (!alike(sum[i], carries[i] ? y[i] + a * decoded[i] : y[i]))
                    return report.add("add_to(a, y) is not y + a C(v)", " at " + std::to_string(i));
        }
        if (!wrong.empty()) report.add(wrong);
    }

private:
    // What f makes of y, which lies between guards that must stay as they are.
    template <class F>
    std::vector<T> changed(std::vector<T> const& y, F f) {
        constexpr std::size_t guard = 64;
        std::vector<T> padded(y.size() + 2 * guard, T(7));
        std::copy(y.begin(), y.end(), padded.begin() + guard);
        auto memory = to_backend<B>(padded);
        f(memory.part(guard, y.size()));
        padded = to_host(view<B, T const>(memory));
        for (std::size_t i = 0; i < guard; ++i)
            if (padded[i] != 7 || padded[padded.size() - 1 - i] != 7) wrong = "a message writes outside of its vector";
        return {padded.begin() + guard, padded.end() - guard};
    }
};

} // namespace terse::testing
