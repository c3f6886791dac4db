// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/methods.hpp>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <limits>

#include <terse/error.hpp>
#include <terse/run/record.hpp>
#include <terse/run/schedule_text.hpp>

#include <lab/registry.hpp>

namespace lab {

namespace {

template <class O>
std::vector<std::pair<std::string, std::string>> defaults_of(O const& o, bool counts) {
    std::vector<std::pair<std::string, std::string>> list;
    if (counts) list.emplace_back("--ratio", to_text(terse::top_k{}.ratio));
    if constexpr (requires { o.beta; }) list.emplace_back("--beta", to_text(o.beta));
    if constexpr (requires { o.lambda; }) list.emplace_back("--lambda", to_text(o.lambda));
    if constexpr (requires { o.lr; })
        list.emplace_back("--momentum-lr", o.lr == terse::momentum_lr::current ? "current" : "previous");
    if constexpr (requires { o.period; }) list.emplace_back("--period", std::to_string(o.period));
    if constexpr (requires { o.block; })
        list.emplace_back("--block",
                          o.block == std::numeric_limits<std::size_t>::max() ? "all" : std::to_string(o.block));
    return list;
}

bool has(method_info const& m, std::string_view option) {
    return std::ranges::any_of(m.defaults, [&](auto const& d) { return d.first == option; });
}

} // namespace

std::vector<method_info> const& methods() {
    static auto const list = std::apply(
        [](auto const&... row) {
            auto const text = [](std::string_view s) { return std::string(s); };
            return std::vector<method_info>{{text(row.name), text(row.compressor), text(row.momentum),
                                             text(row.feedback), text(row.downlink), text(row.what), text(row.source),
                                             defaults_of(row.options, row.compressor == "top_k")}...};
        },
        registry);
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

std::vector<std::string> unused_options(method_settings const& s) {
    auto const& m = find_method(s.name);
    std::vector<std::string> unused;
    if (s.beta && !has(m, "--beta")) unused.emplace_back("--beta");
    if (s.lambda && !has(m, "--lambda")) unused.emplace_back("--lambda");
    if (s.momentum_lr && !has(m, "--momentum-lr")) unused.emplace_back("--momentum-lr");
    if (s.period && !has(m, "--period")) unused.emplace_back("--period");
    auto const& c = s.compressor.name.empty() ? m.compressor : s.compressor.name;
    bool const counts = c == "top_k" || c == "sampled_top_k" || c == "random_k" || c == "random_block";
    if (s.compressor.k != 0 && !counts) unused.emplace_back("--k");
    return unused;
}

void print_methods(bool json) {
    if (json) {
        for (auto const& m : methods()) {
            terse::fields line{{"name", m.name},         {"what", m.what},         {"compressor", m.compressor},
                               {"momentum", m.momentum}, {"feedback", m.feedback}, {"downlink", m.downlink}};
            for (auto const& [option, value] : m.defaults) line.emplace_back(option.substr(2), value);
            line.emplace_back("source", m.source);
            std::cout << terse::json_line(line) << '\n';
        }
        return;
    }
    std::cout << "A method is what is sent (compressor), where momentum lives, and what becomes of what was not sent\n"
                 "(feedback). --compressor replaces the compressor of any of them.\n";
    for (auto const& m : methods()) {
        std::cout << '\n' << std::left << std::setw(15) << m.name << m.what << '\n';
        auto const line = [](char const* key, std::string const& value) {
            std::cout << "    " << std::left << std::setw(11) << key << value << '\n';
        };
        line("axes", m.compressor + " x " + m.momentum + " momentum x " + m.feedback + " feedback");
        line("downlink", m.downlink);
        std::string defaults;
        for (auto const& [option, value] : m.defaults) defaults.append(option).append(" ").append(value).append("  ");
        line("defaults", defaults.empty() ? "-" : defaults.substr(0, defaults.size() - 2));
        line("source", m.source);
    }
}

} // namespace lab
