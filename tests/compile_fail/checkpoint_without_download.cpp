// expect: to save and load states, the backend of w must have download(x, y) - docs/checkpoints.md
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <vector>

#include <terse/terse.hpp>

struct device {}; // another backend's memory
struct run_on_device {
    terse::view<device, float const> w() const;
};

int main() {
    std::vector<float> w(4);
    auto run = terse::train(terse::gmc({.ratio = 0.5}), terse::solo(), w);
    auto const bytes = terse::save_state(run, "");
#ifdef TERSE_EXPECT_ERROR
    run_on_device other;
    terse::save_state(other, "");
#endif
}
