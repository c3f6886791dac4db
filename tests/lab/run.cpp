// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <lab/methods.hpp>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(run_tests)

namespace {

using vec = std::vector<double>;
constexpr std::size_t d = 3, workers = 2, steps = 40, k = 1;

// Worker 0 has a dense matrix, worker 1 a diagonal one.
char const* const problem = R"({"workers": [
  {"A": [[2, 0.5, 0], [0.5, 1, 0.25], [0, 0.25, 3]], "a": [1, -2, 3]},
  {"diag": [1, 3, 0.5], "a": [-4, 2, 0.1]}
], "start": [5, 5, -5]})";

vec gradient(std::size_t worker, vec const& x) {
    if (worker == 0) {
        double const u = x[0] - 1, v = x[1] + 2, z = x[2] - 3;
        return {2 * u + 0.5 * v, 0.5 * u + v + 0.25 * z, 0.25 * v + 3 * z};
    }
    return {x[0] + 4, 3 * (x[1] - 2), 0.5 * (x[2] - 0.1)};
}

double rate(std::size_t t) { return t < 20 ? 0.05 : 0.01; }

// The k largest entries of v, the rest zero; ties to the lowest index.
vec top(vec const& v) {
    std::vector<std::size_t> order(d);
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(v[a]) > std::abs(v[b]); });
    vec c(d, 0.0);
    for (std::size_t i = 0; i < k; ++i) c[order[i]] = v[order[i]];
    return c;
}

struct setting : playground {
    setting() {
        write("P.json", problem);
        std::string rates;
        for (std::size_t t = 0; t < steps; ++t) rates += t < 20 ? "0.05\n" : "0.01\n";
        write("L.csv", rates);
    }
    std::vector<vec> iterates(std::string const& options) {
        int const code =
            lab("run --problem quadratic --problem-file P.json --lr-file L.csv --steps 40 --iterates O.csv " + options);
        BOOST_REQUIRE_MESSAGE(code == 0, options << ": " << said());
        auto rows = table("O.csv");
        BOOST_REQUIRE_EQUAL(rows.size(), steps + 1);
        for (std::size_t t = 0; t < rows.size(); ++t) {
            BOOST_REQUIRE_EQUAL(rows[t].size(), d + 1);
            BOOST_REQUIRE_EQUAL(rows[t][0], static_cast<double>(t));
            rows[t].erase(rows[t].begin());
        }
        return rows;
    }
};

// The largest relative difference of two runs.
double difference(std::vector<vec> const& a, std::vector<vec> const& b) {
    double most = 0;
    for (std::size_t t = 0; t <= steps; ++t)
        for (std::size_t i = 0; i < d; ++i)
            most = std::max(most, std::abs(a[t][i] - b[t][i]) / (1 + std::abs(b[t][i])));
    return most;
}

