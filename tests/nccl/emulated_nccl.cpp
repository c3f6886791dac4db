// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <cuda_runtime.h>

#include "emulated_rank.hpp"

using namespace emulated_nccl;

namespace {

std::mutex worlds_mutex;
std::map<std::string, std::shared_ptr<world>> worlds; // by unique id
std::uint64_t last_id = 0;

std::size_t size_of(ncclDataType_t type) {
    switch (type) {
    case ncclUint8:
        return 1;
    case ncclFloat32:
        return 4;
    case ncclFloat64:
        return 8;
    default:
        std::abort(); // terse uses no others
    }
}

bytes copy_of(void const* data, std::size_t n) {
    auto const* const first = static_cast<std::byte const*>(data);
    return {first, first + n};
}
void put(bytes const& from, void* to) {
    if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

template <class T>
void add_up(std::vector<bytes> const& all, void* to) {
    std::vector<T> sum(all[0].size() / sizeof(T)), one(sum.size());
    for (auto k = all.size(); k-- > 0;) { // not in the order of the ranks, which NCCL does not promise either
        put(all[k], one.data());
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
    }
    std::memcpy(to, sum.data(), sum.size() * sizeof(T));
}

operation for_all(char const* call, ncclComm_t comm, void const* data, std::size_t n) {
    operation o{comm, call, {}, {}, {}};
    for (int r = 0; r < comm->size; ++r) {
        o.sent.emplace_back(r, copy_of(data, n));
        o.expected.emplace_back(r, n);
    }
    return o;
}

} // namespace

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
    if (auto const failed = here().injected("ncclGetUniqueId"); failed != ncclSuccess) return failed;
    std::lock_guard const lock(worlds_mutex);
    std::memset(id, 0, sizeof *id);
    std::memcpy(id, &++last_id, sizeof last_id);
    return ncclSuccess;
}
ncclResult_t ncclCommInitRank(ncclComm_t* comm, int size, ncclUniqueId id, int rank) {
    if (auto const failed = here().injected("ncclCommInitRank"); failed != ncclSuccess) return failed;
    if (rank < 0 || rank >= size) return ncclInvalidArgument;
    std::lock_guard const lock(worlds_mutex);
    auto& all = worlds[std::string(id.internal, sizeof id.internal)];
    if (!all) all = std::make_shared<world>();
    *comm = new ncclComm{all, rank, size, ""};
    return ncclSuccess;
}
ncclResult_t ncclCommDestroy(ncclComm_t comm) {
    delete comm;
    return ncclSuccess;
}
ncclResult_t ncclCommAbort(ncclComm_t comm) {
    here().stuck = false;
    return ncclCommDestroy(comm);
}
ncclResult_t ncclCommUserRank(ncclComm_t const comm, int* rank) {
    *rank = comm->rank;
    return here().injected("ncclCommUserRank");
}
ncclResult_t ncclCommCount(ncclComm_t const comm, int* size) {
    *size = comm->size;
    return ncclSuccess;
}
ncclResult_t ncclCommCuDevice(ncclComm_t const, int* device) {
    *device = here().injected("ncclCommCuDevice") == ncclSuccess ? 0 : 3; // a failure that is another device
    return ncclSuccess;
}
ncclResult_t ncclCommGetAsyncError(ncclComm_t, ncclResult_t* error) {
    *error = std::exchange(here().failed, ncclSuccess);
    return ncclSuccess;
}
char const* ncclGetErrorString(ncclResult_t result) {
    return result == ncclSuccess ? "no error" : result == ncclInvalidUsage ? "invalid usage" : "an error";
}
char const* ncclGetLastError(ncclComm_t comm) { return comm == nullptr ? "" : comm->last_error.c_str(); }

ncclResult_t ncclGroupStart() {
    auto const failed = here().injected("ncclGroupStart");
    if (failed == ncclSuccess) ++here().depth;
    return failed;
}
ncclResult_t ncclGroupEnd() {
    auto const failed = here().injected("ncclGroupEnd");
    if (--here().depth > 0) return failed;
    auto const operations = std::exchange(here().group, {});
    return failed != ncclSuccess ? failed : run(operations);
}

ncclResult_t ncclAllGather(void const* from, void* to, std::size_t n, ncclDataType_t type, ncclComm_t comm,
                           cudaStream_t) {
    here().finish_copies();
    auto const each = n * size_of(type);
    auto o = for_all("ncclAllGather", comm, from, each);
    o.receive = [=](std::vector<bytes> const& all) {
        for (std::size_t r = 0; r < all.size(); ++r) put(all[r], static_cast<std::byte*>(to) + r * each);
    };
    return begin(std::move(o));
}
ncclResult_t ncclAllReduce(void const* from, void* to, std::size_t n, ncclDataType_t type, ncclRedOp_t, ncclComm_t comm,
                           cudaStream_t) {
    here().finish_copies();
    auto o = for_all("ncclAllReduce", comm, from, n * size_of(type));
    o.receive = [=](std::vector<bytes> const& all) {
        type == ncclFloat32 ? add_up<float>(all, to) : add_up<double>(all, to);
    };
    return begin(std::move(o));
}
ncclResult_t ncclBroadcast(void const* from, void* to, std::size_t n, ncclDataType_t type, int root, ncclComm_t comm,
                           cudaStream_t) {
    here().finish_copies();
    operation o{comm, "ncclBroadcast", {}, {{root, n * size_of(type)}}, {}};
    if (comm->rank == root)
        for (int r = 0; r < comm->size; ++r) o.sent.emplace_back(r, copy_of(from, n * size_of(type)));
    o.receive = [=](std::vector<bytes> const& all) { put(all[0], to); };
    return begin(std::move(o));
}
ncclResult_t ncclSend(void const* from, std::size_t n, ncclDataType_t type, int peer, ncclComm_t comm, cudaStream_t) {
    here().finish_copies();
    operation o{comm, "ncclSend", {{peer, copy_of(from, n * size_of(type))}}, {}, [](auto const&) {}};
    return begin(std::move(o));
}
ncclResult_t ncclRecv(void* to, std::size_t n, ncclDataType_t type, int peer, ncclComm_t comm, cudaStream_t) {
    here().finish_copies();
    if (auto const failed = here().injected("ncclRecv"); failed != ncclSuccess) return failed;
    operation o{comm, "ncclSend", {}, {{peer, n * size_of(type)}}, [=](auto const& all) { put(all[0], to); }};
    return begin(std::move(o));
}
