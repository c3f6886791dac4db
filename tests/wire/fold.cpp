// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include <terse/testing/inputs.hpp>
#include <terse/wire/fold.hpp>
#include <terse/wire/signs.hpp>

BOOST_AUTO_TEST_SUITE(fold)

using namespace terse;
using scalars = std::tuple<float, double>;
using form = update<cpu, float>::form;

template <class T>
using dense_vectors = std::vector<std::vector<T>>;

// The mean as the worker order says it: ((0 + v_0) + v_1) + .., then times the share.
template <class T>
std::vector<T> naive(dense_vectors<T> const& v, T scale) {
    std::vector<T> sum(v[0].size());
    for (auto const& own : v)
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += own[i];
    for (auto& x : sum) x *= scale;
    return sum;
}

template <class T, class M>
update<cpu, T> folded(std::vector<M> const& messages, T scale) {
    static folder<cpu, T> kept; // as in a run: its memory was used by all folds before
    update<cpu, T> u;
    kept.fold(
        messages.size(), [&](std::size_t k) -> M const& { return messages[k]; }, scale, u);
    return u;
}

template <class T>
std::vector<T> as_dense(update<cpu, T> const& u) {
    std::vector<T> y(u.dimension());
    u.add_to(T(1), view<cpu, T>(y.data(), y.size()));
    return y;
}

template <class T, class M>
update<cpu, T> check(std::vector<M> const& messages, dense_vectors<T> const& v) {
    auto const scale = T(1) / static_cast<T>(v.size());
    auto u = folded<T>(messages, scale);
    BOOST_TEST_REQUIRE(u.dimension() == v[0].size());
    BOOST_TEST_REQUIRE(testing::same_bits(as_dense(u), naive(v, scale)));
    return u;
}

template <class T>
sparse_message<cpu, T> random_sparse(std::size_t d, double density, std::uint64_t seed, std::vector<T>& dense) {
    random_stream const r(seed, purpose::data);
    std::vector<std::size_t> where;
    for (std::size_t i = 0; i < d; ++i)
        if (r.uniform(2 * i) < density) where.push_back(i);
    sparse_message<cpu, T> m;
    m.reset(d, where.size());
    dense.assign(d, T(0));
    for (std::size_t j = 0; j < where.size(); ++j) {
        m.indices[j] = where[j];
        m.values[j] = dense[where[j]] = static_cast<T>(r.normal(d + where[j]));
    }
    return m;
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sparse_messages_give_the_sum_in_worker_order, T, scalars) {
    for (std::size_t workers = 1; workers <= 64; ++workers)
        for (std::size_t const d : {1u, 2u, 64u, 333u})
            for (double const density : {0.0, 0.005, 0.1, 1.0}) {
                std::vector<sparse_message<cpu, T>> m;
                dense_vectors<T> v(workers);
                std::size_t entries = 0;
                std::vector<bool> touched(d);
                for (std::size_t k = 0; k < workers; ++k) {
                    m.push_back(random_sparse(d, density, 1000 * workers + 10 * k + d, v[k]));
                    entries += m.back().indices.size();
                    for (auto const i : view<cpu, index_t>(m.back().indices)) touched[i] = true;
                }
                auto const u = check(m, v);
                // A sum that was added up in a dense vector stays dense if most of it is not zero.
                auto const in_union = static_cast<std::size_t>(std::count(touched.begin(), touched.end(), true));
                bool const dense = entries > d / 2 && 2 * in_union > d;
                BOOST_TEST_REQUIRE((u.shape == (dense ? update<cpu, T>::form::dense : update<cpu, T>::form::sparse)));
                if (dense) BOOST_TEST_REQUIRE(u.support == in_union);
                if (dense) continue;
                std::vector<bool> carried(d);
                for (std::size_t j = 0; j < u.sparse.indices.size(); ++j) {
                    carried[u.sparse.indices[j]] = true;
                    if (j > 0) BOOST_TEST_REQUIRE(u.sparse.indices[j - 1] < u.sparse.indices[j]);
                }
                BOOST_TEST_REQUIRE((carried == touched)); // the union, and nothing twice
                BOOST_TEST_REQUIRE(!u.sparse.shared_support);
            }
}