void require_close(std::vector<vec> const& a, std::vector<vec> const& b, std::string const& who) {
    BOOST_TEST(difference(a, b) < 1e-12, who << " is off by " << difference(a, b));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(gmc_line_by_line, setting) {
    double const beta = 0.8;
    vec w{5, 5, -5}, before = w;
    std::vector<vec> e(workers, vec(d, 0.0)), path{w};
    for (std::size_t t = 0; t < steps; ++t) {
        vec sum(d, 0.0);
        for (std::size_t n = 0; n < workers; ++n) {
            auto h = gradient(n, w);
            for (std::size_t i = 0; i < d; ++i) h[i] += e[n][i] - beta / rate(t) * (w[i] - before[i]);
            auto const c = top(h);
            for (std::size_t i = 0; i < d; ++i) e[n][i] = h[i] - c[i], sum[i] += c[i];
        }
        before = w;
        for (std::size_t i = 0; i < d; ++i) w[i] -= rate(t) * sum[i] / workers;
        path.push_back(w);
    }
    require_close(iterates("--method gmc --workers 2 --beta 0.8 --k 1 --scalar double"), path, "gmc");
    // The learning rate falls, so the sibling with the rate inside the residual must be another method.
    BOOST_TEST(difference(iterates("--method gmc_lr_inside --beta 0.8 --k 1"), path) > 1e-3);
}

BOOST_FIXTURE_TEST_CASE(dgc_with_factor_masking_line_by_line, setting) {
    vec w{5, 5, -5};
    std::vector<vec> u(workers, vec(d, 0.0)), v = u, path{w};
    for (std::size_t t = 0; t < steps; ++t) {
        vec sum(d, 0.0);
        for (std::size_t n = 0; n < workers; ++n) {
            auto const g = gradient(n, w);
            for (std::size_t i = 0; i < d; ++i) u[n][i] = 0.9 * u[n][i] + g[i], v[n][i] += u[n][i];
            auto const c = top(v[n]);
            for (std::size_t i = 0; i < d; ++i) {
                sum[i] += c[i];
                if (c[i] != 0) u[n][i] = v[n][i] = 0;
            }
        }
        for (std::size_t i = 0; i < d; ++i) w[i] -= rate(t) * sum[i] / workers;
        path.push_back(w);
    }
    require_close(iterates("--method dgc_mfm --k 1"), path, "dgc_mfm");
}

BOOST_FIXTURE_TEST_CASE(saef_double_way_with_averaging_line_by_line, setting) {
    vec w{5, 5, -5}, server(d, 0.0);
    std::vector<vec> m(workers, vec(d, 0.0)), e = m, path{w}, corrected{w};
    for (std::size_t t = 0; t < steps; ++t) {
        if ((t + 1) % 7 == 0) {
            vec mean(d, 0.0);
            for (auto const& mine : e)
                for (std::size_t i = 0; i < d; ++i) mean[i] += mine[i] / workers;
            e.assign(workers, mean);
        }
        for (std::size_t n = 0; n < workers; ++n) {
            vec y = w;
            for (std::size_t i = 0; i < d; ++i) y[i] -= e[n][i];
            auto const g = gradient(n, y);
            for (std::size_t i = 0; i < d; ++i) m[n][i] = 0.9 * m[n][i] + g[i], e[n][i] += rate(t) * m[n][i];
            auto const c = top(e[n]);
            for (std::size_t i = 0; i < d; ++i) e[n][i] -= c[i], server[i] += c[i] / workers;
        }
        auto const c = top(server);
        for (std::size_t i = 0; i < d; ++i) server[i] -= c[i], w[i] -= c[i];
        path.push_back(w);
        vec z = w;
        for (std::size_t i = 0; i < d; ++i) z[i] -= server[i] + (e[0][i] + e[1][i]) / workers;
        corrected.push_back(z);
    }
    require_close(iterates("--method saef_dc --k 1 --period 7"), path, "saef_dc");
    require_close(iterates("--method saef_dc --k 1 --period 7 --output corrected"), corrected, "saef_dc, corrected");
}

// Without compression every method is one of four, whatever the schedule (a wrong wire between name and recipe shows).
BOOST_FIXTURE_TEST_CASE(without_compression_methods_fall_together, setting) {
    auto const by = [&](std::string const& name, std::string const& more = "") {
        return iterates("--method " + name + " --compressor identity " + more);
    };
    auto const plain = by("dsgd"), heavy_ball = by("dmsgd"), momentum = by("dmsgd_local"), nesterov = by("nesterov");
    for (auto const* name : {"gmc", "gmc_plus", "gmc_server", "gmc_lr_inside"}) {
        require_close(by(name), heavy_ball, name);
        require_close(by(name, "--momentum-lr previous"), momentum, name);
    }
    for (auto const* name : {"dgc", "def_a", "ef_sgdm", "ef_sgdm_dc", "saef", "saef_dc"})
        require_close(by(name), momentum, name);
    for (auto const* name : {"dgc_mfm", "ef_sgd", "sign_sgd"}) require_close(by(name), plain, name);
    require_close(by("dist_ef_sgdm"), nesterov, "dist_ef_sgdm");
    for (auto const& m : lab::methods()) require_close(by(m.name, "--threads 2 --seed 9"), by(m.name), m.name);
}

BOOST_FIXTURE_TEST_CASE(every_method_takes_every_compressor, setting) {
    for (auto const& m : lab::methods())
        for (auto const* c : {"top_k --k 2", "sampled_top_k --k 2 --sample 1",
                              "sampled_top_k --ratio 0.5 --dgc-sampling", "threshold --at-least 0.1",
                              "random_k --k 2 --own-support", "random_k --k 2 --unbiased", "random_block --k 2 --grid",
                              "random_block --k 1", "scaled_sign", "scaled_sign --block 2", "top_k --k 1 --block 1"}) {
            int const code = lab("run --method " + m.name +
                                 " --problem quadratic --problem-file P.json --lr 0.001 --steps 3 --compressor " + c);
            BOOST_TEST(code == 0, m.name << " with " << c << ": " << said());
        }
}

BOOST_FIXTURE_TEST_CASE(float_is_float, setting) {
    auto const wide = iterates("--method gmc --k 1"), narrow = iterates("--method gmc --k 1 --scalar float");
    BOOST_TEST(wide[steps][0] != narrow[steps][0]);
    BOOST_TEST(std::abs(wide[steps][0] - narrow[steps][0]) < 1e-4);
    for (auto const& row : narrow)
        for (double const x : row) BOOST_TEST(static_cast<double>(static_cast<float>(x)) - x < 1e-6);
}

BOOST_FIXTURE_TEST_CASE(the_iterates_have_a_header_and_digits_that_round_trip, setting) {
    iterates("--method dsgd");
    auto const text = read("O.csv");
    BOOST_TEST(text.starts_with("t,w0,w1,w2\n0,5,5,-5\n1,"));
    vec w{5, 5, -5}; // exactly, because dsgd is one formula
    for (std::size_t t = 0; t < steps; ++t) {
        auto const a = gradient(0, w), b = gradient(1, w);
        for (std::size_t i = 0; i < d; ++i) w[i] -= rate(t) * ((a[i] + b[i]) / 2);
    }
    auto const last = table("O.csv").back();
    for (std::size_t i = 0; i < d; ++i) BOOST_TEST(std::abs(last[i + 1] - w[i]) <= 1e-15 * 40);
}

BOOST_FIXTURE_TEST_CASE(records_repeat_the_configuration, setting) {
    BOOST_TEST(lab("run --method gmc --problem quadratic --problem-file P.json --lr 'cosine(0.05, 0, 10)' --steps 10 "
                   "--k 1 --record R.jsonl --health") == 0);
    auto const text = read("R.jsonl");
    auto const head = text.substr(0, text.find('\n'));
    for (auto const* part : {"\"program\": \"terse-lab\"", "\"version\": \"", "\"compiler\": \"", "\"flags\": \"",
                             "\"method\": \"gmc\"", "\"k\": 1", "\"lr\": \"cosine(0.05, 0, 10)\"", "\"beta\": \"0.9\"",
                             "\"momentum-lr\": \"current\"", "\"scalar\": \"double\""})
        BOOST_TEST(head.find(part) != std::string::npos, part);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 12); // the head and t = 0 .. 10
    BOOST_TEST(lab("run --method gmc --problem quadratic --problem-file P.json --lr 0.05 --steps 10 --k 1 "
                   "--record R.csv --record-every 5") == 0);
    auto const rows = table("R.csv");
    BOOST_REQUIRE_EQUAL(rows.size(), 3u);
    BOOST_TEST(rows[2][0] == 10.0);
    BOOST_TEST(read("R.csv").starts_with("t,lr,loss,distance,bytes_up,bytes_down,rcc\n"));
}

BOOST_AUTO_TEST_SUITE_END()
