// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What is handed to MPI is what the account says, counted where MPI is entered.
#include "mpi/world.hpp"

#include "oracle/all_methods.hpp"

namespace {

std::uint64_t handed = 0; ///< bytes that this rank gave to the payload's collective
std::uint64_t down = 0;   ///< bytes that came to this rank from the server, or left it there
int most = 0;             ///< in one call, by all ranks
int calls = 0;

} // namespace

int MPI_Allgatherv(void const* mine, int count, MPI_Datatype send_type, void* all, int const* counts,
                   int const* offsets, MPI_Datatype type, MPI_Comm comm) {
    int rank = 0, size = 0;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    handed += static_cast<std::uint64_t>(counts[rank]);
    int sum = 0;
    for (int r = 0; r < size; ++r) sum += counts[r];
    most = std::max(most, sum);
    ++calls;
    BOOST_TEST((mine == MPI_IN_PLACE && type == MPI_BYTE));
    return PMPI_Allgatherv(mine, count, send_type, all, counts, offsets, type, comm);
}

int MPI_Gatherv(void const* mine, int count, MPI_Datatype send_type, void* all, int const* counts, int const* offsets,
                MPI_Datatype type, int root, MPI_Comm comm) {
    int rank = 0, size = 0;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    BOOST_TEST((root == 0 && type == MPI_BYTE && (rank != 0 || mine == MPI_IN_PLACE)));
    handed += static_cast<std::uint64_t>(rank == 0 ? counts[0] : count);
    int sum = 0;
    for (int r = 0; r < size; ++r) sum += counts[r];
    most = std::max(most, sum);
    ++calls;
    return PMPI_Gatherv(mine, count, send_type, all, counts, offsets, type, root, comm);
}

int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
    if (type == MPI_BYTE) down += static_cast<std::uint64_t>(count); // others are sizes and figures
    if (type == MPI_BYTE) most = std::max(most, count);
    return PMPI_Bcast(data, count, type, root, comm);
}

BOOST_AUTO_TEST_SUITE(bytes)

namespace {

using terse::mpi::exchange;

template <class Method>
void check(char const* name, Method const& method, std::size_t chunk = std::size_t{1} << 30,
           exchange way = exchange::collective) {
    std::vector<double> w(world::dimension, 1);
    terse::mpi::cluster const cluster{.workers = world::workers, .exchange = way, .chunk_bytes = chunk};
    auto run = terse::train(method, cluster, w);
    auto const hosted = cluster.attach().hosted();
    handed = down = 0;
    std::uint64_t before = 0;
    for (int t = 0; t < 12; ++t) {
        most = calls = 0;
        run.step(0.01, world::gradient{});
        BOOST_TEST(static_cast<std::size_t>(most) <= chunk);
        std::uint64_t sum = 0;
        MPI_Allreduce(&handed, &sum, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
        // A rank that hosts all workers averages their residuals without MPI.
        auto const& account = run.traffic();
        auto const expected = account.total.up - (world::size() == 1 ? account.averaging.up : 0);
        BOOST_TEST(sum == expected,
                   name << ", round " << t << ": " << sum << " bytes handed to MPI, " << expected << " in the account");
        // A broadcast counts once for each worker, and arrives once for all workers of a rank.
        std::uint64_t const here = down * hosted;
        MPI_Allreduce(&here, &sum, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
        auto const expected_down = way == exchange::parameter_server ? account.total.down : 0;
        BOOST_TEST(sum == expected_down, name << ", round " << t << ": " << sum << " bytes came down, " << expected_down
                                              << " in the account");
        sum = expected;
        // As few calls as the bytes need; residuals and messages go on their own.
        auto const needed = (sum - before + chunk - 1) / chunk;
        BOOST_TEST(static_cast<std::uint64_t>(calls) >= needed);
        BOOST_TEST(static_cast<std::uint64_t>(calls) <= needed + 1);
        BOOST_TEST(sum > before);
        before = sum;
    }
    if (world::rank() == 0)
        std::printf("%-20s %-16s %8llu bytes up and %8llu down, handed to MPI and in the account\n", name,
                    way == exchange::collective ? "collective" : "parameter server",
                    static_cast<unsigned long long>(before), static_cast<unsigned long long>(down));
}

} // namespace

BOOST_AUTO_TEST_CASE(handed_to_mpi_are_those_of_the_account) {
    using any = terse::any_of<terse::identity, terse::top_k, terse::random_k, terse::random_block, terse::scaled_sign,
                              terse::blockwise<terse::top_k>, terse::half_values<terse::top_k>>;
    for (any const& c :
         {any(terse::identity{}), any(terse::top_k{.count = 9}), any(terse::random_k{.count = 9}),
          any(terse::random_k{.count = 9, .shared_support = false}), any(terse::random_block{.count = 9}),
          any(terse::scaled_sign{}), any(terse::blockwise<terse::top_k>{.inner = {.count = 2}, .size = 60}),
          any(terse::half_values<terse::top_k>{.inner = {.count = 9}})})
        for (auto const way : {exchange::collective, exchange::parameter_server}) {
            check("gmc", terse::gmc(c), 1u << 30, way);
            check("saef_dc", terse::saef_dc(c, {.period = 2}), 1u << 30, way); // residuals travel too
        }
    check("dmsgd", terse::dmsgd());
    check("dmsgd", terse::dmsgd(), 1u << 30, exchange::parameter_server);
}

// Where ranks share cores, every call waits for all of them to have had their turn: tiny chunks are for short messages.
BOOST_AUTO_TEST_CASE(go_in_chunks) {
    for (std::size_t const chunk : {1000u, 1u << 20}) {
        check("dmsgd", terse::dmsgd(), chunk);
        check("saef", terse::saef(terse::top_k{.count = 9}, {.period = 2}), chunk);
        check("saef_dc", terse::saef_dc(terse::top_k{.count = 9}, {.period = 2}), chunk, exchange::parameter_server);
    }
    auto const method = terse::saef_dc(terse::top_k{.count = 3});
    auto const whole = world::trajectory<double>(method, terse::mpi::cluster{.workers = 8}, 3);
    for (auto const way : {exchange::collective, exchange::parameter_server})
        for (std::size_t const chunk : {7u, 31u})
            BOOST_TEST(
                (world::trajectory<double>(
                     method, terse::mpi::cluster{.workers = 8, .exchange = way, .chunk_bytes = chunk}, 3) == whole));
}

BOOST_AUTO_TEST_SUITE_END()
