// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../adjusted_rounds.hpp"

namespace terse_test {

template <class T>
std::vector<outcome> on_host<T>::adjusted_methods() {
    return terse_test::adjusted_methods<terse::cpu, T>();
}
template std::vector<outcome> on_host<float>::adjusted_methods();
template std::vector<outcome> on_host<double>::adjusted_methods();

template <>
std::vector<outcome> on_host<float>::adjusted_failures() {
    return terse_test::adjusted_failures<terse::cpu, float>();
}

} // namespace terse_test
