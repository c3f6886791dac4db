// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Simulated seconds and faults in the records of terse-lab.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "playground.hpp"

BOOST_AUTO_TEST_SUITE(clock_tests)

namespace {

using columns = std::map<std::string, std::vector<double>>;
auto const close = boost::test_tools::tolerance(1e-12);

struct setting : playground {
    setting() {
        std::string workers;
        for (int k = 0; k < 6; ++k)
            workers += std::string(k == 0 ? "" : ", ") + R"({"diag": [1, 2, 0.5], "a": [)" + std::to_string(k) +
                       ", -1, " + std::to_string(5 - 2 * k) + "]}";
        write("P.json", "{\"workers\": [" + workers + "], \"start\": [5, 5, -5]}");
        std::string data;
        for (int i = 0; i < 48; ++i)
            data += std::to_string(i % 2) + " 1:0." + std::to_string(i * 7 % 11) + " 3:1." +
                    std::to_string(i * 5 % 13) + "\n";
        write("data.txt", data);
    }
    int run(std::string const& more, int steps = 24) {
        return lab("run --problem-file P.json --lr 0.02 --steps " + std::to_string(steps) + " " + more);
    }
    // The columns of the record of such a run.
    columns record(std::string const& more) {
        BOOST_REQUIRE_MESSAGE(run(more + " --record R.csv") == 0, more << ": " << said());
        std::istringstream names(read("R.csv").substr(0, read("R.csv").find('\n')));
        auto const rows = table("R.csv");
        columns of;
        std::size_t i = 0;
        for (std::string name; std::getline(names, name, ','); ++i)
            for (auto const& row : rows) of[name].push_back(row.at(i));
        return of;
    }
    void refused(std::string const& more, std::string const& words) {
        BOOST_TEST(run(more) == 2, more << ": " << said());
        BOOST_TEST(said().find(words) != std::string::npos, "\"" << words << "\" is not in: " << said());
    }
};

std::string const slow_network = " --bandwidth 1000 --latency 0.5 --gradient-time 2";

} // namespace

BOOST_FIXTURE_TEST_CASE(the_clock_changes_no_bit, setting) {
    for (std::string const method : {"gmc --k 1", "dgc_mfm --k 2", "slowmo --period 4", "minibatch_sgd --period 3",
                                     "cser --k 1 --k1 2", "d_psgd --topology star"}) {
        BOOST_TEST(run("--method " + method + " --iterates O.csv") == 0, said());
        auto const path = read("O.csv");
        for (std::string const clock : {" --compute pareto --network ring", " --overlap 0.5 --slow-workers 2",
                                        " --latency 3 --compute lognormal --network gather"}) {
            BOOST_TEST(run("--method " + method + clock + " --iterates O.csv --record R.csv") == 0, said());
            BOOST_TEST((read("O.csv") == path), method << clock);
            BOOST_TEST(read("R.csv").find(",rcc,simulated_seconds,compute_seconds,wait_seconds,up_seconds,"
                                          "down_seconds\n") != std::string::npos);
        }
    }
}

// 6 workers, 3 doubles each; a header has 32 bytes.
BOOST_FIXTURE_TEST_CASE(seconds_are_those_of_the_formulas, setting) {
    auto const last = [](columns const& c, char const* name) { return c.at(name).back(); };
    double const dense = 32 + 3 * 8, link = 0.5 + dense / 1000;

    auto c = record("--method dsgd" + slow_network); // the messages queue at the server, and so do the copies
    BOOST_TEST(last(c, "compute_seconds") == 24 * 2.0, close);
    BOOST_TEST(last(c, "wait_seconds") == 0);
    BOOST_TEST(last(c, "up_seconds") == 24 * (link + 6 * dense / 1000), close);
    BOOST_TEST(last(c, "down_seconds") == 24 * (link + 6 * dense / 1000), close);
    for (std::size_t t = 0; t < c["t"].size(); ++t)
        BOOST_TEST(c["simulated_seconds"][t] ==
                       c["compute_seconds"][t] + c["wait_seconds"][t] + c["up_seconds"][t] + c["down_seconds"][t],
                   close);

    c = record("--method dsgd --network ring" + slow_network);
    BOOST_TEST(last(c, "up_seconds") == 24 * 5 * (0.5 + dense / 6 / 1000), close);

    // gradients of a round, and models that come together now and then: nothing moves, and nobody waits, in between
    c = record("--method minibatch_sgd --period 3" + slow_network);
    BOOST_TEST(last(c, "compute_seconds") == 24 * 3 * 2.0, close);
    c = record("--method local_sgd --period 4 --slow-workers 1 --slow-factor 3" + slow_network);
    BOOST_TEST(last(c, "compute_seconds") == 24 * (6 + 5 * 2) / 6.0, close);
    BOOST_TEST(last(c, "wait_seconds") == 24 * (6 - 16 / 6.0), close);
    BOOST_TEST(last(c, "up_seconds") == 6 * (link + dense / 1000), close); // the slow one comes when no other does
    BOOST_TEST(c["wait_seconds"][3] == 0);

    // a model, and for one of the two a momentum, to each neighbour on the method's own graph
    c = record("--method d_psgd --topology ring" + slow_network);
    BOOST_TEST(last(c, "up_seconds") == 24 * 2 * link, close);
    BOOST_TEST(last(c, "down_seconds") == 0);
    c = record("--method decentralized_sgdm --topology star" + slow_network);
    BOOST_TEST(last(c, "up_seconds") == 24 * 5 * (link + dense / 1000), close);
    c = record("--method d_psgd --topology one_peer" + slow_network);
    BOOST_TEST(last(c, "up_seconds") == 24 * link, close);
}

