// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/run/checkpoint.hpp>
#include <terse/terse.hpp>

#include "fuzz/require.hpp"

namespace {

using bytes = std::span<std::byte const>;

constexpr std::size_t label_offset = 47; // of the first character of the label, behind two sections' beginnings

// Either a checkpoint_error and the run as it was, or a run that saves these bytes and can go on.
template <class Method>
void load(bytes in, char name, Method const& method) {
    auto const start = [&](std::vector<float>& w) {
        return terse::train(method, terse::simulated{.workers = 2}, w, {.seed = 5});
    };
    static std::vector<float> w(6, 1.0f);
    static auto run = start(w);
    static auto const fresh = terse::save_state(run, std::string(1, name));
    try {
        terse::load_state(run, in, std::string(1, name));
    } catch (terse::checkpoint_error const& e) {
        fuzz::require(!e.section.empty(), "the section is named");
        fuzz::require(terse::save_state(run, std::string(1, name)) == fresh, "after an error nothing has changed");
        return;
    }
    auto const saved = terse::save_state(run, std::string(1, name));
    fuzz::require(std::equal(saved.begin(), saved.end(), in.begin(), in.end()), "one state, one file");
    terse::load_state(run, fresh, std::string(1, name));

    std::vector<float> v(6);
    auto resumed = start(v);
    terse::load_state(resumed, in, std::string(1, name));
    try {
        resumed.step(0.1, [](terse::worker_context, std::span<float const> x, std::span<float> g) {
            for (std::size_t i = 0; i < x.size(); ++i) g[i] = x[i] - 1;
        });
    } catch (terse::error const&) { // such as for a model of NaN
    }
}

} // namespace

// The label says which run the state belongs to. Between them their updates have every form.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const in = std::as_bytes(std::span<std::uint8_t const>(data, size));
    switch (size > label_offset ? data[label_offset] : 0) {
    case 'd':
        load(in, 'd', terse::gmc(terse::identity{}));
        break;
    case 'b':
        load(in, 'b', terse::gmc_plus(terse::random_block{.ratio = 0.5}));
        break;
    case 'p':
        load(in, 'p', terse::gmc(terse::blockwise<terse::top_k>{.inner = {.ratio = 0.5}, .size = 2}));
        break;
    case 'l':
        load(in, 'l', terse::dgc(terse::top_k{.ratio = 0.3}));
        break;
    default:
        load(in, 's', terse::gmc(terse::top_k{.ratio = 0.3}));
    }
    return 0;
}
