// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <vector>

#include "../outcome.hpp"

namespace terse_test {

/// What to compare with: verbs.hpp and the others for the host, in float and double, compiled where Eigen may be.
template <class T>
struct on_host {
    static std::vector<outcome> every_verb();
    static std::vector<outcome> every_sketch();
    static std::vector<outcome> every_low_rank();
    static std::vector<outcome> every_half();
    static std::vector<outcome> compressed_methods();
    static std::vector<outcome> other_compressors();
    static std::vector<outcome> other_methods();
    static std::vector<outcome> other_clusters();
    static std::vector<outcome> adjusted_failures(); // in float
    static std::vector<outcome> adjusted_methods();
    static std::vector<outcome> joint_methods();
    static std::vector<outcome> joint_clusters();            // in float
    static std::vector<outcome> joint_failures();            // in float
    static std::vector<outcome> joint_compressors();         // in float
    static std::vector<outcome> joint_compressor_failures(); // in float
    static std::vector<outcome> every_state();               // in float
};

} // namespace terse_test
