// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What goes wrong on one rank is the same typed error on all of them, before anything has changed; what goes wrong in
// NCCL is an error that says where.
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>

#include "same_bits.hpp"

BOOST_AUTO_TEST_SUITE(failures)

using namespace terse;
using namespace terse_test;
using nccl::nccl_error;

namespace {

/// f(rank, communicator) on three ranks, each of which must throw an E that is `as` it should be.
template <class E, class F, class Check>
void all_throw(F f, Check as) {
    auto const thrown = emulated_nccl::on_ranks(3, f);
    for (std::size_t r = 0; r < thrown.size(); ++r) {
        BOOST_TEST_CONTEXT("rank " << r) {
            BOOST_TEST_REQUIRE((thrown[r] != nullptr));
            try {
                std::rethrow_exception(thrown[r]);
            } catch (E const& e) {
                BOOST_TEST(as(e), e.what());
            } catch (std::exception const& e) {
                BOOST_ERROR("another error: " << e.what());
            }
        }
    }
}

bool contains(std::exception const& e, std::string const& words) {
    return std::string(e.what()).find(words) != std::string::npos;
}

struct model {
    buffer<thrust_device, float> w = upload<thrust_device>(std::vector<float>(40, 1.0f));

    auto train(ncclComm_t comm, train_options options = {}, nccl::exchange way = nccl::exchange::collective,
               std::chrono::milliseconds patience = std::chrono::milliseconds(0)) {
        return terse::train(gmc({.ratio = 0.1}), nccl::cluster{.comm = comm, .exchange = way, .patience = patience},
                            view<thrust_device, float>(w), options);
    }
};

auto const good = [](worker_context, auto x, auto g) { thrust_device::copy<float>(x, g); };

/// The error of rank 1 when this call fails there, in a step that is otherwise good.
template <class Way>
std::string text_of_failed(char const* call, Way make) {
    std::string text;
    emulated_nccl::on_ranks(2, [&](int rank, ncclComm_t comm) {
        emulated_nccl::wait_for_peers(std::chrono::milliseconds(200)); // the other rank waits for this one
        auto run = make(comm);
        if (rank == 1) emulated_nccl::fail(call, ncclUnhandledCudaError);
        try {
            run.step(0.1, good);
        } catch (nccl_error const& e) {
            if (rank == 1 && e.code == ncclUnhandledCudaError && e.rank == 1) text = e.what();
            if (emulated_nccl::in_group()) text = "the group has not ended";
        }
    });
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_gradient_that_throws) {
    std::vector<std::vector<float>> w(3);
    all_throw<worker_failed>(
        [&](int rank, ncclComm_t comm) {
            model m;
            auto run = m.train(comm);
            run.step(0.1, good);
            auto const before = download(run.w());
            try {
                run.step(0.1, [&](worker_context at, auto x, auto g) {
                    good(at, x, g);
                    if (at.worker == 1) throw std::runtime_error("no data");
                });
            } catch (worker_failed const&) {
                if (download(run.w()) != before) throw std::logic_error("something has changed");
                run.step(0.1, good); // and it goes on
                w[static_cast<std::size_t>(rank)] = download(run.w());
                throw;
            }
        },
        [](worker_failed const& e) {
            return e.worker == 1 && e.rank == 1 && contains(e, "worker 1 on rank 1, round 1: no data");
        });
    BOOST_TEST(!w[0].empty());
    BOOST_TEST(((w[0] == w[1]) && (w[1] == w[2])));
}

BOOST_AUTO_TEST_CASE(a_gradient_that_is_not_finite) {
    all_throw<non_finite_error>(
        [&](int, ncclComm_t comm) {
            model m;
            m.train(comm).step(0.1, [](worker_context at, auto x, auto g) {
                good(at, x, g);
                if (at.worker == 2) thrust_device::fill<float>(g.part(7, 1), std::numeric_limits<float>::infinity());
            });
        },
        [](non_finite_error const& e) { return e.worker == 2 && e.round == 0 && e.coordinate == 7; });
}

BOOST_AUTO_TEST_CASE(ranks_that_differ) {
    auto const names = [](std::string const& words) {
        return [words](configuration_error const& e) { return contains(e, words); };
    };
    all_throw<configuration_error>(
        [](int rank, ncclComm_t comm) { model().train(comm, {.seed = rank == 2 ? 7u : 4u}); },
        names("nccl: the ranks do not agree, seed: rank 0 has 4, rank 2 has 7"));
    all_throw<configuration_error>(
        [](int rank, ncclComm_t comm) {
            model().train(comm, {}, rank == 1 ? nccl::exchange::all_reduce : nccl::exchange::collective);
        },
        names("way of exchange: rank 0 has 0, rank 1 has 1"));
    all_throw<configuration_error>(
        [](int rank, ncclComm_t comm) {
            model m;
            if (rank == 1) thrust_device::fill<float>(m.w.part(39, 1), 2);
            m.train(comm);
        },
        names("model at the start: rank 0 has"));
    all_throw<error>(
        [](int rank, ncclComm_t comm) {
            model m;
            m.train(comm).step(rank == 1 ? 0.2 : 0.1, good);
        },
        [](error const& e) {
            return contains(e, "nccl: the ranks do not do the same: rank 0 computes gradients in round 0 with learning "
                               "rate 0.1") &&
                   contains(e, "rank 1 computes gradients in round 0 with learning rate 0.2");
        });
}

BOOST_AUTO_TEST_CASE(arguments) {
    BOOST_CHECK_EXCEPTION(nccl::cluster{}.attach(), configuration_error,
                          [](auto const& e) { return contains(e, "nccl: there is no communicator"); });
    all_throw<configuration_error>(
        [](int, ncclComm_t comm) { nccl::cluster{.comm = comm, .patience = std::chrono::milliseconds(-1)}.attach(); },
        [](auto const& e) { return contains(e, "patience must not be negative"); });
    all_throw<configuration_error>(
        [](int, ncclComm_t comm) {
            emulated_nccl::fail("ncclCommCuDevice", ncclInternalError);
            nccl::cluster{.comm = comm}.attach();
        },
        [](auto const& e) { return contains(e, "the communicator is of device 3, but the current one is 0"); });
}

BOOST_AUTO_TEST_CASE(a_call_that_fails_says_which_where_and_why) {
    auto const gathers = [](ncclComm_t comm) {
        static thread_local model m;
        return m.train(comm, {}, nccl::exchange::collective, std::chrono::milliseconds(300));
    };
    auto const text = text_of_failed("ncclAllGather", gathers);
    for (auto const* const words : {"communicator.cuh:", "ncclAllGather on rank 1, which computes gradients in round 0",
                                    "an error", "as the test wants it"})
        BOOST_TEST(text.find(words) != text.npos, "\"" << text << "\" lacks " << words);

    auto const drifts = [](ncclComm_t comm) {
        static thread_local model m;
        return terse::train(d_psgd(topology::complete(2)),
                            nccl::cluster{.comm = comm, .patience = std::chrono::milliseconds(300)},
                            view<thrust_device, float>(m.w));
    };
    for (auto const* const call : {"ncclGroupStart", "ncclGroupEnd", "ncclSend", "ncclRecv"})
        BOOST_TEST(text_of_failed(call, drifts).find(std::string(call) + " on rank 1, which talks to neighbours") !=
                       std::string::npos,
                   call);
    auto const sums = [](ncclComm_t comm) {
        static thread_local model m;
        return terse::train(dmsgd(),
                            nccl::cluster{.comm = comm,
                                          .exchange = nccl::exchange::all_reduce,
                                          .patience = std::chrono::milliseconds(300)},
                            view<thrust_device, float>(m.w));
    };
    BOOST_TEST(text_of_failed("ncclAllReduce", sums).find("ncclAllReduce on rank 1, which exchanges messages") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_call_that_has_only_begun_is_waited_for) {
    auto const thrown = emulated_nccl::on_ranks(2, [](int, ncclComm_t comm) {
        model m;
        auto run = m.train(comm);
        emulated_nccl::fail("ncclAllGather", ncclInProgress);
        run.step(0.1, good);
    });
    for (auto const& e : thrown) BOOST_TEST((e == nullptr));
}

BOOST_AUTO_TEST_CASE(what_fails_on_the_device_is_seen_where_the_host_waits) {
    all_throw<nccl_error>(
        [](int, ncclComm_t comm) {
            model m;
            auto run = m.train(comm);
            run.step(0.1, good);
            emulated_nccl::fail_on_the_device(ncclRemoteError);
            run.step(0.1, good);
        },
        [](nccl_error const& e) {
            return e.code == ncclRemoteError && contains(e, "work on the device on rank " + std::to_string(e.rank) +
                                                                ", which computes gradients in round 1");
        });
}

BOOST_AUTO_TEST_CASE(a_rank_that_does_not_come_is_not_waited_for_longer_than_one_says) {
    auto const thrown = emulated_nccl::on_ranks(3, [](int rank, ncclComm_t comm) {
        emulated_nccl::wait_for_peers(std::chrono::milliseconds(50));
        model m;
        auto run = m.train(comm, {}, nccl::exchange::collective, std::chrono::milliseconds(100));
        run.step(0.1, good);
        if (rank != 1) run.step(0.1, good);
    });
    BOOST_TEST((thrown[1] == nullptr));
    for (auto const r : {0u, 2u}) {
        BOOST_TEST_REQUIRE((thrown[r] != nullptr));
        BOOST_CHECK_EXCEPTION(std::rethrow_exception(thrown[r]), nccl_error, [](nccl_error const& e) {
            return contains(e, "waiting for the other ranks on rank") && contains(e, "patience is exhausted");
        });
    }
}

BOOST_AUTO_TEST_CASE(connections) {
    emulated_nccl::fail("ncclGetUniqueId", ncclSystemError);
    BOOST_CHECK_EXCEPTION(nccl::make_id(), nccl_error,
                          [](auto const& e) { return e.rank == -1 && contains(e, ": ncclGetUniqueId: an error"); });
    BOOST_CHECK_EXCEPTION(nccl::connection(nccl::make_id(), 2, 5), nccl_error,
                          [](auto const& e) { return e.rank == 5 && contains(e, "ncclCommInitRank on rank 5"); });
}

BOOST_AUTO_TEST_SUITE_END()
