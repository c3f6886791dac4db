// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// A run that is killed and resumed, in a process of its own each time, writes what it would have written.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(resume)

namespace {

struct setting : playground {
    setting() {
        write("P.json", R"({"workers": [{"diag": [2, 1, 3, 1], "a": [1, -2, 3, 4]},
            {"diag": [1, 3, 0.5, 2], "a": [-4, 2, 0.1, 1]}, {"diag": [1, 1, 1, 1], "a": [7, 0, 0, -1]}],
            "start": [5, 5, -5, 0]})");
        std::string rates, data;
        for (int t = 0; t < 300; ++t) rates += t < 70 ? "0.05\n" : "0.01\n";
        for (int i = 0; i < 60; ++i)
            data += std::to_string(i % 2) + " 1:0." + std::to_string(i * 7 % 11) + " 3:1." +
                    std::to_string(i * 5 % 13) + "\n";
        write("L.csv", rates);
        write("data.txt", data);
    }
    /// Its files and what it said, but for the name of the checkpoint.
    std::string outcome() const {
        auto text = said();
        if (auto const at = text.find("  checkpoint"); at != std::string::npos) text.erase(at);
        return read("O.csv") + read("X.csv") + read("R.jsonl") + text;
    }
    void killed_and_resumed(std::string const& method) {
        auto const all = "run " + method + " --steps 300 --iterates O.csv --record R.jsonl --record-every 5";
        BOOST_TEST(lab(all) == 0, said());
        auto const whole = outcome();
        for (int const blocks : {8, 11, 14}) { // of 512 bytes: no file may become longer
            std::filesystem::remove(path("C"));
            auto const program = all + " --checkpoint C --every 23";
            int const code = lab(program, "ulimit -c 0; ulimit -f " + std::to_string(blocks) + "; ");
            BOOST_TEST(code != 0);
            BOOST_TEST(read("O.csv").size() + read("R.jsonl").size() < whole.size());
            BOOST_TEST(lab(program + " --resume") == 0, method << ": " << said());
            BOOST_TEST((outcome() == whole), method << " killed at " << blocks << " blocks");
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(of_every_kind_of_state, setting) {
    auto const quadratic = std::string(" --problem-file P.json --lr-file L.csv --method ");
    for (auto const* method :
         {"gmc --k 1", "gmc_server --k 1", "gmc_plus --compressor random_block --k 1",
          "dgc_mfm --k 1 --weight-decay 0.01", "saef_dc --k 1 --period 7", "dist_ef_sgdm", "ac_sa --period 3",
          "inner_outer_sgd --inner-lr 0.02", "slowmo --period 7 --iterates-workers X.csv",
          "overlap_local_sgd_m --period 5", "m_cser --k 1 --k1 2", "qsparse_local_sgd --k 1 --period 3",
          "fetch_sgd --k 1 --columns 16"})
        killed_and_resumed(quadratic + method);
    killed_and_resumed("--problem logistic --data data.txt --workers 4 --batch 3 --lr 'linear(0.1, 0.01, 200)' "
                       "--method gmc --compressor random_k --own-support --k 1");
}

BOOST_FIXTURE_TEST_CASE(of_a_run_that_was_over, setting) {
    auto const run = [&](std::string const& more) {
        return lab("run --method gmc --k 1 --problem-file P.json --lr 0.01 --record-every 20 --health --iterates O.csv "
                   "--record R.jsonl " +
                   more);
    };
    BOOST_TEST(run("--steps 50 --checkpoint C") == 0);
    auto const shorter = read("R.jsonl");
    BOOST_TEST(run("--steps 50 --checkpoint C --resume") == 0, said());
    BOOST_TEST(read("R.jsonl") == shorter); // nothing was left to do
    BOOST_TEST(run("--steps 90 --checkpoint C --resume") == 0, said());
    auto const rows = read("O.csv");
    auto const records = read("R.jsonl");
    BOOST_TEST(run("--steps 90") == 0);
    BOOST_TEST(read("O.csv") == rows);
    auto const below_head = [](std::string const& text) { return text.substr(text.find('\n')); };
    BOOST_TEST(below_head(read("R.jsonl")) == below_head(records)); // the head still says 50 steps
}

BOOST_FIXTURE_TEST_CASE(with_other_workers, setting) {
    auto const run = [&](std::string const& more) {
        return lab("run --method dgc --k 1 --problem logistic --data data.txt --batch 3 --lr 0.1 --checkpoint C " +
                   more);
    };
    BOOST_TEST(run("--workers 4 --steps 20") == 0, said());
    BOOST_TEST(run("--workers 3 --steps 40 --resume") == 4);
    BOOST_TEST(said().find("workers: 4, not 3") != std::string::npos, said());
    for (auto const* change : {"sum", "average", "reset"}) {
        BOOST_TEST(run("--workers 4 --steps 20") == 0);
        BOOST_TEST(run("--workers 3 --steps 40 --resume --changed-workers " + std::string(change)) == 0, said());
    }
    auto const drift = [&](std::string const& more) {
        return lab("run --method pr_sgd_m --problem logistic --data data.txt --batch 3 --lr 0.1 --checkpoint D " +
                   more);
    };
    BOOST_TEST(drift("--workers 4 --steps 21") == 0, said());
    for (auto const* change : {"sum", "reset"}) {
        BOOST_TEST(drift("--workers 3 --steps 40 --resume --changed-workers " + std::string(change)) == 4);
        BOOST_TEST(said().find("models can only be averaged") != std::string::npos, said());
    }
    BOOST_TEST(drift("--workers 3 --steps 40 --resume --changed-workers average") == 0, said());
}

BOOST_FIXTURE_TEST_CASE(is_refused_where_it_would_be_another_run, setting) {
    auto const run = [&](std::string const& more) {
        return lab("run --problem-file P.json --checkpoint C --lr 0.01 --steps 20 --iterates O.csv " + more);
    };
    BOOST_TEST(run("--method gmc --k 1 --resume") == 4);
    BOOST_TEST(said().find("cannot be opened") != std::string::npos, said());
    BOOST_TEST(run("--method gmc --k 1") == 0);
    for (auto const* other : {"--method dgc --k 1", "--method gmc --k 2", "--method gmc --k 1 --beta 0.8",
                              "--method gmc --k 1 --seed 2", "--method gmc --k 1 --scalar float"})
        BOOST_TEST(run(std::string(other) + " --resume") == 4, other << ": " << said());
    BOOST_TEST(run("--method gmc --k 1 --resume --steps 10") != 0);
    write("O.csv", "t,w0,w1,w2,w3\n0,5,5,-5,0\n1,5,5"); // not what the run wrote
    BOOST_TEST(run("--method gmc --k 1 --resume") == 4);
    BOOST_TEST(said().find("no row t = 20") != std::string::npos, said());
    auto state = read("C");
    state[state.size() / 2] ^= 1;
    write("C", state);
    BOOST_TEST(run("--method gmc --k 1 --resume") == 4);
    BOOST_TEST(said().find("checksum") != std::string::npos, said());
    BOOST_TEST(lab("run --method gmc --problem-file P.json --lr 0.01 --resume") == 2);
    BOOST_TEST(lab("run --method gmc --problem-file P.json --lr 0.01 --checkpoint no/such/C") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
