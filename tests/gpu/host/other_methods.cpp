// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../methods.hpp"

namespace terse_test {

template <class T>
std::vector<outcome> on_host<T>::other_compressors() {
    return terse_test::other_compressors<terse::cpu, T>();
}

template <class T>
std::vector<outcome> on_host<T>::other_methods() {
    return terse_test::other_methods<terse::cpu, T>();
}

template <class T>
std::vector<outcome> on_host<T>::other_clusters() {
    return terse_test::other_clusters<terse::cpu, T>();
}

template std::vector<outcome> on_host<float>::other_compressors();
template std::vector<outcome> on_host<double>::other_compressors();
template std::vector<outcome> on_host<float>::other_methods();
template std::vector<outcome> on_host<double>::other_methods();
template std::vector<outcome> on_host<float>::other_clusters();
template std::vector<outcome> on_host<double>::other_clusters();

} // namespace terse_test
