// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// What N workers held is dealt to M others as the policy says, and what it must keep is kept.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <terse/run/checkpoint.hpp>
#include <terse/terse.hpp>

namespace {

using terse::worker_change;
using vec = std::vector<double>;
constexpr std::size_t d = 11;

void noisy(terse::worker_context at, terse::view<terse::cpu, double const> x, terse::view<terse::cpu, double> g) {
    auto const random = at.random(terse::purpose::user);
    for (std::size_t i = 0; i < x.size(); ++i) g[i] = x[i] - at.worker + 4 * random.uniform(i) - 2;
}

// Momenta and residuals are vectors of their own for each worker, and the server has a residual.
auto method() { return terse::saef_dc(terse::top_k{.count = 2}, {.period = 5}); }

auto start(std::uint32_t workers, vec& w) {
    return terse::train(method(), terse::simulated{.workers = workers}, w, {.seed = 5});
}
using run_type = decltype(start(1, std::declval<vec&>()));

vec copy(auto view) { return {view.begin(), view.end()}; }
vec corrected(run_type const& run) {
    vec out(d);
    run.corrected(out);
    return out;
}
std::vector<vec> residuals(run_type const& run) {
    std::vector<vec> e;
    for (std::size_t k = 0; k < run.workers(); ++k) e.push_back(copy(run.residual(k)));
    return e;
}
std::vector<vec> momenta(run_type& run) {
    std::vector<vec> m;
    for (std::size_t k = 0; k < run.workers(); ++k) {
        terse::state_writer out;
        run.worker_state(out, k);
        terse::state_reader in(out.bytes(), d);
        m.emplace_back(d);
        in("local momentum", terse::view<terse::cpu, double>(m.back().data(), d));
    }
    return m;
}
vec sum(std::vector<vec> const& of) {
    vec s(d, 0.0);
    for (auto const& x : of)
        for (std::size_t i = 0; i < d; ++i) s[i] += x[i];
    return s;
}
vec times(double a, vec x) {
    for (double& y : x) y *= a;
    return x;
}
double difference(vec const& a, vec const& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]) / (1 + std::abs(a[i])));
    return most;
}

