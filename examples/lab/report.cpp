// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/report.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <unistd.h>

#include <terse/method/cser.hpp>
#include <terse/run/schedule_text.hpp>
#include <terse/version.hpp>

#include <lab/methods.hpp>

namespace lab {

terse::fields program_fields() {
    return {
        {"program", std::string("terse-lab")}, {"version", std::string(TERSE_VERSION_STRING)},
#if defined(__clang__)
            {"compiler", std::string("clang++ " __clang_version__)},
#else
            {"compiler", std::string("g++ " __VERSION__)},
#endif
        {
            "flags", std::string(TERSE_LAB_FLAGS)
        }
    };
}

terse::fields method_fields(method_settings const& s) {
    auto const& m = find_method(s.name);
    auto const& c = s.compressor;
    auto const& name = compressor_of(m, s);
    terse::fields f{{"method", s.name}};
    if (!name.empty()) f.emplace_back("compressor", name);
    if (sends_entries(m, s)) {
        if (c.k != 0)
            f.emplace_back("k", c.k);
        else
            f.emplace_back("ratio", to_text(c.ratio));
        if (takes(m, "--ratio1") && c.k1 != 0)
            f.emplace_back("k1", c.k1);
        else if (takes(m, "--ratio1"))
            f.emplace_back("ratio1", to_text(c.ratio1.value_or(terse::cser_options{}.ratio1)));
    }
    if (name == "sampled_top_k") {
        f.emplace_back("sampling", std::string(c.dgc_sampling ? "dgc" : "one_shot"));
        f.emplace_back("sample", c.sample);
    }
    if (name == "threshold") f.emplace_back("at-least", to_text(c.at_least));
    if (name == "random_k") {
        f.emplace_back("own-support", c.own_support);
        f.emplace_back("unbiased", c.unbiased);
    }
    if (name == "random_block") f.emplace_back("placement", std::string(c.grid ? "grid" : "anywhere"));
    if (name == "qsgd") {
        f.emplace_back("bits", std::uint64_t{c.bits});
        f.emplace_back("bucket", c.bucket);
    }
    if (name == "qsgd" || name == "dynamic_quantizer") f.emplace_back("norm", std::string(c.largest ? "linf" : "l2"));
    if (name == "terngrad" || name == "shared_terngrad") f.emplace_back("clip-deviations", c.clip);
    if (name == "shared_terngrad") {
        f.emplace_back("scale", std::string(c.mean_scale ? "mean" : "largest"));
        f.emplace_back("per-layer", c.per_layer);
    }
    if (name == "dynamic_quantizer") f.emplace_back("bits-constant", c.constant);
    if (name == "qsgd" || name == "terngrad" || name == "shared_terngrad" || name == "dynamic_quantizer")
        f.emplace_back("coding", std::string(c.elias ? "elias" : "fixed"));
    auto const chosen = chosen_options(s);
    for (auto const& [option, value] : m.defaults) {
        if (option.starts_with("--ratio")) continue;
        auto const at = std::ranges::find(chosen, option, [](auto const& x) { return x.first; });
        auto effective = at == chosen.end() ? value : at->second;
        if (option == "--block" && c.block) effective = std::to_string(*c.block);
        f.emplace_back(option.substr(2), effective);
    }
    if (m.takes_compressor && c.block && std::ranges::none_of(f, [](auto const& x) { return x.name == "block"; }))
        f.emplace_back("block", *c.block);
    if (m.takes_compressor && c.per_layer) f.emplace_back("dense-below", c.dense_below);
    if (m.takes_compressor && c.values != terse::wire::precision::full)
        f.emplace_back("values", std::string(c.values == terse::wire::precision::fp16 ? "fp16" : "bf16"));
    if (s.weight_decay != 0) f.emplace_back("weight-decay", s.weight_decay);
    if (s.clip_norm != 0) f.emplace_back("clip-norm", s.clip_norm);
    return f;
}

std::string short_text(double x, int digits) {
    std::array<char, 64> text{};
    auto const [end, code] =
        std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::general, digits);
    static_cast<void>(code);
    return {text.data(), end};
}

std::string bytes_text(double bytes) {
    constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
    std::size_t i = 0;
    for (; bytes >= 1000 && i + 1 < units.size(); ++i) bytes /= 1000;
    return short_text(bytes, bytes >= 100 ? 4 : 3) + ' ' + units[i];
}

bool is_terminal() { return isatty(STDERR_FILENO) != 0; }

template <class T>
double distance(std::span<T const> a, std::span<T const> b) {
    double s = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        double const x = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        s += x * x;
    }
    return std::sqrt(s);
}

template <class T>
void require_finite(std::span<T const> w, std::string const& who) {
    auto const bad = std::ranges::find_if(w, [](T x) { return !std::isfinite(x); });
    if (bad != w.end())
        throw diverged_error(who + " diverged: coordinate " + std::to_string(bad - w.begin()) +
                             " of the model is not finite - lower the learning rate or beta");
}

template double distance(std::span<float const>, std::span<float const>);
template double distance(std::span<double const>, std::span<double const>);
template void require_finite(std::span<float const>, std::string const&);
template void require_finite(std::span<double const>, std::string const&);

} // namespace lab