// Who is slow by chance is not always the same, so that it matters how often they wait for each other.
BOOST_FIXTURE_TEST_CASE(workers_wait_less_where_they_meet_less_often, setting) {
    double before = 1e9;
    for (auto const* period : {"1", "4", "24"}) {
        auto c = record(std::string("--method local_sgd --compute exponential --period ") + period);
        BOOST_TEST(c["wait_seconds"].back() < 0.8 * before, period);
        before = c["wait_seconds"].back();
    }
    BOOST_TEST(before > 0);
}

BOOST_FIXTURE_TEST_CASE(the_clock_goes_on_after_a_checkpoint, setting) {
    for (std::string const method : {"gmc --k 1 --backup-workers 1 --lose 0.2 --crash 0.05 --away 3",
                                     "local_sgd --period 5", "decentralized_sgdm --topology one_peer"}) {
        auto const all = "--method " + method + " --compute pareto --overlap 0.3 --record R.csv";
        BOOST_TEST(run(all) == 0, said());
        auto const whole = read("R.csv");
        BOOST_TEST(run(all + " --checkpoint C", 13) == 0, said());
        BOOST_TEST(run(all + " --checkpoint C --resume") == 0, said());
        BOOST_TEST((read("R.csv") == whole), method);
        BOOST_TEST(run(all + " --latency 1 --checkpoint C --resume") == 4, said());
    }
}

BOOST_FIXTURE_TEST_CASE(faults_are_counted, setting) {
    auto const all = [](columns& c, std::vector<char const*> const& names) {
        double sum = 0;
        for (auto const* name : names) sum += c[name].back();
        return sum;
    };
    std::vector<char const*> const parts{"counted", "late", "failed", "lost", "absent", "crashed"};
    auto c = record("--method gmc --k 1 --backup-workers 2");
    BOOST_TEST(c["late"].back() == 2 * 24);
    BOOST_TEST(c["counted"].back() == 4 * 24);

    c = record("--method gmc --k 1 --outage 1:3:5 2:20:100:crash");
    for (std::size_t t = 0; t < c["t"].size(); ++t) {
        auto const at = static_cast<double>(t);
        BOOST_TEST(c["absent"][t] == std::clamp(at - 3, 0.0, 5.0));
        BOOST_TEST(c["crashed"][t] == std::max(at - 20, 0.0));
    }
    for (auto const& [option, name] : std::map<std::string, std::string>{{"--lose 0.2", "failed"},
                                                                         {"--lose 0.2 --unacknowledged", "lost"},
                                                                         {"--corrupt 0.2", "corrupted"},
                                                                         {"--duplicate 0.2", "duplicated"},
                                                                         {"--delay 0.2", "delayed"},
                                                                         {"--drop-out 0.1 --away 2", "absent"},
                                                                         {"--crash 0.1 --away 2", "crashed"}})
        for (auto const* seed : {"1", "2", "3"}) {
            c = record("--method gmc --k 1 " + option + " --seed " + seed);
            BOOST_TEST(c[name].back() > 6, option);
            BOOST_TEST(c[name].back() < 72, option);
            BOOST_TEST(all(c, parts) == 6 * 24, option);
        }
    c = record("--method gmc --k 1 --lose 0.2 --corrupt 0.1 --compute exponential");
    auto const again = read("R.csv");
    record("--method gmc --k 1 --lose 0.2 --corrupt 0.1 --compute exponential --threads 3");
    BOOST_TEST((read("R.csv") == again));
    BOOST_TEST(c["failed"].back() >= c["corrupted"].back());
}

