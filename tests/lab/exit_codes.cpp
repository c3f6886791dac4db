// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(exit_codes)

namespace {

struct setting : playground {
    setting() {
        write("P.json",
              R"({"workers": [{"diag": [1, 2], "a": [1, 1]}, {"diag": [1, 2], "a": [0, 1]}], "start": [3, 4]})");
        write("data.txt", "+1 1:1 2:0.5\n-1 2:1\n+1 1:0.25\n-1 1:0.5 2:2\n");
    }
    // The exit code of `run` on the problem with more options.
    int run(std::string const& more) { return lab("run --problem quadratic --problem-file P.json " + more); }
    void expect(int code, int wanted, std::string const& words) {
        BOOST_TEST(code == wanted, "exit code " << code << ", not " << wanted << ": " << said());
        BOOST_TEST(said().find(words) != std::string::npos, "\"" << words << "\" is not in: " << said());
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(fine_is_0, setting) {
    expect(run("--method gmc --lr 0.1 --k 1"), 0, "distance");
    expect(lab("--help"), 0, "terse-lab methods");
    expect(lab("run --help"), 0, "--problem-file");
    expect(lab("--version"), 0, "terse-lab, ");
    expect(run("--method gmc --lr 0.1 --steps 0 --k 1"), 0, "0 rounds");
}

BOOST_FIXTURE_TEST_CASE(usage_is_2, setting) {
    expect(lab(""), 2, "subcommand");
    expect(lab("jump"), 2, "");
    expect(run("--method gcm --lr 0.1"), 2, "there is no method \"gcm\"");
    expect(run("--lr 0.1"), 2, "--method");
    expect(run("--method gmc"), 2, "either --lr or --lr-file");
    expect(run("--method gmc --lr 0"), 2, "must be positive");
    expect(run("--method gmc --lr fast"), 2, "a finite number expected");
    expect(run("--method gmc --lr 0.1 --beta 1.5"), 2, "beta must lie in [0, 1]");
    expect(run("--method gmc_plus --lr 0.1 --lambda -1"), 2, "lambda must lie in [0, 1]");
    expect(run("--method gmc --lr 0.1 --k 3"), 2, "count 3 exceeds the dimension 2");
    expect(run("--method gmc --lr 0.1 --ratio 1.5"), 2, "ratio must lie in (0, 1]");
    expect(run("--method gmc --lr 0.1 --k 1 --ratio 0.5"), 2, "");
    expect(run("--method gmc --lr 0.1 --k 1 --workers 3"), 2, "the problem has 2 workers");
    expect(run("--method gmc --lr 0.1 --k 1 --scalar half"), 2, "half");
    expect(run("--method gmc --lr 0.1 --k 1 --per-layer"), 2, "no layers");
    expect(run("--method shared_terngrad_sgd --lr 0.1 --per-layer"), 2, "no layers");
    expect(run("--method gmc --lr 0.1 --k 1 --values fp16 --block 1"), 2, "exclude each other");
    expect(run("--method gmc --lr 0.1 --k 1 --values fp8"), 2, "fp8");
    expect(run("--method gmc --lr 0.1 --k 1 --record R.txt"), 2, ".jsonl");
    expect(run("--method gmc --lr 0.1 --k 1 --iterates no/such/folder.csv"), 2, "cannot be written");
    expect(lab("run --method gmc --problem quadratic --lr 0.1"), 2, "--problem-file");
    expect(lab("run --method gmc --problem-file none.json --lr 0.1"), 2, "none.json");
    write("L.csv", "0.1\n0.1\n");
    expect(run("--method gmc --k 1 --lr-file L.csv --steps 3"), 2, "has 2 learning rates");
    expect(lab("compare --problems a10a"), 2, "a9a");
    expect(run("--method gmc --lr 0.1 --k 1 --iterates-workers X.csv"), 2, "all workers of gmc have the same model");
    expect(run("--method cser --lr 0.1 --output corrected"), 2, "the output of cser is the mean");
    expect(run("--method local_sgd --lr 0.1 --iterates-workers no/such/X.csv"), 2, "--iterates-workers: \"no/such");
    expect(run("--method local_sgd --lr 0.1 --period 0"), 2, "the period must be at least 1");
    expect(run("--method slowmo --lr 0.1 --outer-beta 2"), 2, "beta must lie in [0, 1]");
    expect(run("--method slowmo --lr 0.1 --alpha -1"), 2, "alpha must be finite and not negative");
    expect(run("--method bmuf --lr 0.1 --zeta 0"), 2, "zeta must be positive");
    expect(run("--method overlap_local_sgd --lr 0.1 --pull 2"), 2, "alpha must lie in [0, 1]");
    expect(run("--method cser --lr 0.1 --k 1 --k1 3"), 2, "count 3 exceeds the dimension 2");
    expect(run("--method pr_sgd_m --lr 0.1 --buffers keep"), 2, "keep");
    expect(run("--method power_sgd_momentum --lr 0.1"), 2, "no layers");
    expect(run("--method fetch_sgd --lr 0.1 --k 1 --rows 4"), 2, "odd number");
}

BOOST_FIXTURE_TEST_CASE(what_is_of_no_use_is_noted, setting) {
    expect(run("--method local_sgd --lr 0.1 --compressor top_k --k 1"), 0, "local_sgd has no use for --compressor");
    expect(run("--method gmc --lr 0.1 --k 1 --k1 2"), 0, "gmc has no use for --k1");
}

// --alpha is SlowMo's where there is SlowMo, otherwise the partition's.
BOOST_FIXTURE_TEST_CASE(alpha_is_of_the_method_or_of_the_partition, setting) {
    auto const dealt = [&](std::string const& more, std::string const& wanted) {
        expect(lab("run --problem logistic --data data.txt --workers 2 --batch 1 --partition dirichlet --lr 0.1 "
                   "--steps 2 " +
                   more),
               0, wanted);
    };
    dealt("--method dsgd --alpha 9", "dirichlet(9)");
    dealt("--method dsgd --dirichlet-alpha 7", "dirichlet(7)");
    dealt("--method slowmo --dirichlet-alpha 8 --alpha 0.5", "dirichlet(8)");
    dealt("--method dsgd --dirichlet-alpha 7 --alpha 9", "dsgd has no use for --alpha");
}

BOOST_FIXTURE_TEST_CASE(ranks_that_cannot_be_one_job_are_2, setting) {
    setenv("SLURM_STEP_NUM_TASKS", "3", 1);
#ifdef TERSE_LAB_MPI
    expect(run("--method gmc --lr 0.1 --k 1"), 2, "started on 3 ranks that do not find each other");
#else
    expect(run("--method gmc --lr 0.1 --k 1"), 2, "started on 3 ranks, but built without MPI");
#endif
    unsetenv("SLURM_STEP_NUM_TASKS");
}

BOOST_FIXTURE_TEST_CASE(numerical_is_3, setting) {
    expect(run("--method dmsgd --lr 50 --steps 2000"), 3, "infinite");
    expect(run("--method dmsgd --lr 50 --steps 2000 --scalar float"), 3, "worker");
    write("huge.json", R"({"workers": [{"diag": [1e308], "a": [0]}], "start": [100]})");
    expect(lab("run --method gmc --problem-file huge.json --lr 1 --k 1 --steps 1"), 3, "round 0");
    write("large.json", R"({"workers": [{"diag": [1e308, 1], "a": [-1.5, 0]}, {"diag": [1e308, 1], "a": [-1.5, 0]}],
                            "start": [0, 0]})");
    expect(lab("run --method fetch_sgd --problem-file large.json --lr 1 --k 1 --columns 16 --steps 1"), 3,
           "the sketches are too large");
}

BOOST_FIXTURE_TEST_CASE(corrupt_input_is_4, setting) {
    auto const file = [&](std::string const& text) {
        write("bad.json", text);
        return lab("run --method gmc --problem-file bad.json --lr 0.1 --k 1");
    };
    expect(file(""), 4, "bad.json:1:1");
    expect(file("{\n  \"workers\": [,]}"), 4, "bad.json:2:15");
    expect(file("[]"), 4, "must be an object");
    expect(file("{}"), 4, "has no \"workers\"");
    expect(file(R"({"workers": [], "start": []})"), 4, "at least one worker");
    expect(file(R"({"workers": [{"a": [1]}], "start": [1]})"), 4, "workers[0] needs either \"A\" or \"diag\"");
    expect(file(R"({"workers": [{"diag": [1], "A": [[1]], "a": [1]}], "start": [1]})"), 4, "needs either");
    expect(file(R"({"workers": [{"diag": [1, 2], "a": [1]}], "start": [1]})"), 4, "worker 0");
    expect(file(R"({"workers": [{"A": [[1, 2]], "a": [1, 2]}], "start": [1, 1]})"), 4, "2 rows");
    expect(file(R"({"workers": [{"A": [[1, 2], [2]], "a": [1, 2]}], "start": [1, 1]})"), 4, "workers[0].A[1]");
    expect(file(R"({"workers": [{"A": [[1, 2], [3, 1]], "a": [1, 2]}], "start": [1, 1]})"), 4, "not symmetric");
    expect(file(R"({"workers": [{"diag": [1], "a": ["x"]}], "start": [1]})"), 4, "workers[0].a must hold numbers only");
    expect(file(R"({"workers": [{"diag": [1], "a": [1]}], "start": [1, 2]})"), 4, "start must have 1 numbers");
    expect(file(R"({"workers": [{"diag": [1e999], "a": [1]}], "start": [1]})"), 4, "out of range");
    write("L.csv", "0.1\n0.1x\n");
    expect(run("--method gmc --k 1 --lr-file L.csv"), 4, "L.csv:2:4");
    write("L.csv", "0.1\n-0.1\n");
    expect(run("--method gmc --k 1 --lr-file L.csv"), 4, "L.csv:2:1");
    write("data.txt", "+1 1:1\n+1 1:one\n");
    expect(lab("run --method gmc --problem logistic --data data.txt --lr 0.1 --workers 1"), 4, "data.txt:2:6");
}

BOOST_FIXTURE_TEST_CASE(small_data_can_be_run, setting) {
    expect(
        lab("run --method gmc --problem logistic --data data.txt --test data.txt --workers 2 --batch 1 --lr 0.1 --k 1"),
        0, "test_accuracy");
    expect(
        lab("run --method gmc --problem mlp --hidden 3,2 --data data.txt --workers 2 --lr 0.1 --ratio 0.5 --per-layer "
            "--dense-below 3"),
        0, "loss");
    expect(lab("run --method shared_terngrad_sgd --problem mlp --hidden 3 --data data.txt --workers 2 --lr 0.1 "
               "--per-layer"),
           0, "loss");
    expect(lab("run --method gmc --problem softmax --data data.txt --workers 9 --lr 0.1"), 2, "not enough");
}

BOOST_FIXTURE_TEST_CASE(absent_data_is_skipped_in_sight, setting) {
    expect(lab("compare --data-dir . --output-dir c"), 0, "SKIPPED a9a");
}

BOOST_AUTO_TEST_SUITE_END()
