// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
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

namespace {

// What a drift run is, in plain loops: local steps with momentum, plain for beta = 0, and `sync` after every period.
struct local {
    vec w{5, 5, -5};
    std::vector<vec> x{w, w}, m{vec(d, 0.0), vec(d, 0.0)};
    std::vector<vec> means{w}, models{w, w}; // the mean after each round, and row by row all models

    void follow(double beta, bool nesterov, std::size_t period, std::function<void(local&, vec, double)> const& sync) {
        for (std::size_t t = 0; t < steps; ++t) {
            for (std::size_t n = 0; n < workers; ++n) {
                auto const g = gradient(n, x[n]);
                for (std::size_t i = 0; i < d; ++i) {
                    m[n][i] = beta * m[n][i] + g[i];
                    x[n][i] -= rate(t) * (nesterov ? g[i] + beta * m[n][i] : m[n][i]);
                }
            }
            if ((t + 1) % period == 0) sync(*this, mean(), rate(t));
            means.push_back(mean());
            for (auto const& each : x) models.push_back(each);
        }
    }
    vec mean() const {
        vec of(d);
        for (std::size_t i = 0; i < d; ++i) of[i] = (x[0][i] + x[1][i]) / 2;
        return of;
    }
    void restart() { x[0] = x[1] = w; }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(local_sgd_line_by_line, setting) {
    local run;
    run.follow(0, false, 7, [](local& all, vec const& mean, double) {
        all.w = mean;
        all.restart();
    });
    require_close(iterates("--method local_sgd --period 7 --iterates-workers X.csv"), run.means, "local_sgd");
    BOOST_TEST(read("X.csv").starts_with("t,worker,w0,w1,w2\n0,0,5,5,-5\n0,1,5,5,-5\n1,0,"));
    auto const rows = table("X.csv");
    BOOST_REQUIRE_EQUAL(rows.size(), (steps + 1) * workers);
    for (std::size_t j = 0; j < rows.size(); ++j) {
        BOOST_REQUIRE_EQUAL(rows[j].size(), d + 2);
        BOOST_TEST(rows[j][0] == static_cast<double>(j / workers));
        BOOST_TEST(rows[j][1] == static_cast<double>(j % workers));
        for (std::size_t i = 0; i < d; ++i)
            BOOST_TEST(std::abs(rows[j][i + 2] - run.models[j][i]) < 1e-12 * (1 + std::abs(run.models[j][i])));
    }
}

BOOST_FIXTURE_TEST_CASE(slowmo_line_by_line, setting) {
    local run;
    vec u(d, 0.0);
    run.follow(0.7, true, 7, [&](local& all, vec const& mean, double gamma) { // once over the step of the rate
        for (std::size_t i = 0; i < d; ++i) {
            u[i] = 0.6 * u[i] + (all.w[i] - mean[i]) / gamma;
            all.w[i] -= 0.8 * gamma * u[i];
        }
        all.restart();
        all.m.assign(workers, vec(d, 0.0));
    });
    require_close(iterates("--method slowmo --period 7 --beta 0.7 --outer-beta 0.6 --alpha 0.8"), run.means, "slowmo");
}

BOOST_FIXTURE_TEST_CASE(bmuf_and_overlap_local_sgd_line_by_line, setting) {
    for (bool const nesterov : {false, true}) {
        local run;
        vec delta(d, 0.0);
        run.follow(0, false, 3, [&](local& all, vec const& mean, double) {
            for (std::size_t i = 0; i < d; ++i) {
                double const step = 0.9 * (mean[i] - all.w[i]);
                delta[i] = 0.4 * delta[i] + step;
                all.w[i] += nesterov ? step + 0.4 * delta[i] : delta[i];
            }
            all.restart();
        });
        std::string const name = nesterov ? "bmuf_nesterov" : "bmuf";
        require_close(iterates("--method " + name + " --period 3 --outer-beta 0.4 --zeta 0.9"), run.means, name);
    }
    for (bool const momentum : {false, true}) {
        local run;
        vec v(d, 0.0);
        run.follow(momentum ? 0.5 : 0, momentum, 3, [&](local& all, vec const&, double gamma) {
            for (auto& x : all.x)
                for (std::size_t i = 0; i < d; ++i) x[i] = 0.7 * x[i] + 0.3 * all.w[i];
            auto const mean = all.mean();
            for (std::size_t i = 0; i < d; ++i) {
                v[i] = 0.2 * v[i] + (all.w[i] - mean[i]) / gamma;
                all.w[i] = momentum ? all.w[i] - gamma * v[i] : mean[i];
            }
        });
        std::string const name = momentum ? "overlap_local_sgd_m --beta 0.5 --outer-beta 0.2" : "overlap_local_sgd";
        require_close(iterates("--method " + name + " --period 3 --pull 0.3"), run.means, name);
    }
}

// What one drift method is for certain options, another method is too.
BOOST_FIXTURE_TEST_CASE(drift_methods_fall_together, setting) {
    auto const same = [&](std::string const& a, std::string const& b) {
        require_close(iterates("--method " + a), iterates("--method " + b), a + ", which should be " + b);
    };
    same("local_sgd --period 1", "dsgd");
    same("pr_sgd_m --period 1 --beta 0.8", "dmsgd_local --beta 0.8");
    same("pr_sgd_m_nesterov --period 1 --beta 0.8", "nesterov --beta 0.8");
    same("pr_sgd_m_cleared --period 1", "dsgd");
    same("pr_sgd_m --period 7 --buffers reset", "pr_sgd_m_cleared --period 7");
    same("slowmo --period 7 --outer-beta 0 --buffers average", "pr_sgd_m_nesterov --period 7");
    same("bmuf --period 7 --outer-beta 0", "local_sgd --period 7");
    same("cser --compressor identity", "dsgd");
    same("m_cser --compressor identity", "dmsgd_local");
    same("m_cser_nesterov --compressor identity", "nesterov");
    same("m_cser --compressor identity --block-averaging", "dmsgd_local");
    same("m_cser --k 1 --k1 3 --beta 0", "cser --k 1 --k1 3");
    same("qsparse_local_sgd --period 5 --compressor identity", "local_sgd --period 5");
    same("qsparse_local_sgd --period 1 --k 1", "ef_sgd --k 1");
    BOOST_TEST(difference(iterates("--method cser --k 1 --k1 1"), iterates("--method cser --k 1 --k1 2")) > 1e-6);
    BOOST_TEST(difference(iterates("--method cser --k 1 --k1 1"), iterates("--method cser --k 2 --k1 1")) > 1e-6);
    BOOST_TEST(difference(iterates("--method cser --k 1"), iterates("--method cser --k 1 --block-averaging")) > 1e-6);
    BOOST_TEST(difference(iterates("--method m_cser --k 1"), iterates("--method m_cser_nesterov --k 1")) > 1e-6);
}

BOOST_FIXTURE_TEST_CASE(methods_with_compressors_that_talk, setting) {
    vec w{5, 5, -5}; // the sketch is so wide that its estimates are exact
    std::vector<vec> m(workers, vec(d, 0.0)), e = m, path{w};
    for (std::size_t t = 0; t < steps; ++t) {
        vec mean(d, 0.0);
        for (std::size_t n = 0; n < workers; ++n) {
            auto const g = gradient(n, w);
            for (std::size_t i = 0; i < d; ++i) {
                m[n][i] = 0.8 * m[n][i] + g[i];
                e[n][i] += m[n][i];
                mean[i] += e[n][i] / workers;
            }
        }
        auto const c = top(mean);
        for (std::size_t i = 0; i < d; ++i) {
            w[i] -= rate(t) * c[i];
            for (std::size_t n = 0; n < workers && c[i] != 0; ++n) e[n][i] = m[n][i] = 0;
        }
        path.push_back(w);
    }
    require_close(iterates("--method sketched_sgd --k 1 --beta 0.8 --rows 3 --columns 160 --candidates 3"), path,
                  "sketched_sgd");
    require_close(iterates("--method fetch_sgd --k 3 --beta 0.8 --columns 160"),
                  iterates("--method dmsgd_local --beta 0.8"), "fetch_sgd without compression");
}

BOOST_FIXTURE_TEST_CASE(values_of_16_bits, setting) {
    auto const full = iterates("--method dsgd"), half = iterates("--method dsgd --values fp16");
    BOOST_TEST((difference(half, full) > 1e-6 && difference(half, full) < 1e-3));
    BOOST_TEST(difference(iterates("--method dsgd --values bf16"), full) > difference(half, full));
}

// Both with the scales of the workers, which are not the same, so that the signs are multiplied by other numbers.
BOOST_FIXTURE_TEST_CASE(shared_scales, setting) {
    auto const largest = iterates("--method shared_terngrad_sgd");
    BOOST_TEST(difference(largest, iterates("--method shared_terngrad_sgd --mean-scale")) > 1e-6);
    BOOST_TEST(difference(largest, iterates("--method shared_terngrad_sgd --threads 2")) == 0);
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
    for (auto const& m : lab::methods())
        if (m.takes_compressor || m.drifts) require_close(by(m.name, "--threads 2 --seed 9"), by(m.name), m.name);
}

BOOST_FIXTURE_TEST_CASE(every_method_takes_every_compressor, setting) {
    for (auto const& m : lab::methods())
        for (auto const* c : {"top_k --k 2", "sampled_top_k --k 2 --sample 1",
                              "sampled_top_k --ratio 0.5 --dgc-sampling", "threshold --at-least 0.1",
                              "random_k --k 2 --own-support", "random_k --k 2 --unbiased", "random_block --k 2 --grid",
                              "random_block --k 1", "scaled_sign", "scaled_sign --block 2", "top_k --k 1 --block 1"}) {
            if (!m.takes_compressor) continue;
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
    BOOST_TEST(lab("run --method cser --problem quadratic --problem-file P.json --lr 0.05 --steps 10 --k 1 --k1 2 "
                   "--record R.jsonl --health") == 0);
    auto const drift = read("R.jsonl");
    for (auto const* part : {"\"output\": \"mean\"", "\"k\": 1", "\"k1\": 2", "\"period\": \"4\"", "\"gradient_norm\"",
                             "\"model_distance\""})
        BOOST_TEST(drift.find(part) != std::string::npos, part);
    for (auto const* part : {"residual_ratio", "contraction"}) BOOST_TEST(drift.find(part) == std::string::npos, part);
}

BOOST_AUTO_TEST_SUITE_END()
