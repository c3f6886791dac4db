// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../joint_rounds.hpp"

namespace terse_test {

template <class T>
std::vector<outcome> on_host<T>::joint_methods() {
    return terse_test::joint_methods<terse::cpu, T>();
}
template std::vector<outcome> on_host<float>::joint_methods();
template std::vector<outcome> on_host<double>::joint_methods();

template <>
std::vector<outcome> on_host<float>::joint_clusters() {
    return terse_test::joint_clusters<terse::cpu, float>();
}
template <>
std::vector<outcome> on_host<float>::joint_failures() {
    return terse_test::joint_failures<terse::cpu, float>();
}

} // namespace terse_test
