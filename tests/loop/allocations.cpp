// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// In a steady state a step allocates nothing on the heap.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

#include <terse/compressor/per_segment.hpp>
#include <terse/work/local_steps.hpp>

#include "oracle/all_methods.hpp"
#include "oracle/drift_methods.hpp"
#include "oracle/random_run.hpp"

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> vectors = 0;        ///< of them those of at least `long_vector` floats
constexpr std::size_t long_vector = 400'000; // longer than what a thread and the fold of sparse messages set aside

void* counted(std::size_t size, std::size_t alignment) {
    ++allocations;
    if (size >= long_vector * sizeof(float)) ++vectors;
    auto const rounded = (size + alignment - 1) / alignment * alignment;
    void* const memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

} // namespace

// Those with an array call these. Not inlined, or g++ sees free() undo a new and warns.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    try {
        return counted(size, alignof(std::max_align_t));
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

using terse::cpu;

void gradient(terse::worker_context at, terse::view<cpu, float const> x, terse::view<cpu, float> g) {
    for (std::size_t i = 0; i < g.size(); ++i)
        g[i] = x[i] - static_cast<float>(oracle::uniform({at.worker, at.round, i}));
}

template <class Method>
void check(char const* compressor, char const* name, Method const& method, terse::simulated cluster) {
    std::vector<float> w(300, 1.0f);
    auto sgd = terse::train(method, cluster, w);
    for (int t = 0; t < 8; ++t) sgd.step(0.1, gradient);
    auto const before = allocations.load();
    for (int t = 0; t < 12; ++t) sgd.step(t < 6 ? 0.1 : 0.05, gradient);
    auto const made = allocations.load() - before;
    BOOST_TEST(made == 0u, name << " with " << compressor << " made " << made << " allocations");
}

template <class C>
void check_all(char const* compressor, C const& c) {
    oracle::for_each_compressed_method(c, [&](char const* name, auto method) {
        check(compressor, name, method, {.workers = 4});
        check(compressor, name, method, {.workers = 4, .gradients_in_flight = 1});
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(allocations_tests)

BOOST_AUTO_TEST_CASE(are_counted) {
    auto const before = allocations.load();
    { std::vector<int> const v(3); }
    { terse::buffer<cpu, float> const b(3); }
    BOOST_TEST(allocations.load() - before == 2u);
}

BOOST_AUTO_TEST_CASE(top_k) { check_all("top_k", terse::top_k{.ratio = 0.02}); }
BOOST_AUTO_TEST_CASE(top_k_of_much) { check_all("top_k", terse::top_k{.ratio = 0.4}); }
BOOST_AUTO_TEST_CASE(identity) { check_all("identity", terse::identity{}); }
BOOST_AUTO_TEST_CASE(random_block) { check_all("random_block", terse::random_block{.ratio = 0.1}); }
BOOST_AUTO_TEST_CASE(blockwise_sign) {
    check_all("blockwise", terse::blockwise<terse::scaled_sign>{.inner = {}, .size = 64});
}
BOOST_AUTO_TEST_CASE(any_of) {
    for (auto const compressor : oracle::every_kind) {
        oracle::random_run run(1, compressor);
        run.k = 9;
        run.block = 50;
        check_all("any_of", run.library_compressor());
    }
}
BOOST_AUTO_TEST_CASE(per_segment) {
    terse::layout const layout({{"weights", 20, 14}, {"bias", 20, 1}});
    check_all("per_segment",
              terse::per_segment<terse::top_k>{.inner = {.ratio = 0.1}, .layout = layout, .dense_below = 50});
}
BOOST_AUTO_TEST_CASE(no_compression) {
    oracle::for_each_fixed_method(
        [](char const* name, auto method) { check("nothing", name, method, {.workers = 4}); });
    oracle::for_each_drift_method([](char const* name, auto method) {
        check("its own", name, method, {.workers = 4});
        check("its own", name, method, {.workers = 4, .gradients_in_flight = 1});
    });
}

// A model and a momentum for each worker, the gradients in flight, one vector of the process, and what is named.
// Messages are shorter than a vector; so is what top_k sets aside on each thread (four lists of at most 4 k + 8192
// candidates and a little), and the block of 65536 sums in which sparse messages are added up, once for each mean.
BOOST_AUTO_TEST_CASE(memory_of_workers_that_drift) {
    auto const check = [](char const* name, auto const& method, std::size_t each, std::size_t shared) {
        for (std::uint32_t const workers : {1u, 7u})
            for (std::uint32_t const held : {1u, workers}) {
                std::vector<float> w(long_vector, 1.0f);
                auto const before = vectors.load();
                auto sgd = terse::train(method, terse::simulated{.workers = workers, .gradients_in_flight = held}, w);
                for (int t = 0; t < 4; ++t)
                    sgd.step(0.1, [](terse::worker_context at, auto x, auto g) {
                        for (std::size_t i = 0; i < g.size(); ++i)
                            g[i] = x[i] - static_cast<float>((i * 7919 + at.worker * 104729) % 1009);
                    });
                BOOST_TEST(vectors.load() - before == workers * each + held + 1 + shared,
                           name << " with " << workers << " workers");
            }
    };
    check("local_sgd", terse::local_sgd({.period = 2}), 1, 0);
    check("pr_sgd_m", terse::pr_sgd_m({.period = 2}), 2, 0);
    check("pr_sgd_m_cleared", terse::pr_sgd_m_cleared({.period = 2}), 2, 0);
    check("slowmo", terse::slowmo({.period = 2}), 2, 1);                       // slow momentum
    check("bmuf", terse::bmuf({.period = 2}), 1, 1);                           // block momentum
    check("overlap_local_sgd", terse::overlap_local_sgd({.period = 2}), 1, 0); // the anchor is w
    check("overlap_local_sgd_m", terse::overlap_local_sgd_m({.period = 2}), 2, 1);
    check("cser", terse::cser({.period = 2}), 1, 0); // e_k is x_k - w
    check("m_cser", terse::m_cser({.period = 2}), 2, 0);
    check("qsparse_local_sgd", terse::qsparse_local_sgd({.period = 2}), 2, 0); // e_k
}
BOOST_AUTO_TEST_CASE(talking) {
    oracle::for_each_talking_method(
        300, [](char const* name, auto method) { check("talking", name, method, {.workers = 4}); });
}

BOOST_AUTO_TEST_CASE(clipping_decay_local_steps_and_health) {
    auto method = terse::compose(terse::top_k{.count = 5}, terse::global_momentum{}, terse::detached_feedback{},
                                 terse::scaled_sign{}, terse::local_steps{.count = 3});
    method.clip = {.norm = 1};
    method.decay = {.rate = 0.01};
    check("top_k", "everything at once", method, {.workers = 3});

    std::vector<float> w(300, 1.0f);
    auto sgd = terse::train(method, terse::simulated{.workers = 3}, w);
    sgd.measure_health();
    for (int t = 0; t < 4; ++t) sgd.step(0.1, gradient);
    auto const before = allocations.load();
    for (int t = 0; t < 4; ++t) sgd.step(0.1, gradient);
    BOOST_TEST(allocations.load() == before);
}

BOOST_AUTO_TEST_SUITE_END()
