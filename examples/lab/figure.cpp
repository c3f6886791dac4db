// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/figure.hpp>

#include <fstream>
#include <iostream>
#include <map>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

#include <terse/error.hpp>

namespace lab {

curve_style style_of(std::string_view method) {
    static std::map<std::string_view, curve_style> const styles{
        {"dmsgd", {"DMSGD (uncompressed)", "#000000", "(8,5)"}},
        {"dgc", {"DGC without mfm", "#D55E00", "1"}},
        {"dgc_mfm", {"DGC with mfm", "#E69F00", "1"}},
        {"gmc", {"GMC", "#0072B2", "1"}},
        {"gmc_server", {"momentum on the server", "#009E73", "1"}},
        {"gmc_plus", {"GMC+", "#56B4E9", "1"}},
        {"def_a", {"DEF-A", "#CC79A7", "1"}},
    };
    auto const at = styles.find(method);
    return at == styles.end() ? curve_style{std::string(method), "#000000", "4"} : at->second;
}

std::string line_of(std::string_view method, char const* width) {
    auto const s = style_of(method);
    return "lc rgb '" + s.colour + "' lw " + width + " dt " + s.dash + " title '" + s.title + "'";
}

void make_folder(std::filesystem::path const& folder) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (!std::filesystem::is_directory(folder))
        throw terse::configuration_error("the folder \"" + folder.string() + "\" cannot be made");
}

void write_figure(std::filesystem::path const& folder, std::string const& name, int width, int height,
                  std::string const& body, std::string const& prepare) {
    std::ofstream out(folder / (name + ".gp"));
    auto const size = std::to_string(width) + "," + std::to_string(height);
    out << "# gnuplot " << name << ".gp, in this folder, draws " << name << ".svg and " << name << ".png.\n"
        << "set datafile separator ','\n"
           "set datafile missing 'inf'\n"
           "set encoding utf8\n"
           "set style line 100 lc rgb '#dddddd' lw 1\n"
           "set grid ls 100\n"
           "set border 3 lc rgb '#555555'\n"
           "set tics nomirror\n"
        << prepare
        << "do for [format in 'svg png'] {\n"
           "if (format eq 'svg') { set terminal svg size "
        << size << " font 'Helvetica,14' background rgb 'white' } else { set terminal pngcairo size " << size
        << " font 'Helvetica,11' }\n"
           "set output '"
        << name << ".'.format\n"
        << body << "unset output\n}\n";
    if (!out) throw terse::error("writing " + (folder / (name + ".gp")).string() + " failed");
}

namespace {

// Runs gnuplot in the folder; 127 if there is none.
int gnuplot(std::filesystem::path const& folder, std::string const& script) {
    auto const child = fork();
    if (child < 0) return 127;
    if (child == 0) {
        if (chdir(folder.c_str()) == 0) execlp("gnuplot", "gnuplot", script.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

} // namespace

bool draw_figures(std::filesystem::path const& folder, std::vector<std::string> const& names) {
    std::cout.flush();
    for (auto const& name : names) {
        int const code = gnuplot(folder, name + ".gp");
        if (code == 0) continue;
        std::cerr << "terse-lab: "
                  << (code == 127
                          ? "gnuplot was not found: the data and the .gp scripts are written, the figures are not"
                          : "gnuplot failed on " + name + ".gp")
                  << '\n';
        return false;
    }
    return true;
}

} // namespace lab