// The merge walks blocks of 65,536.
BOOST_AUTO_TEST_CASE_TEMPLATE(long_sparse_messages_agree_too, T, scalars) {
    for (std::size_t const d : {65535u, 65536u, 65537u, 200000u})
        for (std::size_t const workers : {1u, 5u}) {
            std::vector<sparse_message<cpu, T>> m;
            dense_vectors<T> v(workers);
            for (std::size_t k = 0; k < workers; ++k) m.push_back(random_sparse(d, 0.01, d + k, v[k]));
            BOOST_TEST((check(m, v).shape == update<cpu, T>::form::sparse));
        }
}

// 1e8 + 1 - 1e8 depends on the order in floats; every form must take the workers' own.
BOOST_AUTO_TEST_CASE(the_order_is_the_workers) {
    std::vector<float> const values{1e8F, 1.0F, -1e8F};
    float const in_order = (1e8F + 1.0F) + -1e8F;
    BOOST_TEST(in_order != 1.0F);
    for (bool const shared : {false, true}) {
        std::vector<sparse_message<cpu, float>> m(3);
        for (std::size_t k = 0; k < 3; ++k) {
            m[k].reset(100, 1, shared);
            m[k].indices[0] = 7;
            m[k].values[0] = values[k];
        }
        BOOST_TEST(as_dense(folded(m, 1.0F))[7] == in_order);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_shared_support_stays_one, T, scalars) {
    for (std::size_t const workers : {1u, 2u, 7u, 64u}) {
        std::vector<sparse_message<cpu, T>> m(workers);
        dense_vectors<T> v(workers, std::vector<T>(50));
        for (std::size_t k = 0; k < workers; ++k) {
            m[k].reset(50, 40, true); // denser than one half, and still no indices travel
            auto const x = testing::normal_vector<T>(40, 3, k);
            for (std::size_t j = 0; j < 40; ++j) {
                m[k].indices[j] = j + 10;
                v[k][j + 10] = m[k].values[j] = x[j];
            }
        }
        auto const u = check(m, v);
        BOOST_TEST((u.shape == update<cpu, T>::form::sparse));
        BOOST_TEST(u.sparse.shared_support);
        BOOST_TEST(u.bytes() == 32 + 8 + 40 * sizeof(T));
        if (workers == 1) continue;
        m[1].shared_support = false; // one that is not makes them all ordinary
        BOOST_TEST((check(m, v).shape == update<cpu, T>::form::dense));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(blocks_stay_a_block_where_they_agree, T, scalars) {
    for (bool const same : {true, false})
        for (std::size_t const workers : {1u, 2u, 8u, 64u}) {
            std::vector<block_message<cpu, T>> m(workers);
            dense_vectors<T> v(workers, std::vector<T>(20));
            for (std::size_t k = 0; k < workers; ++k) {
                m[k].reset(20, same ? 17 : (k * 7) % 20, 6); // wraps around
                auto const x = testing::normal_vector<T>(6, 4, k);
                for (std::size_t j = 0; j < 6; ++j) v[k][(m[k].first + j) % 20] = m[k].values[j] = x[j];
            }
            auto const u = check(m, v);
            bool const block = same || workers == 1;
            BOOST_TEST((u.shape == (block ? update<cpu, T>::form::block : update<cpu, T>::form::dense)));
            if (!block) continue;
            BOOST_TEST(u.block.first == m[0].first);
            BOOST_TEST(u.bytes() == 32 + 8 + 6 * sizeof(T));
        }
}

template <class T>
sign_message<cpu, T> random_signs(std::size_t d, std::uint64_t seed, std::vector<T>& dense) {
    sign_message<cpu, T> m;
    m.reset(d);
    dense = testing::normal_vector<T>(d, seed);
    m.scale = std::fabs(dense[0]);
    cpu::pack_signs(view<cpu, T const>(dense.data(), d), view<cpu, std::uint64_t>(m.bits));
    for (auto& x : dense) x = x >= 0 ? m.scale : -m.scale;
    return m;
}
template <class T>
dense_message<cpu, T> random_dense(std::size_t d, std::uint64_t seed, std::vector<T>& dense) {
    dense_message<cpu, T> m;
    m.reset(d);
    dense = testing::normal_vector<T>(d, seed);
    std::copy(dense.begin(), dense.end(), m.values.data());
    return m;
}

BOOST_AUTO_TEST_CASE_TEMPLATE(signs_and_dense_messages_give_a_dense_mean, T, scalars) {
    for (std::size_t const workers : {1u, 3u, 64u}) {
        std::vector<sign_message<cpu, T>> signs;
        std::vector<dense_message<cpu, T>> dense;
        dense_vectors<T> v(workers), w(workers);
        for (std::size_t k = 0; k < workers; ++k) {
            signs.push_back(random_signs(130, k + 1, v[k]));
            dense.push_back(random_dense(130, k + 1, w[k]));
        }
        BOOST_TEST((check(signs, v).shape == update<cpu, T>::form::dense));
        BOOST_TEST((check(dense, w).shape == update<cpu, T>::form::dense));
    }
}

// Added up as they come, in any number of calls.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_mean_can_be_taken_in_parts, T, scalars) {
    std::vector<dense_message<cpu, T>> m;
    dense_vectors<T> v(7);
    for (std::size_t k = 0; k < 7; ++k) m.push_back(random_dense(33, k, v[k]));
    update<cpu, T> u;
    folder<cpu, T>::begin(33, u);
    folder<cpu, T>::add(
        3, [&](std::size_t k) -> auto const& { return m[k]; }, u);
    folder<cpu, T>::add(
        4, [&](std::size_t k) -> auto const& { return m[3 + k]; }, u);
    folder<cpu, T>::finish(T(1) / T(7), u);
    BOOST_TEST(testing::same_bits(as_dense(u), naive(v, T(1) / T(7))));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bundles_are_folded_part_by_part, T, scalars) {
    using part = either<sparse_message<cpu, T>, sign_message<cpu, T>>;
    for (std::size_t const workers : {1u, 2u, 9u, 64u}) {
        std::vector<bundle<part>> m(workers);
        dense_vectors<T> v(workers);
        std::vector<std::size_t> const sizes{100, 30, 65};
        for (std::size_t k = 0; k < workers; ++k) {
            m[k].reset(195, 3);
            for (std::size_t i = 0, offset = 0; i < 3; offset += sizes[i++]) {
                std::vector<T> x;
                m[k].offsets[i] = offset;
                // The first part is sparse on all workers, the second of both kinds, the third signs.
                bool const sparse = i == 0 || (i == 1 && k % 2 == 0);
                if (sparse)
                    m[k].parts[i].template as<sparse_message<cpu, T>>() = random_sparse(sizes[i], 0.005, 10 * k + i, x);
                else
                    m[k].parts[i].template as<sign_message<cpu, T>>() = random_signs(sizes[i], 10 * k + i, x);
                v[k].insert(v[k].end(), x.begin(), x.end());
            }
        }
        auto const u = check(m, v);
        BOOST_TEST((u.shape == update<cpu, T>::form::parts));
        BOOST_TEST((u.parts[2].shape == update<cpu, T>::form::dense));
        if (workers > 1) BOOST_TEST((u.parts[1].shape == update<cpu, T>::form::dense));
        std::uint64_t bytes = 32;
        for (auto const& p : u.parts) bytes += 8 + p.bytes() - 32;
        BOOST_TEST(u.bytes() == bytes);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_update_can_change_its_form, T, scalars) {
    folder<cpu, T> f;
    update<cpu, T> u;
    for (std::uint64_t n = 0; n < 40; ++n) {
        dense_vectors<T> v(2);
        std::size_t const d = 1 + 37 * (n % 5);
        if (n % 3 == 0) {
            std::vector<dense_message<cpu, T>> m{random_dense(d, n, v[0]), random_dense(d, n + 1, v[1])};
            f.fold(
                2, [&](std::size_t k) -> auto const& { return m[k]; }, T(0.5), u);
        } else {
            double const density = n % 3 == 1 ? 0.05 : 0.9;
            std::vector<sparse_message<cpu, T>> m{random_sparse(d, density, n, v[0]),
                                                  random_sparse(d, density, n + 99, v[1])};
            f.fold(
                2, [&](std::size_t k) -> auto const& { return m[k]; }, T(0.5), u);
        }
        BOOST_TEST_REQUIRE(testing::same_bits(as_dense(u), naive(v, T(0.5))));
    }
}

BOOST_AUTO_TEST_SUITE_END()
