// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../states.hpp"

namespace terse_test {

template <>
std::vector<outcome> on_host<float>::every_state() {
    return terse_test::every_state<terse::cpu, float>();
}

} // namespace terse_test
