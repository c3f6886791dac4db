// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

/// A folder of this test's own, gone afterwards, and terse-lab in it.
struct playground {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("terse-lab-" + std::to_string(getpid()));

    playground() { std::filesystem::create_directories(folder); }
    playground(playground const&) = delete;
    playground& operator=(playground const&) = delete;
    ~playground() {
        std::error_code code;
        std::filesystem::remove_all(folder, code);
    }

    std::string path(std::string const& name) const { return (folder / name).string(); }
    void write(std::string const& name, std::string const& text) const { std::ofstream(folder / name) << text; }
    std::string read(std::string const& name) const {
        std::ifstream in(folder / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// Runs the program in the folder and returns its exit code, -1 if it was killed; what it printed is in "said".
    int lab(std::string const& arguments, std::string const& before = "") const {
        auto const command =
            "cd '" + folder.string() + "' && " + before + "'" TERSE_LAB "' " + arguments + " > said 2>&1 < /dev/null";
        int const status = std::system(command.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string said() const { return read("said"); }

    /// The numbers of a CSV file below its header.
    std::vector<std::vector<double>> table(std::string const& name) const {
        std::ifstream in(folder / name);
        std::string line;
        std::getline(in, line);
        std::vector<std::vector<double>> rows;
        while (std::getline(in, line)) {
            rows.emplace_back();
            std::istringstream cells(line);
            for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(std::stod(cell));
        }
        return rows;
    }
};
