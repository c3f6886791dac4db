// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "to_host.hpp"

#include "../half.hpp"
#include "../low_rank.hpp"
#include "../sketches.hpp"
#include "../verbs.hpp"

namespace terse_test {

template <class T>
std::vector<outcome> on_host<T>::every_verb() {
    return terse_test::every_verb<terse::cpu, T>();
}

template <class T>
std::vector<outcome> on_host<T>::every_sketch() {
    return terse_test::every_sketch<terse::cpu, T>();
}

template <class T>
std::vector<outcome> on_host<T>::every_low_rank() {
    return terse_test::every_low_rank<terse::cpu, T>();
}

template <class T>
std::vector<outcome> on_host<T>::every_half() {
    return terse_test::every_half<terse::cpu, T>();
}

template std::vector<outcome> on_host<float>::every_verb();
template std::vector<outcome> on_host<double>::every_verb();
template std::vector<outcome> on_host<float>::every_sketch();
template std::vector<outcome> on_host<double>::every_sketch();
template std::vector<outcome> on_host<float>::every_low_rank();
template std::vector<outcome> on_host<double>::every_low_rank();
template std::vector<outcome> on_host<float>::every_half();
template std::vector<outcome> on_host<double>::every_half();

} // namespace terse_test
