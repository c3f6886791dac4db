// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

/// All that is written once for every backend: policies, methods, the loop, clusters of this process. terse.hpp adds
/// the host's verbs to it, gpu.cuh the device's.
#include <terse/cluster/simulated.hpp>
#include <terse/cluster/solo.hpp>
#include <terse/compressor/any_of.hpp>
#include <terse/compressor/blockwise.hpp>
#include <terse/compressor/half_values.hpp>
#include <terse/compressor/identity.hpp>
#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/random_block.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/sampled_top_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/threshold.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/error.hpp>
#include <terse/feedback/detached_feedback.hpp>
#include <terse/feedback/no_feedback.hpp>
#include <terse/feedback/standard_feedback.hpp>
#include <terse/feedback/step_ahead.hpp>
#include <terse/layout.hpp>
#include <terse/loop/compose.hpp>
#include <terse/loop/train.hpp>
#include <terse/method/def_a.hpp>
#include <terse/method/dgc.hpp>
#include <terse/method/dist_ef_sgdm.hpp>
#include <terse/method/dmsgd.hpp>
#include <terse/method/dmsgd_local.hpp>
#include <terse/method/dsgd.hpp>
#include <terse/method/ef_sgd.hpp>
#include <terse/method/ef_sgdm.hpp>
#include <terse/method/gmc.hpp>
#include <terse/method/gmc_lr_inside.hpp>
#include <terse/method/gmc_plus.hpp>
#include <terse/method/gmc_server.hpp>
#include <terse/method/nesterov.hpp>
#include <terse/method/saef.hpp>
#include <terse/method/sign_sgd.hpp>
#include <terse/momentum/global_momentum.hpp>
#include <terse/momentum/local_momentum.hpp>
#include <terse/momentum/no_momentum.hpp>
#include <terse/momentum/server_momentum.hpp>
#include <terse/random.hpp>
#include <terse/run/schedule.hpp>
#include <terse/version.hpp>
#include <terse/work/local_steps.hpp>
#include <terse/work/one_gradient.hpp>
