// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../methods.hpp"

namespace terse_test {

template <class T>
std::vector<outcome> on_host<T>::compressed_methods() {
    return terse_test::compressed_methods<terse::cpu, T>();
}

template std::vector<outcome> on_host<float>::compressed_methods();
template std::vector<outcome> on_host<double>::compressed_methods();

} // namespace terse_test
