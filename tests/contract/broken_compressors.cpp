// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <terse/compressor/identity.hpp>
#include <terse/compressor/random_k.hpp>
#include <terse/compressor/scaled_sign.hpp>
#include <terse/compressor/top_k.hpp>
#include <terse/testing/compressor_contract.hpp>

// The contract bites: mistakes that published compressors have made, and a few that would be easy to make.
BOOST_AUTO_TEST_SUITE(broken_compressors)

using namespace terse;
using testing::compressor_claims;

template <class C>
void is_caught(C const& c, compressor_claims const& claims, std::string const& because) {
    for (auto const& found :
         {testing::check_compressor<float>(c, claims), testing::check_compressor<double>(c, claims)}) {
        bool named = false;
        std::string all;
        for (auto const& violation : found) {
            named = named || violation.find(because) != std::string::npos;
            all += "\n  " + violation;
        }
        BOOST_TEST(named, "expected '" << because << "', got:" << all);
    }
}

// Takes the threshold from a selection of one too many and cuts what is over by position.
struct positional_truncation {
    std::size_t count = 5;

    template <class B, class T>
    using message = sparse_message<B, T>;

    void validate(std::size_t d) const { validate_entries("positional_truncation", 1, count + 1, d); }

    template <class B, class T>
    void compress(input<B, T> in, sparse_message<B, T>& out, context<B> at) const {
        auto const t = B::nth_magnitude(in, count + 1, *at.temporary);
        out.reset(in.size(), count);
        out.reset(in.size(), B::select_at_least(in, t, view<B, index_t>(out.indices), view<B, T>(out.values)));
    }
};

BOOST_AUTO_TEST_CASE(positional_truncation_is_caught) {
    compressor_claims claims{.sends_entries = true};
    claims.contraction = [](std::size_t d) { return 5.0 / static_cast<double>(d); };
    is_caught(positional_truncation{}, claims, "C(v) loses more than 1 - delta");
    is_caught(positional_truncation{}, {.even = true}, "sent more often than others: part");
}

// Counts the values that travel and forgets their places.
template <class B, class T>
struct message_without_indices : sparse_message<B, T> {
    std::uint64_t bytes() const { return wire::header_bytes + 8 + this->values.size() * sizeof(T); }
};
struct uncounted_indices {
    double ratio = 0.01;

    template <class B, class T>
    using message = message_without_indices<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, message_without_indices<B, T>& out, context<B> at) const {
        top_k{.ratio = ratio}.compress(in, static_cast<sparse_message<B, T>&>(out), at);
    }
};

BOOST_AUTO_TEST_CASE(uncounted_indices_are_caught) {
    for (double const ratio : {0.01, 0.1, 0.4})
        is_caught(uncounted_indices{ratio}, {.sends_entries = true}, "are the indices counted?");
}

// Rounds v / max |v|, which a vector of zeros does not have.
struct zero_norm_division {
    template <class B, class T>
    using message = dense_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, dense_message<B, T>& out, context<B> at) const {
        auto const norm = B::nth_magnitude(in, 1, *at.temporary);
        out.reset(in.size());
        for (std::size_t i = 0; i < in.size(); ++i) out.values[i] = norm * std::round(8 * (in[i] / norm)) / 8;
    }
};

BOOST_AUTO_TEST_CASE(division_by_a_zero_norm_is_caught) {
    is_caught(zero_norm_division{}, {}, "zeros: C(v) of a finite v is not finite");
}

// The residual is halved by mistake, not by b.
struct own_take_is_wrong : top_k {
    template <class B, class T>
    void take(std::type_identity_t<T> a, view<B, T const> g, std::type_identity_t<T>, view<B, T> e,
              sparse_message<B, T>& out, context<B> at) const {
        B::axpy(a, g, e);
        compress(e, out, at);
        out.clear_in(e);
    }
};

BOOST_AUTO_TEST_CASE(a_take_that_is_not_the_generic_form_is_caught) {
    is_caught(own_take_is_wrong{}, {}, "take() leaves another residual");
}

template <class B, class T>
struct forgets_one : sparse_message<B, T> {
    void clear_in(view<B, T> y) const {
        if (!this->indices.empty()) B::scatter_fill(this->indices.part(1, this->indices.size() - 1), T(0), y);
    }
};
template <class B, class T>
struct writes_behind : dense_message<B, T> {
    void add_to(T a, view<B, T> y) const {
        dense_message<B, T>::add_to(a, y);
        y.data()[y.size()] = T(1);
    }
};
template <class B, class T>
struct ignores_a : dense_message<B, T> {
    void add_to(T, view<B, T> y) const { dense_message<B, T>::add_to(T(1), y); }
};
template <class B, class T>
struct of_another_size : dense_message<B, T> {
    std::size_t dimension() const { return this->values.size() + 1; }
};

template <template <class, class> class Message, class Inner>
struct with_message {
    template <class B, class T>
    using message = Message<B, T>;

    template <class B, class T, class M>
    void compress(view<B, T const> in, M& out, context<B> at) const {
        Inner{}.compress(in, static_cast<message_of<Inner, B, T>&>(out), at);
    }
};

BOOST_AUTO_TEST_CASE(messages_that_do_not_do_what_they_say_are_caught) {
    is_caught(with_message<forgets_one, top_k>{}, {}, "clear_in() leaves what add_to() adds at ");
    is_caught(with_message<writes_behind, identity>{}, {}, "writes outside of its vector");
    is_caught(with_message<ignores_a, identity>{}, {}, "add_to(a, y) is not y + a C(v)");
    is_caught(with_message<of_another_size, identity>{}, {}, "dimension() is");
}

// Counts its calls, so that it never does the same thing twice.
struct hidden_state {
    mutable std::uint64_t calls = 0;

    template <class B, class T>
    using message = sparse_message<B, T>;

    template <class B, class T>
    void compress(input<B, T> in, sparse_message<B, T>& out, context<B>) const {
        out.reset(in.size(), 1);
        out.indices[0] = calls++ % in.size();
        B::gather(in, out.indices, view<B, T>(out.values));
    }
};

BOOST_AUTO_TEST_CASE(hidden_state_is_caught) { is_caught(hidden_state{}, {}, "the same call gives another message"); }

BOOST_AUTO_TEST_CASE(false_claims_are_caught) {
    auto const tenth = [](std::size_t) { return 0.1; };
    is_caught(random_k{.ratio = 0.1}, {.variance = [](std::size_t) { return 10.0; }}, "E C(v) is not v");
    is_caught(random_k{.ratio = 0.2, .unbiased = true}, {.growth = 12, .variance = tenth}, "more than omega");
    is_caught(random_k{.ratio = 0.1, .unbiased = true}, {.sends_entries = true, .growth = 12}, "as another number");
    is_caught(random_k{.ratio = 0.1, .shared_support = false}, {.same_support = true}, "different coordinates");
    is_caught(scaled_sign{}, {.contraction = tenth}, "C(v) loses more");
    is_caught(random_k{.ratio = 0.05}, {.contraction = tenth}, "C(v) loses more");
    is_caught(top_k{.count = 5000}, {}, "refuses every dimension");
}

BOOST_AUTO_TEST_CASE(the_list_of_violations_comes_as_one_exception) {
    BOOST_CHECK_EXCEPTION(testing::require_compressor<float>(zero_norm_division{}), error,
                          [](error const& e) { return std::string(e.what()).find("not finite") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()
