// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../joint_compressors.hpp"

namespace terse_test {

template <>
std::vector<outcome> on_host<float>::joint_compressors() {
    return terse_test::joint_compressors<terse::cpu, float>();
}
template <>
std::vector<outcome> on_host<float>::joint_compressor_failures() {
    return terse_test::joint_compressor_failures<terse::cpu, float>();
}

} // namespace terse_test
