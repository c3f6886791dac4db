// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <terse/compressor/identity.hpp>

BOOST_AUTO_TEST_SUITE(identity_tests)

using namespace terse;

BOOST_AUTO_TEST_CASE_TEMPLATE(everything_is_sent_as_it_is, T, checks::scalars) {
    for (std::size_t const d : {1u, 2u, 65u}) {
        for (auto const& in : testing::finite_inputs<T>(d)) {
            auto const t = checks::compressed(identity{}, in.values);
            BOOST_TEST((t.decoded == in.values), in.name);
            BOOST_TEST(t.count() == d);
            BOOST_TEST(t.out.bytes() == 32 + d * sizeof(T));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
