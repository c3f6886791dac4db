// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

namespace terse {

/// The forms of a hot loop. They give the same bits; the best one that the processor knows is chosen at run time, so
/// that programs need not be compiled for it.
enum class instruction_set { portable, avx2, avx512 };

inline bool supported(instruction_set set) {
#if defined(__x86_64__)
    if (set == instruction_set::avx512) // which all have that have vl
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    if (set == instruction_set::avx2) return __builtin_cpu_supports("avx2");
#endif
    return set == instruction_set::portable;
}

inline instruction_set best_instruction_set() {
    if (supported(instruction_set::avx512)) return instruction_set::avx512;
    return supported(instruction_set::avx2) ? instruction_set::avx2 : instruction_set::portable;
}

} // namespace terse
