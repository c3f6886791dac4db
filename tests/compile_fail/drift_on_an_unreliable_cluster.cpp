// expect: in an unreliable cluster the workers share one model
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <terse/terse.hpp>

#include <vector>

void f(std::vector<float>& w) {
    terse::train(terse::local_sgd(), terse::simulated{}, w);
    terse::train(terse::dsgd(), terse::unreliable{}, w);
#ifdef TERSE_EXPECT_ERROR
    terse::train(terse::local_sgd(), terse::unreliable{}, w);
#endif
}
