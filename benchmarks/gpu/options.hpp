// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline constexpr std::string_view usage = "usage: terse-bench-gpu [options]\n"
                                          "\n"
                                          "  --sizes 1000000,25000000   dimensions; 1e6, 25e6 and 1e9 if not given\n"
                                          "  --workers 1,8,64           of whole rounds\n"
                                          "  --filter top_k             only what has this in its name\n"
                                          "  --json FILE                writes the records\n"
                                          "  --smoke                    everything once, of small vectors\n"
                                          "  --device                   tells which device there is, and nothing else\n"
                                          "\n"
                                          "Without a device it says so and exits with 77.\n";

struct options {
    std::vector<std::size_t> sizes{1'000'000, 25'000'000, 1'000'000'000};
    std::vector<std::size_t> workers{1, 8, 64};
    std::string filter{};
    std::string json{};
    bool smoke = false;
    bool device = false;
    bool help = false;
};

/// Throws std::invalid_argument that names the option.
inline std::vector<std::size_t> numbers(std::string const& option, std::string_view text) {
    std::vector<std::size_t> all;
    while (true) {
        std::size_t n = 0;
        auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (code != std::errc() || n == 0)
            throw std::invalid_argument(option + ": positive whole numbers, separated by commas");
        all.push_back(n);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty()) return all;
        if (text.front() != ',') throw std::invalid_argument(option + ": positive whole numbers, separated by commas");
        text.remove_prefix(1);
    }
}

/// Throws std::invalid_argument that names the option.
inline options parse(int count, char const* const* arguments) {
    options o;
    for (int i = 1; i < count; ++i) {
        std::string const name = arguments[i];
        auto const value = [&]() -> std::string {
            if (i + 1 == count) throw std::invalid_argument(name + ": what comes after it is missing");
            return arguments[++i];
        };
        if (name == "--sizes") {
            o.sizes = numbers(name, value());
        } else if (name == "--workers") {
            o.workers = numbers(name, value());
        } else if (name == "--filter") {
            o.filter = value();
        } else if (name == "--json") {
            o.json = value();
        } else if (name == "--smoke") {
            o.smoke = true;
            o.sizes = {5000};
            o.workers = {1, 3};
        } else if (name == "--device") {
            o.device = true;
        } else if (name == "--help" || name == "-h") {
            o.help = true;
        } else {
            throw std::invalid_argument("there is no option \"" + name + "\"");
        }
    }
    return o;
}

} // namespace bench
