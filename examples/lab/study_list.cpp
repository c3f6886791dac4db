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
        study{"communication-skipping", "how many steps between averages does momentum bear?", communication_skipping},
        study{"slowmo", "is slow momentum better than the same without?", slowmo},
        study{"overlap", "does it pay to average while the workers compute?", overlap},
        study{"topology", "how many rounds does a graph cost, by its spectral gap?", topology},
        study{"cser-vs-def", "errors reset, or detached: which is ahead at the same bytes?", cser_vs_def},
        study{"backup-workers", "are the first N of N + b gradients sooner there?", backup_workers},
        study{"bits", "what do fewer bits cost in accuracy?", bits},
        study{"sketch", "do the bytes to a loss stay the same, whatever the number of workers?", sketch},
        study{"power-sgd", "how low a rank will do for a network?", power_sgd},
    };
    return list;
}

} // namespace lab
