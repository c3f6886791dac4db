// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What a session asks of NCCL, and the verbs beyond an exchange.
#include <terse/run/checkpoint.hpp>

#include "same_bits.hpp"

BOOST_AUTO_TEST_SUITE(sessions)

using namespace terse;
using namespace terse_test;

namespace {

auto const good = [](worker_context, auto x, auto g) { thrust_device::copy<float>(x, g); };

/// What each of three ranks hands to NCCL in each of three rounds.
template <class Method>
std::vector<std::vector<emulated_nccl::handed>> handed_in_rounds(Method const& method) {
    std::vector<std::vector<emulated_nccl::handed>> all(3);
    auto const thrown = emulated_nccl::on_ranks(3, [&](int rank, ncclComm_t comm) {
        auto w = upload<thrust_device>(std::vector<float>(1000, 1.0f));
        auto run = train(method, nccl::cluster{.comm = comm}, view<thrust_device, float>(w));
        for (int t = 0; t < 3; ++t) {
            auto const before = emulated_nccl::handed_over();
            run.step(0.1, good);
            auto const after = emulated_nccl::handed_over();
            all[static_cast<std::size_t>(rank)].push_back(
                {after.bytes - before.bytes, after.calls - before.calls, after.waits - before.waits});
        }
    });
    for (auto const& e : thrown)
        if (e) std::rethrow_exception(e);
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_round_agrees_twice_and_moves_messages_once) {
    auto const of_gmc = handed_in_rounds(gmc({.ratio = 0.1}));
    for (auto const& rank : of_gmc)
        for (auto const& round : rank) {
            BOOST_TEST(round.calls == 3u);
            BOOST_TEST(round.waits == 2u);
        }
    // A header of many parts needs a call of its own, once.
    auto const of_blocks = handed_in_rounds(gmc(blockwise<top_k>{.inner = {.ratio = 0.1}, .size = 10}));
    BOOST_TEST(of_blocks[0][0].calls == 4u);
    BOOST_TEST(of_blocks[0][1].calls == 3u);
    BOOST_TEST(of_blocks[0][2].waits == 2u);
}

BOOST_AUTO_TEST_CASE(messages_go_to_those_who_listen) {
    // To the one neighbour of an outer worker of a star, or the two of the inner one, beside what ranks agree on.
    auto const handed = handed_in_rounds(d_psgd(topology::star(3)));
    BOOST_TEST(handed[0][1].bytes - handed[1][1].bytes == 4000u);
    BOOST_TEST(handed[2][1].bytes == handed[1][1].bytes);
}

BOOST_AUTO_TEST_CASE(messages_of_different_sizes_are_not_padded) {
    // The message of worker 0 has 1000 entries, an index and a value of 4 bytes each, and those of the others have
    // none.
    std::vector<std::uint64_t> bytes(3);
    auto const thrown = emulated_nccl::on_ranks(3, [&](int rank, ncclComm_t comm) {
        auto w = upload<thrust_device>(std::vector<float>(1000, 1.0f));
        auto run =
            train(ef_sgd(threshold{.at_least = 0.5}), nccl::cluster{.comm = comm}, view<thrust_device, float>(w));
        auto const before = emulated_nccl::handed_over().bytes;
        run.step(0.1, [](worker_context at, auto, auto g) {
            thrust_device::fill<float>(g, at.worker == 0 ? 100.0f : 0.0f);
        });
        bytes[static_cast<std::size_t>(rank)] = emulated_nccl::handed_over().bytes - before;
    });
    for (auto const& e : thrown)
        if (e) std::rethrow_exception(e);
    BOOST_TEST(bytes[1] == bytes[2]);
    BOOST_TEST(bytes[0] - bytes[1] == 2u * (4000u + 4000u));
}

BOOST_AUTO_TEST_CASE(checkpoints) {
    auto const gradient = quadratics{40}.gradient<thrust_device, float>(3);
    auto const run_on = [&](auto const& cluster, auto use) {
        auto w = upload<thrust_device>(std::vector<float>(40, 1.0f));
        auto run = train(gmc_plus({.ratio = 0.1}), cluster, view<thrust_device, float>(w), {.seed = 5});
        use(run);
    };
    std::vector<std::byte> saved, saved_later;
    run_on(simulated{.workers = 3}, [&](auto& run) {
        for (int t = 0; t < 3; ++t) run.step(0.1, gradient);
        saved = save_state(run, "label");
        run.step(0.1, gradient);
        saved_later = save_state(run, "label");
    });
    std::vector<std::string> wrong(3);
    auto const thrown = emulated_nccl::on_ranks(3, [&](int rank, ncclComm_t comm) {
        auto& text = wrong[static_cast<std::size_t>(rank)];
        auto const bytes = rank == 0 ? saved : std::vector<std::byte>();
        run_on(nccl::cluster{.comm = comm}, [&](auto& run) {
            load_state(run, bytes, "label");
            run.step(0.1, gradient);
            auto const here = save_state(run, "label");
            if (here != (rank == 0 ? saved_later : std::vector<std::byte>())) text += "another state";
            try {
                load_state(run, bytes, "another label");
                text += "no error";
            } catch (checkpoint_error const& e) {
                if (e.section != "label") text += e.what();
            }
        });
    });
    for (auto const& e : thrown)
        if (e) std::rethrow_exception(e);
    for (auto const& text : wrong) BOOST_TEST(text == "");
}

BOOST_AUTO_TEST_CASE(health) {
    std::vector<double> residuals(4);
    auto const of = [](auto const& cluster) {
        auto w = upload<thrust_device>(std::vector<float>(40, 1.0f));
        auto run = train(gmc({.ratio = 0.1}), cluster, view<thrust_device, float>(w));
        run.measure_health();
        auto const gradient = quadratics{40}.gradient<thrust_device, float>(3);
        for (int t = 0; t < 3; ++t) run.step(0.1, gradient);
        return run.health().residual_ratio;
    };
    residuals[3] = of(simulated{.workers = 3});
    emulated_nccl::on_ranks(3, [&](int rank, ncclComm_t comm) {
        residuals[static_cast<std::size_t>(rank)] = of(nccl::cluster{.comm = comm});
    });
    BOOST_TEST(residuals[3] > 0);
    for (auto const r : residuals) BOOST_TEST(r == residuals[3]);
}

BOOST_AUTO_TEST_SUITE_END()