// State of a momentum of the user's own.
struct worker {
    std::uint64_t count = 0;
    std::vector<std::uint32_t> order{0, 1};
    std::string name = "a";
    template <class A>
    void state(A& archive) {
        archive("count", count);
        archive("order", terse::view<terse::cpu, std::uint32_t>(order.data(), order.size()));
        archive("name", name);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(worker_change_tests)

BOOST_AUTO_TEST_CASE(keeps_what_it_says) {
    for (std::uint32_t const before : {1u, 3u, 4u, 7u})
        for (std::uint32_t const now : {1u, 2u, 4u, 8u}) {
            if (before == now) continue;
            vec w(d, 1.0);
            auto old = start(before, w);
            for (int t = 0; t < 13; ++t) old.step(0.1, noisy);
            auto const saved = terse::save_state(old, "");
            auto const e = sum(residuals(old)), m = sum(momenta(old));
            BOOST_TEST(difference(e, vec(d, 0.0)) > 1e-3);
            BOOST_TEST(difference(m, vec(d, 0.0)) > 1e-3);

            for (auto const change : {worker_change::sum, worker_change::average, worker_change::reset}) {
                vec v(d);
                auto run = start(now, v);
                terse::load_state(run, saved, "", change);
                double const n = before, to = now;
                for (auto const& [total, dealt] : {std::pair{e, residuals(run)}, std::pair{m, momenta(run)}}) {
                    for (std::size_t k = 0; k < now; ++k) {
                        double const share = change == worker_change::reset     ? 0
                                             : change == worker_change::average ? 1 / n
                                             : k == 0                           ? to / n
                                                                                : 0;
                        BOOST_TEST(difference(dealt[k], times(share, total)) < 1e-14);
                    }
                    auto const kept = change == worker_change::reset ? 0 : 1 / n;
                    BOOST_TEST(difference(times(1 / to, sum(dealt)), times(kept, total)) < 1e-14); // the mean
                }
                // w itself and everything that there is once for all are as they were.
                BOOST_TEST((v == w));
                BOOST_TEST((copy(run.server_residual()) == copy(old.server_residual())));
                BOOST_TEST(run.round() == old.round());
                BOOST_TEST((run.traffic().total == old.traffic().total));
                // corrected() is kept, but for reset, which loses the mean residual.
                auto expected = corrected(old);
                if (change == worker_change::reset)
                    for (std::size_t i = 0; i < d; ++i) expected[i] += e[i] / n;
                BOOST_TEST(difference(corrected(run), expected) < 1e-14);
                run.step(0.1, noisy); // and it goes on
            }
        }
}

BOOST_AUTO_TEST_CASE(is_refused_unless_it_is_asked_for) {
    vec w(d, 1.0), v(d, -7.0);
    auto old = start(3, w);
    old.step(0.1, noisy);
    auto const saved = terse::save_state(old, "");
    auto run = start(4, v);
    auto const now = terse::save_state(run, "");
    BOOST_CHECK_EXCEPTION(terse::load_state(run, saved, ""), terse::checkpoint_error, [](auto const& e) {
        return e.section == "workers" && std::string(e.what()).find("3, not 4;") != std::string::npos;
    });
    BOOST_TEST((terse::save_state(run, "") == now));
}

// As many workers as before: the policy is not needed, and is not used.
BOOST_AUTO_TEST_CASE(of_nothing_changes_nothing) {
    vec w(d, 1.0), v(d);
    auto old = start(3, w);
    for (int t = 0; t < 4; ++t) old.step(0.1, noisy);
    auto const saved = terse::save_state(old, "");
    for (auto const change : {worker_change::sum, worker_change::average, worker_change::reset}) {
        auto run = start(3, v);
        terse::load_state(run, saved, "", change);
        BOOST_TEST((terse::save_state(run, "") == saved));
    }
}

// A run without residuals or momenta of its workers has nothing to deal.
BOOST_AUTO_TEST_CASE(of_workers_that_hold_nothing) {
    vec w(d, 1.0), v(d);
    auto old = terse::train(terse::dmsgd(), terse::simulated{.workers = 3}, w);
    old.step(0.1, noisy);
    auto run = terse::train(terse::dmsgd(), terse::simulated{.workers = 5}, v);
    terse::load_state(run, terse::save_state(old, ""), "", worker_change::sum);
    BOOST_TEST((v == w));
    run.step(0.1, noisy);
    BOOST_TEST(run.round() == 2u);
}

// What is no vector of real numbers cannot be summed: it must be the same in all workers.
BOOST_AUTO_TEST_CASE(of_other_state) {
    auto const bytes = [](worker k) {
        terse::state_writer out;
        k.state(out);
        return out.take();
    };
    auto const deal = [&](std::vector<worker> const& workers) {
        std::vector<std::vector<std::byte>> saved;
        for (auto const& k : workers) saved.push_back(bytes(k));
        std::vector<std::span<std::byte const>> const parts(saved.begin(), saved.end());
        return terse::detail::deal(parts, 3, worker_change::average, 2, worker{});
    };
    worker const other{4, {1, 0}, "b"};
    for (auto const& one : deal({other, other})) BOOST_TEST((one == bytes(other)));
    auto const refused = [&](worker const& k, char const* section) {
        BOOST_CHECK_EXCEPTION(deal({other, k}), terse::checkpoint_error,
                              [&](auto const& e) { return e.section == section; });
    };
    refused({5, {1, 0}, "b"}, "count");
    refused({4, {1, 2}, "b"}, "order");
    refused({4, {1, 0}, "c"}, "name");
}

BOOST_AUTO_TEST_SUITE_END()
