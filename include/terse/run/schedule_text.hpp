// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <terse/error.hpp>
#include <terse/run/number_text.hpp>
#include <terse/run/schedule.hpp>

namespace terse {

namespace detail {

inline char const* shape_name(schedule::shape s) {
    switch (s) {
    case schedule::shape::steps:
        return "steps";
    case schedule::shape::cosine:
        return "cosine";
    case schedule::shape::linear:
        return "linear";
    case schedule::shape::exponential:
        return "exponential";
    case schedule::shape::ramp:
        return "dgc_ramp";
    case schedule::shape::constant:
        break;
    }
    return "constant";
}

/// One `name(number, number, ..)` or one bare number, read from the front of a text.
class schedule_reader {
public:
    explicit schedule_reader(std::string_view text) : whole_(text), rest_(text) {}

    /// What stands before "(": empty for a bare number, which is then the only argument.
    std::string_view call() {
        arguments.clear();
        auto const n = std::min(rest_.find_first_of("(,) +"), rest_.size());
        if (n == rest_.size() || rest_[n] != '(') {
            arguments.push_back(number());
            return {};
        }
        auto const name = rest_.substr(0, n);
        rest_.remove_prefix(n);
        do {
            rest_.remove_prefix(1);
            skip_blanks();
            arguments.push_back(number());
            skip_blanks();
        } while (!rest_.empty() && rest_.front() == ',');
        if (rest_.empty() || rest_.front() != ')') fail("',' or ')' expected");
        rest_.remove_prefix(1);
        return name;
    }
    bool skip(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    void skip_blanks() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    bool at_end() const { return rest_.empty(); }

    void want(std::size_t least, std::size_t most) const {
        if (arguments.size() < least || arguments.size() > most) fail("wrong number of arguments");
    }
    /// Argument i as a number of rounds.
    std::uint64_t rounds(std::size_t i) const {
        double const x = arguments[i];
        if (!(x >= 0 && x <= 0x1p53) || x != std::floor(x)) fail("rounds are whole numbers");
        return static_cast<std::uint64_t>(x);
    }
    [[noreturn]] void fail(std::string const& what) const {
        throw configuration_error("schedule \"" + std::string(whole_) + "\": " + what +
                                  "; examples: 0.9, steps(0.1, 0.1, 1000, 1500), cosine(0.1, 0, 2000), "
                                  "linear(0, 0.9, 100), exponential(0.1, 0.001, 500), dgc_ramp(0.001, 4, 250), "
                                  "cosine(0.1, 0, 2000) after linear(0.01, 50)");
    }

    std::vector<double> arguments;

private:
    double number() {
        double value = 0;
        auto const [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (code != std::errc{} || !std::isfinite(value)) fail("a finite number expected");
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }

    std::string_view whole_;
    std::string_view rest_;
};

} // namespace detail

/// A schedule as text: `0.9`, `steps(value, factor, round, ..)`, `cosine(from, to, rounds)`, likewise linear and
/// exponential, `dgc_ramp(ratio, epochs, rounds)`; with a warm-up ` after linear(from, rounds)` or exponential.
inline std::string to_text(schedule const& s) {
    using enum schedule::shape;
    auto const n = [](auto x) { return number_text(x); };
    std::string text = n(s.first);
    if (s.kind == steps) {
        text = "steps(" + text + ", " + n(s.last);
        for (std::size_t i = 0; i < s.steps_count; ++i) text += ", " + n(s.milestones[i]);
        text += ")";
    } else if (s.kind == ramp) {
        text = "dgc_ramp(" + n(s.last) + ", " + n(s.steps_count) + ", " + n(s.rounds) + ")";
    } else if (s.kind != constant) {
        text = std::string(detail::shape_name(s.kind)) + "(" + text + ", " + n(s.last) + ", " + n(s.rounds) + ")";
    }
    if (s.warm_up_kind != constant)
        text += std::string(" after ") + detail::shape_name(s.warm_up_kind) + "(" + n(s.warm_up_first) + ", " +
                n(s.warm_up_rounds) + ")";
    return text;
}

/// The schedule that to_text wrote: parse_schedule(to_text(s)) == s for every s of the makers. Throws
/// configuration_error.
inline schedule parse_schedule(std::string_view text) {
    detail::schedule_reader in(text);
    in.skip_blanks();
    auto const& a = in.arguments;
    auto const name = in.call();
    schedule s;
    if (name.empty() || name == "constant") {
        in.want(1, 1);
        s = schedule(a[0]);
    } else if (name == "steps") {
        in.want(2, 2 + s.milestones.size());
        s = schedule::steps(a[0], a[1], {});
        s.steps_count = a.size() - 2;
        for (std::size_t i = 2; i < a.size(); ++i) s.milestones[i - 2] = in.rounds(i);
        if (!std::is_sorted(a.begin() + 2, a.end())) in.fail("the rounds of the steps must ascend");
    } else if (name == "dgc_ramp") {
        in.want(3, 3);
        s = schedule::dgc_ramp(a[0], in.rounds(1), in.rounds(2));
    } else {
        in.want(3, 3);
        if (name == "cosine")
            s = schedule::cosine(a[0], a[1], in.rounds(2));
        else if (name == "linear")
            s = schedule::linear(a[0], a[1], in.rounds(2));
        else if (name == "exponential")
            s = schedule::exponential(a[0], a[1], in.rounds(2));
        else
            in.fail("there is no shape \"" + std::string(name) + "\"");
    }
    in.skip_blanks();
    if (in.skip("after ")) {
        in.skip_blanks();
        auto const warm_up = in.call();
        in.want(2, 2);
        if (warm_up != "linear" && warm_up != "exponential") in.fail("a warm-up is linear or exponential");
        s = s.warmed_up(warm_up == "linear" ? schedule::shape::linear : schedule::shape::exponential, a[0],
                        in.rounds(1));
        in.skip_blanks();
    }
    if (!in.at_end()) in.fail("nothing more expected");
    return s;
}

} // namespace terse
