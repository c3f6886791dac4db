// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/methods.hpp>

#include <algorithm>
#include <initializer_list>
#include <iomanip>
#include <iostream>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>

#include <terse/error.hpp>
#include <terse/run/number_text.hpp>
#include <terse/run/record.hpp>
#include <terse/run/schedule_text.hpp>

#include <lab/drift_registry.hpp>
#include <lab/registry.hpp>

namespace lab {

namespace {

std::string text_of(terse::momentum_lr lr) { return lr == terse::momentum_lr::current ? "current" : "previous"; }
std::string text_of(terse::buffer_strategy b) {
    if (b == terse::buffer_strategy::average) return "average";
    return b == terse::buffer_strategy::reset ? "reset" : "maintain";
}
std::string text_of(std::string_view s) { return std::string(s); }
std::string text_of(terse::schedule const& s) { return to_text(s); }
std::string text_of(double x) { return terse::number_text(x); }
std::string text_of(std::uint64_t n) { return std::to_string(n); }

template <class O>
named_texts defaults_of(O const& o) {
    named_texts list;
    auto const add = [&](char const* option, auto const& value) { list.emplace_back(option, text_of(value)); };
    if constexpr (requires { o.beta; }) add("--beta", o.beta);
    if constexpr (requires { o.rho; }) add("--beta", o.rho);
    if constexpr (requires { o.lambda; }) add("--lambda", o.lambda);
    if constexpr (requires { o.lr; }) add("--momentum-lr", o.lr);
    if constexpr (requires { o.period; }) add("--period", std::uint64_t{o.period});
    if constexpr (requires { o.inner_lr; }) list.emplace_back("--inner-lr", "as the learning rate");
    if constexpr (requires { o.strong_convexity; }) add("--strong-convexity", o.strong_convexity);
    if constexpr (requires { o.weight; }) add("--weight", o.weight);
    if constexpr (requires { o.block; })
        list.emplace_back("--block",
                          o.block == std::numeric_limits<std::size_t>::max() ? "all" : std::to_string(o.block));
    if constexpr (requires { o.outer_beta; }) add("--outer-beta", o.outer_beta);
    if constexpr (requires { o.alpha; }) add("--alpha", o.alpha);
    if constexpr (requires { o.pull; }) add("--pull", o.pull);
    if constexpr (requires { o.zeta; }) add("--zeta", o.zeta);
    if constexpr (requires { o.buffers; }) add("--buffers", o.buffers);
    if constexpr (requires { o.block_averaging; }) list.emplace_back("--block-averaging", "no");
    if constexpr (requires { o.topology; }) add("--topology", o.topology);
    if constexpr (requires { o.rank; }) add("--rank", o.rank);
    if constexpr (requires { o.table; }) {
        add("--rows", o.table.rows);
        add("--columns", o.table.columns);
    }
    if constexpr (requires { o.candidates; }) add("--candidates", o.candidates);
    return list;
}

bool counts(std::string_view compressor) { // what it sends
    return compressor == "top_k" || compressor == "sampled_top_k" || compressor == "random_k" ||
           compressor == "random_block" || compressor == "sketched_top_k" || compressor == "fetch_top_k";
}

template <class Row>
method_info info_of(Row const& row) {
    auto const text = [](std::string_view s) { return std::string(s); };
    method_info m;
    m.name = row.name;
    m.compressor = row.compressor;
    m.what = row.what;
    m.source = row.source;
    m.defaults = defaults_of(row.options);
    if constexpr (requires { Row::brings_compressor; }) {
        m.takes_compressor = !Row::brings_compressor;
        m.axes = {{"momentum", text(row.momentum)}, {"feedback", text(row.feedback)}, {"downlink", text(row.downlink)}};
    } else {
        m.takes_compressor = !row.compressor.empty();
        m.drifts = true;
        m.axes = {{"step", text(row.step)}, {"mixing", text(row.mixing)}, {"outer", text(row.outer)}};
        if (Row::resets_errors)
            m.defaults.emplace(m.defaults.begin(), "--ratio1", text_of(terse::cser_options{}.ratio1));
    }
    if (counts(m.compressor)) m.defaults.emplace(m.defaults.begin(), "--ratio", text_of(terse::top_k{}.ratio));
    return m;
}

} // namespace

std::vector<method_info> const& methods() {
    static auto const list = [] {
        std::vector<method_info> all;
        auto const add = [&](auto const&... row) { (all.push_back(info_of(row)), ...); };
        std::apply(add, registry);
        std::apply(add, drift_registry);
        return all;
    }();
    return list;
}

method_info const& find_method(std::string_view name) {
    auto const& all = methods();
    auto const at = std::ranges::find(all, name, &method_info::name);
    if (at != all.end()) return *at;
    std::string names;
    for (auto const& m : all) names += " " + m.name;
    throw terse::configuration_error("there is no method \"" + std::string(name) + "\"; there are:" + names);
}

bool takes(method_info const& m, std::string_view option) {
    return std::ranges::any_of(m.defaults, [&](auto const& d) { return d.first == option; });
}

named_texts chosen_options(method_settings const& s) {
    named_texts list;
    auto const add = [&](char const* option, auto const& value) {
        if (value) list.emplace_back(option, text_of(*value));
    };
    add("--beta", s.beta);
    add("--lambda", s.lambda);
    add("--momentum-lr", s.momentum_lr);
    add("--period", s.period);
    add("--inner-lr", s.inner_lr);
    add("--strong-convexity", s.strong_convexity);
    add("--weight", s.weight);
    add("--outer-beta", s.outer_beta);
    add("--alpha", s.alpha);
    add("--pull", s.pull);
    add("--zeta", s.zeta);
    add("--buffers", s.buffers);
    if (s.block_averaging) list.emplace_back("--block-averaging", "");
    add("--topology", s.topology);
    add("--rank", s.rank);
    add("--rows", s.rows);
    add("--columns", s.columns);
    add("--candidates", s.candidates);
    return list;
}

std::optional<std::string> topology_of(method_settings const& s) {
    auto const& defaults = find_method(s.name).defaults;
    auto const at = std::ranges::find(defaults, "--topology", [](auto const& d) { return d.first; });
    if (at == defaults.end()) return std::nullopt;
    return s.topology.value_or(at->second);
}

std::string const& compressor_of(method_info const& m, method_settings const& s) {
    return m.takes_compressor && !s.compressor.name.empty() ? s.compressor.name : m.compressor;
}

bool sends_entries(method_info const& m, method_settings const& s) { return counts(compressor_of(m, s)); }

std::vector<std::string> unused_options(method_settings const& s) {
    auto const& m = find_method(s.name);
    auto const& c = s.compressor;
    std::vector<std::string> unused;
    for (auto const& [option, value] : chosen_options(s))
        if (!takes(m, option)) unused.push_back(option);
    bool const entries = sends_entries(m, s);
    if (c.k != 0 && !entries) unused.emplace_back("--k");
    if (c.k1 != 0 && !(entries && takes(m, "--ratio1"))) unused.emplace_back("--k1");
    if (c.ratio1 && !(entries && takes(m, "--ratio1"))) unused.emplace_back("--ratio1");
    if (m.takes_compressor) return unused;
    if (!c.name.empty()) unused.emplace_back("--compressor");
    if (c.block) unused.emplace_back("--block");
    if (c.per_layer && m.compressor != "shared_terngrad") unused.emplace_back("--per-layer");
    if (c.values != terse::wire::precision::full) unused.emplace_back("--values");
    return unused;
}

void print_methods(bool json) {
    if (json) {
        for (auto const& m : methods()) {
            terse::fields line{{"name", m.name}, {"what", m.what}};
            if (!m.compressor.empty()) line.emplace_back("compressor", m.compressor);
            for (auto const& [axis, value] : m.axes) line.emplace_back(axis, value);
            for (auto const& [option, value] : m.defaults) line.emplace_back(option.substr(2), value);
            line.emplace_back("source", m.source);
            std::cout << terse::json_line(line) << '\n';
        }
        return;
    }
    std::cout
        << "A method is what is sent (compressor), where momentum lives, and what becomes of what was not sent\n"
           "(feedback). Where every worker has a model of its own, it is the step that a worker takes, how models "
           "come\n"
           "together (mixing), and what is made of their mean (outer rule). --compressor replaces the compressor of\n"
           "any that has one, but for power_sgd_momentum, shared_terngrad_sgd, sketched_sgd and fetch_sgd.\n";
    for (auto const& m : methods()) {
        std::cout << '\n' << std::left << std::setw(21) << m.name << m.what << '\n';
        auto const line = [](char const* key, std::string const& value) {
            std::cout << "    " << std::left << std::setw(11) << key << value << '\n';
        };
        auto const axes = [](std::initializer_list<std::string_view> words) {
            std::string text;
            for (auto const w : words) text.append(w);
            return text;
        };
        auto const& [first, second, third] = std::tie(m.axes[0].second, m.axes[1].second, m.axes[2].second);
        if (m.drifts) {
            line("axes",
                 axes({first, " step x ", second, " x ", third == "none" ? std::string_view("no outer rule") : third}));
            if (!m.compressor.empty()) line("compressor", m.compressor);
        } else {
            line("axes", axes({m.compressor, " x ", first, " momentum x ", second, " feedback"}));
            line("downlink", third);
        }
        std::string defaults;
        for (auto const& [option, value] : m.defaults) defaults.append(option).append(" ").append(value).append("  ");
        line("defaults", defaults.empty() ? "-" : defaults.substr(0, defaults.size() - 2));
        line("source", m.source);
    }
}

} // namespace lab
