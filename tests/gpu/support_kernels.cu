// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <terse/backend/cpu/draw_support.hpp>

#include "device.cuh"
#include "examples.cuh"

// Random supports.
BOOST_AUTO_TEST_SUITE(support_kernels)

using namespace terse;
using namespace terse_test;

namespace {

std::vector<index_t> drawn_on_host(random_stream const& random, std::size_t d, std::size_t k) {
    std::vector<std::uint64_t> words((d + 63) / 64);
    std::vector<index_t> found(k);
    draw_support(random, d, words, found, instruction_set::portable);
    return found;
}

} // namespace

// None, one, and all; few, so that no draw comes twice; and about half, where half of the later draws do, so that one
// block goes on alone for many rounds.
BOOST_AUTO_TEST_CASE(kernels_draw_what_the_host_draws) {
    std::vector<outcome> here, there;
    scratch<thrust_device> temporary;
    for (std::size_t const d : {1u, 2u, 63u, 64u, 65u, 1000u, 70001u})
        for (std::size_t const k :
             {std::size_t{0}, std::size_t{1}, d / 100, d / 10, d / 2, d / 2 + 1, d - d / 100, d - 1, d})
            for (std::uint32_t worker = 0; worker < (d < 10000 ? 5 : 2); ++worker) {
                random_stream const random(d + k, purpose::support, 0xfedcba98 + worker, 0x87654321);
                buffer<thrust_device, index_t> found(k);
                verbs_by_kernels::draw_support(random, d, view<thrust_device, index_t>(found), temporary);
                auto const title = std::to_string(k) + " of " + std::to_string(d);
                here.push_back(make_outcome(title, download(view<thrust_device, index_t>(found))));
                there.push_back(make_outcome(title, drawn_on_host(random, d, k)));
                for (auto const& launch : launchers(1)) // in few shares, which are longer than a block is wide
                    kernel::draw_support(launch, random, d, view<thrust_device, index_t>(found), temporary, 2);
                here.push_back(make_outcome(title, download(view<thrust_device, index_t>(found))));
                there.push_back(make_outcome(title, drawn_on_host(random, d, k)));
            }
    check_same(here, there);
}

BOOST_AUTO_TEST_SUITE_END()
