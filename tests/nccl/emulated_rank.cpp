// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "emulated_rank.hpp"

#include <thread>

namespace emulated_nccl {

stream& here() {
    thread_local stream of_thread;
    return of_thread;
}

ncclResult_t run(std::vector<operation> const& operations) {
    here().finish_copies();
    ++here().handed.calls;
    for (auto const& o : operations) {
        std::lock_guard const lock(o.comm->all->mutex);
        for (auto const& [to, content] : o.sent) {
            if (to != o.comm->rank) here().handed.bytes += content.size();
            o.comm->all->mail[{o.comm->rank, to}].push_back({o.call, content});
        }
        o.comm->all->arrived.notify_all();
    }
    for (auto const& o : operations) {
        std::vector<bytes> received;
        for (auto const& [from, n] : o.expected) {
            auto& all = *o.comm->all;
            std::unique_lock lock(all.mutex);
            auto& box = all.mail[{from, o.comm->rank}];
            if (here().stuck || !all.arrived.wait_for(lock, here().patience, [&] { return !box.empty(); })) {
                here().stuck = true;
                return ncclSuccess; // it will never know
            }
            auto got = std::move(box.front());
            box.pop_front();
            if (got.call != o.call || got.content.size() != n) {
                o.comm->last_error = "rank " + std::to_string(from) + " called " + got.call + " with " +
                                     std::to_string(got.content.size()) + " bytes, and rank " +
                                     std::to_string(o.comm->rank) + " " + o.call + " with " + std::to_string(n);
                return ncclInvalidUsage;
            }
            received.push_back(std::move(got.content));
        }
        o.receive(received);
    }
    return ncclSuccess;
}

ncclResult_t begin(operation o) {
    auto const injected = here().injected(o.call.c_str());
    if (injected != ncclSuccess && injected != ncclInProgress) {
        o.comm->last_error = "as the test wants it";
        return injected;
    }
    here().group.push_back(std::move(o));
    if (here().depth > 0) return injected;
    auto const result = run(std::exchange(here().group, {}));
    return result == ncclSuccess ? injected : result;
}

std::vector<std::exception_ptr> on_ranks(int ranks, std::function<void(int, ncclComm_t)> const& f) {
    ncclUniqueId id;
    ncclGetUniqueId(&id);
    std::vector<std::exception_ptr> thrown(static_cast<std::size_t>(ranks));
    std::vector<std::thread> threads;
    for (int r = 0; r < ranks; ++r)
        threads.emplace_back([&, r] {
            ncclComm_t comm = nullptr;
            ncclCommInitRank(&comm, ranks, id, r);
            try {
                f(r, comm);
            } catch (...) {
                thrown[static_cast<std::size_t>(r)] = std::current_exception();
            }
            ncclCommDestroy(comm);
        });
    for (auto& t : threads) t.join();
    return thrown;
}

void fail(char const* call, ncclResult_t result, int after) {
    here().failing_call = call;
    here().failing_with = result;
    here().fails_after = after;
}
void fail_on_the_device(ncclResult_t result) { here().failed = result; }
void wait_for_peers(std::chrono::milliseconds limit) { here().patience = limit; }
handed handed_over() { return here().handed; }
bool in_group() { return here().depth != 0; }

} // namespace emulated_nccl