// What is held up or comes twice changes seconds and bytes, and no bit of the run; what is lost changes the run.
BOOST_FIXTURE_TEST_CASE(the_run_with_faults, setting) {
    BOOST_TEST(run("--method gmc --k 1 --iterates O.csv") == 0);
    auto const path = read("O.csv");
    auto const plain = record("--method gmc --k 1 --latency 0.1");
    auto const twice = record("--method gmc --k 1 --latency 0.1 --duplicate 0.5 --delay 0.5 --iterates O.csv");
    BOOST_TEST((read("O.csv") == path));
    BOOST_TEST(twice.at("bytes_up").back() > plain.at("bytes_up").back());
    BOOST_TEST(twice.at("bytes_down").back() == plain.at("bytes_down").back());
    BOOST_TEST(twice.at("up_seconds").back() > plain.at("up_seconds").back() + 1);
    BOOST_TEST(run("--method gmc --k 1 --lose 0.2 --iterates O.csv") == 0);
    BOOST_TEST((read("O.csv") != path));
    auto const lost = read("O.csv");
    BOOST_TEST(run("--method gmc --k 1 --lose 0.2 --iterates O.csv --seed 2") == 0);
    BOOST_TEST((read("O.csv") != lost));
    BOOST_TEST(run("--method dsgd --backup-workers 0 --outage 5:0:24 --iterates O.csv") == 0);
    // worker 5 never counts, and the sum is still divided by 6
    double w = 5;
    for (int t = 0; t < 24; ++t) w -= 0.02 * (5 * w - (0 + 1 + 2 + 3 + 4)) / 6;
    BOOST_TEST(table("O.csv").back()[1] == w, close);

    BOOST_TEST(run("--method gmc --k 1 --backup-workers 2 --compute pareto --lose 0.1 --record R.jsonl") == 0);
    auto const head = read("R.jsonl").substr(0, read("R.jsonl").find('\n'));
    for (auto const* part : {"\"network\": \"server\"", "\"compute\": \"pareto\"", "\"tail\": 1.5",
                             "\"backup-workers\": 2", "\"lose\": 0.1", "\"acknowledged\": true"})
        BOOST_TEST(head.find(part) != std::string::npos, part << " is not in " << head);
}

BOOST_FIXTURE_TEST_CASE(faults_are_refused_where_nobody_can_be_left_out, setting) {
    refused("--method local_sgd --backup-workers 1", "every worker of local_sgd has a model");
    refused("--method d_psgd --lose 0.1", "every worker of d_psgd has a model");
    refused("--method fetch_sgd --k 1 --columns 16 --drop-out 0.1", "the compressor of fetch_sgd talks");
    refused("--method gmc --k 1 --backup-workers 6", "fewer backups than workers");
    refused("--method gmc --k 1 --lose 1.5", "--lose");
    refused("--method gmc --k 1 --outage 1:2", "is not WORKER:FIRST:ROUNDS");
    refused("--method gmc --k 1 --outage 1:2:3:4", "is not WORKER:FIRST:ROUNDS");
    refused("--method gmc --k 1 --outage 9:2:3", "an outage of worker 9 of 6");
    refused("--method gmc --k 1 --compute pareto --tail 1", "the tail must be above 1");
    refused("--method gmc --k 1 --network star", "star");
}

BOOST_FIXTURE_TEST_CASE(the_comparison_measures, setting) {
    BOOST_TEST(lab("run --method gmc --problem logistic --data data.txt --workers 4 --batch 3 --lr 0.1 --steps 5 "
                   "--compute lognormal --record R.csv") == 0,
               said());
    write("a9a", read("data.txt"));
    write("a9a.t", read("data.txt"));
    BOOST_TEST(lab("compare --problems a9a --partitions iid --workers 4 --batch 3 --epochs 3 --lr 0.1 --data-dir . "
                   "--methods dmsgd,gmc,local_sgd,d_psgd --ratio 0.4 --compute exponential --output-dir c "
                   "--no-figures") == 0,
               said());
    for (auto const* words : {"waiting", "neighbours: ring, spectral gap 0.666667", "worth it? gmc is ",
                              "worth it? local_sgd is ", "worth it? d_psgd is "})
        BOOST_TEST(said().find(words) != std::string::npos, "\"" << words << "\" is not in: " << said());
    std::map<std::string, double> waited;
    for (std::string const method : {"dmsgd", "gmc", "local_sgd", "d_psgd"}) {
        auto const rows = table("c/a9a_iid_" + method + ".csv");
        BOOST_TEST(read("c/a9a_iid_" + method + ".csv")
                       .starts_with("round,loss,test_accuracy,bytes_up,bytes_down,simulated_seconds,compute_seconds,"
                                    "wait_seconds,up_seconds,down_seconds\n"));
        auto const& last = rows.back();
        BOOST_TEST(last[5] == last[6] + last[7] + last[8] + last[9], close);
        waited[method] = last[7];
    }
    BOOST_TEST(waited["dmsgd"] == waited["gmc"], close);
    BOOST_TEST(waited["local_sgd"] < 0.8 * waited["dmsgd"]);
    BOOST_TEST(read("c/results.jsonl").find("\"spectral_gap\": 0.66") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
