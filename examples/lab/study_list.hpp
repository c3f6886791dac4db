// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <lab/study.hpp>

namespace lab {

// One file study_<name>.cpp for each.
void local_vs_minibatch(study_settings const& s, notebook& book);
void linear_speedup(study_settings const& s, notebook& book);
void communication_skipping(study_settings const& s, notebook& book);
void slowmo(study_settings const& s, notebook& book);
void overlap(study_settings const& s, notebook& book);
void topology(study_settings const& s, notebook& book);
void cser_vs_def(study_settings const& s, notebook& book);
void backup_workers(study_settings const& s, notebook& book);
void bits(study_settings const& s, notebook& book);
void sketch(study_settings const& s, notebook& book);
void power_sgd(study_settings const& s, notebook& book);

} // namespace lab
