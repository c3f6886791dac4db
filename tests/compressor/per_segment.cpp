// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "compressor/trial.hpp"

#include <terse/compressor/per_segment.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/top_k.hpp>

BOOST_AUTO_TEST_SUITE(per_segment_tests)

using namespace terse;

layout const net({{"first", 4, 10}, {"bias", 7, 1}, {"second", 5, 6}});

BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_the_inner_one_on_each_segment, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(net.size(), 2);
    auto const compare = [&](auto const& inner) {
        using C = std::remove_cvref_t<decltype(inner)>;
        worker_context const who{1, 2, 3, 4, 0};
        checks::trial<per_segment<C>, T> whole;
        whole.compress(per_segment<C>{.inner = inner, .layout = net}, v, who);
        for (std::size_t i = 0; i < net.count(); ++i) {
            auto const n = net[i].size();
            checks::trial<C, T> part;
            context<cpu> at{who};
            at.temporary = &part.temporary;
            inner.compress(view<cpu, T const>(v.data() + net.offset(i), n), part.out, at.part(i));
            part.decode(n);
            for (std::size_t j = 0; j < n; ++j)
                BOOST_TEST(testing::same_bits(whole.decoded[net.offset(i) + j], part.decoded[j]));
        }
    };
    compare(top_k{.ratio = 0.2});
    compare(scaled_sign{});
    compare(random_k{.ratio = 0.3, .shared_support = false});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(segments_shorter_than_dense_below_are_sent_whole, T, checks::scalars) {
    auto const v = testing::normal_vector<T>(net.size(), 2);
    for (std::size_t const dense_below : {0u, 7u, 8u, 30u, 31u, 41u}) {
        per_segment<top_k> const c{.inner = {.count = 2}, .layout = net, .dense_below = dense_below};
        auto const t = checks::compressed(c, v);
        std::uint64_t bytes = 32;
        for (std::size_t i = 0; i < 3; ++i) {
            auto const n = net[i].size();
            bool const dense = n < dense_below;
            std::size_t sent = 0;
            for (std::size_t j = net.offset(i); j < net.offset(i + 1); ++j) sent += t.carries[j] ? 1 : 0;
            BOOST_TEST(sent == (dense ? n : 2u));
            bytes += 8 + (dense ? n * sizeof(T)
                                : 8 + (n < 9 ? 1 : 2) + 2 * sizeof(T)); // a bitmap, or two gaps of one byte each
        }
        BOOST_TEST(t.out.bytes() == bytes);
    }
}

BOOST_AUTO_TEST_CASE(a_segment_that_was_sparse_can_become_dense_and_back) {
    auto const v = testing::normal_vector<float>(net.size(), 2);
    checks::trial<per_segment<top_k>, float> t;
    for (std::size_t const dense_below : {0u, 100u, 0u}) {
        per_segment<top_k> const c{.inner = {.count = 2}, .layout = net, .dense_below = dense_below};
        t.compress(c, v, {1, 0, 0, 4, 0});
        BOOST_TEST(t.equals(checks::compressed(c, v)));
    }
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
    per_segment<top_k> c{.inner = {.count = 8}, .layout = net};
    checks::refuses<dimension_error>(c, net.size() + 1, "per_segment: the layout has 77 parameters and the model 78");
    checks::refuses<dimension_error>(per_segment<top_k>{}, 1, "per_segment");
    checks::refuses<configuration_error>(c, net.size(), "top_k: count 8 exceeds the dimension 7");
    c.dense_below = 8; // now the short one is dense
    BOOST_CHECK_NO_THROW(validate(c, net.size()));
}

BOOST_AUTO_TEST_SUITE_END()
