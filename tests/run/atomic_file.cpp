// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// Whenever a program dies that writes a checkpoint, the file is the old one or the new one.
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <terse/run/checkpoint.hpp>
#include <terse/terse.hpp>

namespace {

struct setting {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("terse-atomic-file-" + std::to_string(getpid()));
    std::filesystem::path path = folder / "run";
    std::filesystem::path temporary = folder / "run.new";
    std::vector<double> w = std::vector<double>(3, 1.0);

    setting() { std::filesystem::create_directories(folder); }
    setting(setting const&) = delete;
    setting& operator=(setting const&) = delete;
    ~setting() { std::filesystem::remove_all(folder); }

    static void gradient(terse::worker_context at, terse::view<terse::cpu, double const> x,
                         terse::view<terse::cpu, double> g) {
        for (std::size_t i = 0; i < 3; ++i) g[i] = x[i] - at.worker - 0.25 * static_cast<double>(i);
    }
    auto start(std::vector<double>& model) const {
        return terse::train(terse::gmc({.count = 1}), terse::simulated{.workers = 2}, model);
    }
    /// The round of the checkpoint, which is whole; 0 if there is none.
    std::uint64_t saved_round() const {
        if (!std::filesystem::exists(path)) return 0;
        std::vector<double> v(3);
        auto run = start(v);
        terse::load_checkpoint(run, path);
        return run.round();
    }
};

/// f() in a process of its own, which ends without leaving this program's way; its status.
template <class F>
int in_child(F f) {
    auto const child = fork();
    if (child == 0) {
        rlimit const no_core{0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        f();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

// No file may be longer than this; what is written beyond kills, or fails.
void limit_files(std::size_t bytes, bool kills) {
    std::signal(SIGXFSZ, kills ? SIG_DFL : SIG_IGN);
    rlimit const limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
}

std::string_view name_of(std::uint64_t call) {
    switch (call) {
    case SYS_write:
        return "write ";
    case SYS_fsync:
        return "fsync ";
#ifdef SYS_rename
    case SYS_rename:
#endif
    case SYS_renameat:
    case SYS_renameat2:
        return "rename ";
    default:
        return "";
    }
}

struct traced {
    bool possible = true;
    std::size_t calls = 0;
    std::string names; ///< of the calls that count
};

/// f() in a process of its own that is killed when it enters its n-th system call.
template <class F>
traced killed_at_call(std::size_t n, F f) {
    auto const child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(77);
        raise(SIGSTOP);
        f();
        _exit(0);
    }
    traced seen;
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return {false, 0, ""};
    ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    for (;;) {
        ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        waitpid(child, &status, 0);
        if (!WIFSTOPPED(status)) return seen;
        __ptrace_syscall_info info{};
        auto* const size = reinterpret_cast<void*>(sizeof info); // NOLINT(performance-no-int-to-ptr)
        if (ptrace(PTRACE_GET_SYSCALL_INFO, child, size, &info) <= 0) seen.possible = false;
        if (info.op != PTRACE_SYSCALL_INFO_ENTRY) continue;
        ++seen.calls;
        if (seen.calls == n || !seen.possible) kill(child, SIGKILL);
        seen.names += name_of(info.entry.nr);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(atomic_file)

BOOST_FIXTURE_TEST_CASE(outlives_a_death_at_every_byte, setting) {
    auto run = start(w);
    run.step(0.1, gradient);
    terse::save_checkpoint(run, path);
    run.step(0.1, gradient);
    auto const size = terse::save_state(run, "").size();
    BOOST_TEST(size > 100u);
    std::size_t other = 0;
    for (std::size_t n = 0; n < size; ++n) {
        int const status = in_child([&] {
            limit_files(n, true);
            terse::save_checkpoint(run, path);
        });
        bool const died = WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ;
        if (!died || std::filesystem::file_size(temporary) != n || saved_round() != 1) ++other;
    }
    BOOST_TEST(other == 0u);
    BOOST_TEST(in_child([&] {
                   limit_files(size, true);
                   terse::save_checkpoint(run, path);
               }) == 0);
    BOOST_TEST(saved_round() == 2u);
}

BOOST_FIXTURE_TEST_CASE(outlives_a_death_at_every_system_call, setting) {
    auto run = start(w);
    auto const write = [&] { terse::save_checkpoint(run, path); };
    run.step(0.1, gradient);
    write();
    run.step(0.1, gradient);
    auto const all = killed_at_call(0, write);
    if (!all.possible) {
        BOOST_TEST_MESSAGE("skipped: a process may not be traced here");
        return;
    }
    // What is renamed is on the disk, and so is the name when the call returns.
    BOOST_TEST(all.names == "write fsync rename fsync ");
    BOOST_TEST(saved_round() == 2u);

    bool renamed = false;
    for (std::size_t n = 1; n <= all.calls; ++n) {
        std::vector<double> v(3, 1.0);
        auto old = start(v);
        old.step(0.1, gradient);
        terse::save_checkpoint(old, path);
        auto const seen = killed_at_call(n, write);
        BOOST_TEST(seen.calls == n);
        auto const found = saved_round();
        BOOST_TEST((found == 1 || found == 2));
        BOOST_TEST((found == 2 || !renamed)); // never back
        renamed = found == 2;
    }
    BOOST_TEST(renamed);
}

// Killed at any time and started again, a run gets where it would have got.
BOOST_FIXTURE_TEST_CASE(outlives_many_deaths, setting) {
    auto const train = [&](std::vector<double>& model, std::uint64_t rounds) {
        auto run = start(model);
        if (std::filesystem::exists(path)) terse::load_checkpoint(run, path);
        while (run.round() < rounds) {
            run.step(0.01, gradient);
            terse::save_checkpoint(run, path);
        }
    };
    std::uint64_t last = 0;
    for (unsigned n = 0; n < 40; ++n) {
        auto const child = fork();
        if (child == 0) {
            train(w, 1'000'000);
            _exit(0);
        }
        usleep(200 * ((n * 17) % 40));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        auto const found = saved_round();
        BOOST_TEST(found >= last);
        last = found;
    }
    train(w, last + 10);
    std::filesystem::remove(path);
    std::vector<double> v(3, 1.0);
    train(v, last + 10);
    BOOST_TEST((w == v));
}

BOOST_FIXTURE_TEST_CASE(stays_where_the_disk_is_full, setting) {
    auto run = start(w);
    run.step(0.1, gradient);
    terse::save_checkpoint(run, path);
    run.step(0.1, gradient);
    int const status = in_child([&] {
        limit_files(100, false);
        try {
            terse::save_checkpoint(run, path);
        } catch (terse::checkpoint_error const& e) {
            _exit(e.section == temporary.string() ? 3 : 4);
        }
    });
    BOOST_TEST(WEXITSTATUS(status) == 3);
    BOOST_TEST(!std::filesystem::exists(temporary));
    BOOST_TEST(saved_round() == 1u);
    // Nor may it be a folder.
    std::filesystem::create_directories(folder / "folder");
    BOOST_CHECK_THROW(terse::save_checkpoint(run, folder / "folder"), terse::checkpoint_error);
    BOOST_TEST(!std::filesystem::exists(folder / "folder.new"));
    BOOST_CHECK_THROW(terse::load_checkpoint(run, folder / "folder"), terse::checkpoint_error);
}

BOOST_AUTO_TEST_SUITE_END()
