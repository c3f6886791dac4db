// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/engine_start_drift.hpp>

template std::unique_ptr<lab::engine<double>>
lab::start_drift(lab::method_settings const&, lab::cluster_settings const&, std::span<double>, terse::layout const&);
