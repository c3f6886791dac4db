// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

#include <thrust/tabulate.h>

#include "device.cuh"
#include "options.hpp"
#include "report.hpp"

namespace bench {

using device = terse::thrust_device;
using vector = terse::buffer<device, float>;

/// Bell-shaped numbers that are a function of their place.
struct noise {
    std::uint64_t seed;

    __host__ __device__ float operator()(std::size_t i) const {
        auto h = (i + seed * 0x2545f4914f6cdd1du + 1) * 0x9e3779b97f4a7c15u;
        h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
        h ^= h >> 31;
        float sum = -2;
        for (int part = 0; part < 4; ++part, h >>= 16) sum += static_cast<float>(h & 0xffff) * 0x1p-16f;
        return sum;
    }
};
inline vector made(std::size_t d, std::uint64_t seed) {
    vector x(d);
    thrust::tabulate(thrust::device, x.data(), x.data() + d, noise{seed});
    return x;
}

/// Measures pieces of work of one dimension.
class bench {
public:
    bench(options const& o, report& out, std::size_t d) : options_(o), out_(out), d_(d) {}

    std::size_t dimension() const { return d_; }

    /// f() moves so many bytes at least.
    template <class F>
    void operator()(std::string const& name, double bytes, F f, std::size_t workers = 1) {
        if (!wanted(name)) return;
        auto const [seconds, repeats] = time(f);
        out_.add({name, d_, workers, seconds, bytes, bytes / seconds / copy_speed(), repeats});
    }
    bool wanted(std::string const& name) const { return name.find(options_.filter) != std::string::npos; }

    /// Runs what needs so much memory, or says that it does not.
    template <class F>
    void with_memory(std::string const& name, double bytes, F f, std::size_t workers = 1) {
        auto const available = static_cast<double>(free_memory());
        auto const skip = [&] {
            out_.leave_out({name, d_, workers,
                            "takes some " + std::to_string(static_cast<std::uint64_t>(bytes / 1e6)) + " MB, and " +
                                std::to_string(static_cast<std::uint64_t>(available / 1e6)) + " MB are free"});
        };
        if (bytes > 0.95 * available) return skip();
        try {
            f();
        } catch (std::bad_alloc const&) {
            skip();
        }
    }

private:
    struct timing {
        double seconds;
        std::size_t repeats;
    };

    // The median of up to 30 repeats in about a quarter of a second, after one that does not count.
    template <class F>
    timing time(F f) const {
        stopwatch clock;
        f();
        std::vector<double> all;
        double total = 0;
        while (all.empty() || (!options_.smoke && all.size() < 30 && total < 0.25)) {
            clock.start();
            f();
            all.push_back(std::max(clock.stop(), 1e-9));
            total += all.back();
        }
        std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
        return {all[all.size() / 2], all.size()};
    }
    // Bytes in a second, read and written, of a copy from memory to memory.
    double copy_speed() {
        if (copy_speed_ == 0) {
            auto const x = made(d_, 1);
            vector y(d_);
            auto const copy = time([&] { device::copy(x, terse::view<device, float>(y)); });
            copy_speed_ = 8 * static_cast<double>(d_) / copy.seconds;
        }
        return copy_speed_;
    }

    options const& options_;
    report& out_;
    std::size_t d_;
    double copy_speed_ = 0;
};

void measure_verbs(bench& b);
void measure_kernels(bench& b); ///< verbs that host systems do not have
void measure_at_once(bench& b); ///< of those, for several workers
void measure_takes(bench& b);
void measure_rounds(bench& b, std::vector<std::size_t> const& workers);

} // namespace bench
