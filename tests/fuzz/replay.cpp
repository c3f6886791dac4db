// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/require.hpp"

// Runs a fuzz target on every file of a folder, where there is no fuzzer to do it.
int main(int argc, char** argv) {
    fuzz::require(argc == 2, "usage: replay_<target> <folder>");
    int files = 0;
    for (auto const& entry : std::filesystem::directory_iterator(argv[1])) {
        std::ifstream file(entry.path(), std::ios::binary);
        fuzz::require(file.good(), "a file that can be read");
        std::vector<char> const text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        std::vector<std::uint8_t> const bytes(text.begin(), text.end());
        std::fprintf(stderr, "%s\n", entry.path().c_str());
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
        ++files;
    }
    std::printf("%d inputs\n", files);
    return files > 0 ? 0 : 1;
}
