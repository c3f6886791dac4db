// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <terse/data/libsvm.hpp>

namespace checks {

inline std::filesystem::path real(std::string const& name) { return std::filesystem::path(TERSE_DATA_DIR) / name; }

/// A precondition: without these files of real data the test is reported as skipped.
struct have {
    std::vector<std::string> names;
    template <class... Names>
    explicit have(Names... files) : names{files...} {}

    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
        for (auto const& name : names)
            if (!std::filesystem::exists(real(name))) {
                boost::test_tools::assertion_result missing(false);
                missing.message() << "no " << real(name).string();
                return missing;
            }
        return true;
    }
};

} // namespace checks
