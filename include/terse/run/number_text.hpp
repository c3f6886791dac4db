// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace terse {

/// The shortest digits that read back as the same number of this type, in every locale; "nan", "inf", "-inf".
template <class N>
std::string number_text(N value) {
    std::array<char, 64> digits{};
    auto const [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    static_cast<void>(code); // 64 characters hold every number
    return {digits.data(), end};
}

} // namespace terse
