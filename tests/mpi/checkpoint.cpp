// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A run of one process goes on with any number of ranks, and the other way, with the same bits and the same file.
#include "mpi/world.hpp"

#include <filesystem>
#include <string>

#include <unistd.h>

#include <terse/run/checkpoint.hpp>

#include "oracle/drift_methods.hpp"

BOOST_AUTO_TEST_SUITE(checkpoint)

namespace {

constexpr terse::simulated one_process{.workers = world::workers};
terse::mpi::cluster ranks() { return {.workers = world::workers, .chunk_bytes = 1000}; }

using vec = std::vector<double>;

template <class Run>
void go_on(Run& run, std::uint64_t until) {
    while (run.round() < until) run.step(world::rate(static_cast<int>(run.round())), world::gradient{});
}

// A path that all ranks know; its file is gone afterwards.
struct shared_file {
    std::filesystem::path path;
    shared_file() {
        int number = static_cast<int>(getpid());
        MPI_Bcast(&number, 1, MPI_INT, 0, MPI_COMM_WORLD);
        path = std::filesystem::temp_directory_path() / ("terse-mpi-checkpoint-" + std::to_string(number));
    }
    shared_file(shared_file const&) = delete;
    shared_file& operator=(shared_file const&) = delete;
    ~shared_file() {
        MPI_Barrier(MPI_COMM_WORLD);
        if (world::rank() == 0) std::filesystem::remove(path);
    }
};

std::vector<std::byte> on_first_rank(std::vector<std::byte> bytes) {
    if (world::rank() != 0) bytes.clear();
    return bytes;
}

template <class Method>
void there_and_back(char const* name, char const* compressor, Method const& method) {
    vec whole(world::dimension, 1), here = whole, there(world::dimension), back(world::dimension);
    auto reference = terse::train(method, one_process, whole, {.seed = 5});
    go_on(reference, 12);
    auto const at_12 = terse::save_state(reference, "x");
    go_on(reference, 20);
    auto const at_20 = terse::save_state(reference, "x");
    go_on(reference, 30);

    auto on_ranks = terse::train(method, ranks(), there, {.seed = 5});
    terse::load_state(on_ranks, on_first_rank(at_12), "x");
    go_on(on_ranks, 20);
    auto const saved = terse::save_state(on_ranks, "x");
    BOOST_TEST((saved == on_first_rank(at_20)), name << " with " << compressor << ": another state on ranks");
    go_on(on_ranks, 30);
    BOOST_TEST((there == whole), name << " with " << compressor << ", from one process to ranks");

    if (world::rank() != 0) return;
    auto again = terse::train(method, one_process, back, {.seed = 5});
    terse::load_state(again, saved, "x");
    go_on(again, 30);
    BOOST_TEST((back == whole), name << " with " << compressor << ", from ranks to one process");
}

using any = terse::any_of<terse::top_k, terse::random_k, terse::random_block, terse::scaled_sign>;

// Every kind of state that a worker or the server may have; tests/run/resume.cpp has all methods.
void check(char const* compressor, any const& c) {
    there_and_back("gmc", compressor, terse::gmc(c));
    there_and_back("gmc_server", compressor, terse::gmc_server(c));
    there_and_back("dgc", compressor, terse::dgc(c, {.weight_decay = 0.1}));
    there_and_back("saef_dc", compressor, terse::saef_dc(c, {.period = 3}));
}

// The same checkpoint_error on all ranks.
template <class F>
void refuses(F f, std::string const& section) {
    try {
        f();
        BOOST_ERROR("nothing was thrown");
    } catch (terse::checkpoint_error const& e) {
        BOOST_TEST(e.section == section);
        BOOST_TEST(world::contains(e.what(), section));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(from_one_process_to_ranks_and_back) {
    check("top_k", terse::top_k{.ratio = 0.05});
    check("random_k own", terse::random_k{.ratio = 0.05, .shared_support = false});
    check("random_block", terse::random_block{.ratio = 0.1});
    check("scaled_sign", terse::scaled_sign{});
    there_and_back("dmsgd", "identity", terse::dmsgd());
    oracle::for_each_drift_method(
        [](char const* name, auto const& method) { there_and_back(name, "its own", method); });
    oracle::for_each_decentralized_method(
        world::workers, [](char const* name, auto const& method) { there_and_back(name, "its own", method); });
}

BOOST_AUTO_TEST_CASE(in_one_file) {
    shared_file const file;
    auto const method = terse::dgc(terse::top_k{.count = 5});
    vec w(world::dimension, 1), v(world::dimension);
    auto run = terse::train(method, ranks(), w);
    go_on(run, 3);
    terse::save_checkpoint(run, file.path, "x");
    BOOST_TEST(std::filesystem::exists(file.path)); // on whatever rank
    go_on(run, 6);
    auto resumed = terse::train(method, terse::mpi::cluster{.workers = world::workers, .threads = 2}, v);
    terse::load_checkpoint(resumed, file.path, "x");
    go_on(resumed, 6);
    BOOST_TEST((v == w));
}

BOOST_AUTO_TEST_CASE(with_another_number_of_workers) {
    auto const method = terse::dgc(terse::top_k{.count = 5});
    vec w(world::dimension, 1), v(world::dimension), u(world::dimension);
    auto run = terse::train(method, terse::simulated{.workers = 3}, w);
    go_on(run, 5);
    auto const saved = terse::save_state(run, "");
    for (auto const change : {terse::worker_change::sum, terse::worker_change::average, terse::worker_change::reset}) {
        auto expected = terse::train(method, one_process, u);
        terse::load_state(expected, saved, "", change);
        go_on(expected, 9);
        auto resumed = terse::train(method, ranks(), v);
        refuses([&] { terse::load_state(resumed, on_first_rank(saved), ""); }, "workers");
        terse::load_state(resumed, on_first_rank(saved), "", change);
        go_on(resumed, 9);
        BOOST_TEST((v == u));
    }
}

BOOST_AUTO_TEST_CASE(failures_are_known_to_all_ranks) {
    shared_file const file;
    vec w(world::dimension, 1);
    auto run = terse::train(terse::gmc(terse::top_k{.count = 5}), ranks(), w);
    go_on(run, 2);
    refuses([&] { terse::load_checkpoint(run, file.path); }, file.path.string());
    auto const nowhere = file.path.string() + "/none";
    refuses([&] { terse::save_checkpoint(run, nowhere); }, nowhere + ".new");
    auto bytes = terse::save_state(run, "x");
    refuses([&] { terse::load_state(run, bytes, "y"); }, "label");
    if (world::rank() == 0) bytes.back() ^= std::byte{1};
    refuses([&] { terse::load_state(run, bytes, "x"); }, "residual");
    go_on(run, 4); // they are still together, and as they were
    vec v(world::dimension, 1);
    auto reference = terse::train(terse::gmc(terse::top_k{.count = 5}), one_process, v);
    go_on(reference, 4);
    BOOST_TEST((w == v));

    if (world::size() == 1) return;
    try {
        if (world::rank() == 1)
            terse::save_state(run, "");
        else
            go_on(run, 5);
        BOOST_ERROR("nothing was thrown");
    } catch (terse::error const& e) {
        BOOST_TEST(world::contains(e.what(), "saves or loads its state"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
