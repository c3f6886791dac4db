// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/study_list.hpp>

#include <array>

namespace lab {

std::span<study const> studies() {
    static constexpr std::array list{
        study{"local-vs-minibatch", "who wins at which heterogeneity: local, minibatch or accelerated SGD?",
              local_vs_minibatch},
        study{"linear-speedup", "do N workers need 1/N of the rounds?", linear_speedup},
        study{"backup-workers", "are the first N of N + b gradients sooner there?", backup_workers},
    };
    return list;
}

} // namespace lab
