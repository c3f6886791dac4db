// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include "fuzz/message.hpp"

namespace {

using terse::bundle;
using terse::cpu;
using terse::either;

template <class T>
using sparse = terse::sparse_message<cpu, T>;
template <class T>
using signs = terse::sign_message<cpu, T>;
template <class T>
using dense = terse::dense_message<cpu, T>;

} // namespace

// Messages that are made of messages; the worker's number chooses of which ones.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const in = fuzz::as_bytes(data, size);
    switch (fuzz::worker_of(in) % 5) {
    case 0:
        fuzz::decode_as_named(in, []<class T>(T) { return bundle<either<sparse<T>, dense<T>>>(); });
        break;
    case 1:
        fuzz::decode_as_named(in, []<class T>(T) { return bundle<signs<T>>(); });
        break;
    case 2:
        fuzz::decode_as_named(in, []<class T>(T) { return bundle<bundle<sparse<T>>>(); });
        break;
    case 3:
        fuzz::decode_as_named(in, []<class T>(T) { return either<sparse<T>, signs<T>, dense<T>, bundle<signs<T>>>(); });
        break;
    default:
        fuzz::decode_as_named(in, []<class T>(T) {
            bundle<terse::block_message<cpu, T>> m;
            m.parts.resize(4); // more than may come
            for (std::size_t i = 0; i < 4; ++i) m.parts[i].first = i;
            return m;
        });
    }
    return 0;
}
