// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <vector>

#include "../outcome.hpp"

namespace terse_test {

/// every_verb<cpu, T>() and every_method<cpu, T>() for float and double, compiled where Eigen may be.
template <class T>
std::vector<outcome> every_verb_on_host();
template <class T>
std::vector<outcome> every_method_on_host();

} // namespace terse_test
