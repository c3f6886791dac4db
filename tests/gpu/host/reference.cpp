// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "reference.hpp"

#include <terse/terse.hpp>

#include "../methods.hpp"
#include "../verbs.hpp"

namespace terse_test {

template <>
struct to_host<terse::cpu> {
    template <class T>
    static void copy(T const* from, std::size_t n, T* to) {
        std::copy_n(from, n, to);
    }
};

template <class T>
std::vector<outcome> every_verb_on_host() {
    return every_verb<terse::cpu, T>();
}
template <class T>
std::vector<outcome> every_method_on_host() {
    return every_method<terse::cpu, T>();
}

template std::vector<outcome> every_verb_on_host<float>();
template std::vector<outcome> every_verb_on_host<double>();
template std::vector<outcome> every_method_on_host<float>();
template std::vector<outcome> every_method_on_host<double>();

} // namespace terse_test
