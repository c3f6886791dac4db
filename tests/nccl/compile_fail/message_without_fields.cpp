// expect: nccl carries messages that have fields(m, visitor), see terse/wire/fields.hpp - docs/nccl.md
// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#define THRUST_DEVICE_SYSTEM THRUST_DEVICE_SYSTEM_CPP
#include <cstddef>
#include <cstdint>

#include <terse/nccl.cuh>

template <class B, class T>
struct all_of_them {
    terse::buffer<B, T> values;

    std::size_t dimension() const { return values.size(); }
    void add_to(T a, terse::view<B, T> y) const { B::axpy(a, values, y); }
    void clear_in(terse::view<B, T> y) const { B::fill(y, T(0)); }
    std::uint64_t bytes() const { return values.size() * sizeof(T); }
    double floats() const { return static_cast<double>(values.size()); }
#ifndef TERSE_EXPECT_ERROR
    // [fields]
    static void fields(auto& m, auto& visit) { visit.array(m.values); }
    // [fields]
#endif
};

struct mine {
    template <class B, class T>
    using message = all_of_them<B, T>;

    template <class B, class T>
    void compress(terse::input<B, T> in, all_of_them<B, T>& out, terse::context<B>) const {
        out.values.resize(in.size());
        B::copy(in, terse::view<B, T>(out.values));
    }
};

void train(ncclComm_t comm) {
    thrust::device_vector<float> w(10);
    auto const method = terse::compose(mine{}, terse::no_momentum{}, terse::standard_feedback{});
    auto sgd = terse::train(method, terse::nccl::cluster{.comm = comm}, w);
    sgd.step(0.1, [](terse::worker_context, auto x, auto g) { terse::thrust_device::copy<float>(x, g); });
}

int main() {}
