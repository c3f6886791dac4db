// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <limits>
#include <string>
#include <vector>

#include <terse/compressor/any_of.hpp>
#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/dynamic_quantizer.hpp>
#include <terse/compressor/half_values.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/natural.hpp>
#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/qsgd.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/sampled_top_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/terngrad.hpp>
#include <terse/compressor/threshold.hpp>
#include <terse/compressor/top_k.hpp>

#include <lab/settings.hpp>

namespace lab {

/// A compressor on whole vectors, chosen at run time.
using simple_compressor = terse::any_of<terse::identity, terse::top_k, terse::sampled_top_k, terse::threshold,
                                        terse::random_k, terse::random_block, terse::scaled_sign, terse::qsgd,
                                        terse::terngrad, terse::dynamic_quantizer, terse::natural>;

/// The same, or on blocks, or on the layers of a network, or with values of 16 bits.
using compressor = terse::any_of<terse::identity, terse::top_k, terse::sampled_top_k, terse::threshold, terse::random_k,
                                 terse::random_block, terse::scaled_sign, terse::qsgd, terse::terngrad,
                                 terse::dynamic_quantizer, terse::natural, terse::blockwise<simple_compressor>,
                                 terse::per_segment<simple_compressor>, terse::half_values<simple_compressor>>;

/// The names that --compressor takes.
inline std::vector<std::string> compressor_names() {
    return {"identity",    "top_k", "sampled_top_k", "threshold",         "random_k", "random_block",
            "scaled_sign", "qsgd",  "terngrad",      "dynamic_quantizer", "natural"};
}

/// Calls f with the compressor of that name, as the type that it is.
template <class F>
auto with_compressor(compressor_settings const& s, F f) {
    using namespace terse;
    if (s.name == "identity") return f(identity{});
    if (s.name == "top_k") return f(top_k{.ratio = s.ratio, .count = s.k});
    if (s.name == "sampled_top_k")
        return f(sampled_top_k{.ratio = s.ratio,
                               .count = s.k,
                               .how = s.dgc_sampling ? sampled_top_k::rule::dgc : sampled_top_k::rule::one_shot,
                               .sample = s.sample});
    if (s.name == "threshold") return f(threshold{.at_least = s.at_least});
    if (s.name == "random_k")
        return f(random_k{.ratio = s.ratio, .count = s.k, .shared_support = !s.own_support, .unbiased = s.unbiased});
    if (s.name == "random_block")
        return f(random_block{.ratio = s.ratio,
                              .count = s.k,
                              .at = s.grid ? random_block::placement::grid : random_block::placement::anywhere});
    if (s.name == "scaled_sign") return f(scaled_sign{});
    auto const coding = s.elias ? level_coding::elias : level_coding::fixed;
    auto const which = s.largest ? norm::linf : norm::l2;
    if (s.name == "qsgd") return f(qsgd{.bits = s.bits, .norm = which, .bucket = s.bucket, .coding = coding});
    if (s.name == "terngrad") return f(terngrad{.clip = s.clip, .coding = coding});
    if (s.name == "dynamic_quantizer")
        return f(dynamic_quantizer{.constant = s.constant, .norm = which, .coding = coding});
    if (s.name == "natural") return f(natural{});
    throw configuration_error("there is no compressor \"" + s.name + "\"");
}

/// The compressor, for a model with this layout (needed only for per_layer).
inline compressor make_compressor(compressor_settings const& s, terse::layout const& layers) {
    using namespace terse;
    auto const simple = [&] { return with_compressor(s, [](auto c) { return simple_compressor(c); }); };
    bool const half = s.values != wire::precision::full;
    if ((s.block ? 1 : 0) + (s.per_layer ? 1 : 0) + (half ? 1 : 0) > 1)
        throw configuration_error("--block, --per-layer and --values exclude each other");
    if (half) return half_values<simple_compressor>{.inner = simple(), .to = s.values};
    if (s.block) return blockwise<simple_compressor>{.inner = simple(), .size = *s.block};
    if (!s.per_layer) return with_compressor(s, [](auto c) { return compressor(c); });
    if (layers.count() == 0) throw configuration_error("--per-layer: this problem has no layers");
    return per_segment<simple_compressor>{.inner = simple(), .layout = layers, .dense_below = s.dense_below};
}

} // namespace lab
