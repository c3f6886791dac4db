// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/toy.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <numeric>
#include <sstream>

#include <terse/problem/toy.hpp>
#include <terse/run/progress.hpp>
#include <terse/run/record.hpp>

#include <lab/engine.hpp>
#include <lab/figure.hpp>
#include <lab/methods.hpp>
#include <lab/report.hpp>
#include <lab/table.hpp>
#include <lab/task.hpp>

namespace lab {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t small_steps = 2000;
constexpr std::size_t large_steps = 4000;
constexpr std::size_t tail = 3000;
constexpr std::array table_rounds{0u, 10u, 50u, 100u, 200u, 500u, 1000u, 2000u};
constexpr std::array drawing_order{"dgc", "dgc_mfm", "gmc_server", "gmc", "dmsgd"};
constexpr std::array betas{0.5, 0.9, 0.95};
constexpr std::size_t figure_k = 2; // of 20
constexpr std::array lambdas{0.0, 0.3, 0.5, 0.8, 1.0};
constexpr std::array rbgs_methods{"def_a", "gmc_plus"};
constexpr std::size_t rbgs_seeds = 5;

using point = std::array<double, 2>;
using curves = std::map<std::string, std::vector<double>>;

// The distances of a run, and its iterates if they are asked for.
std::vector<double> follow(terse::toy<double> problem, method_settings const& m, std::size_t steps,
                           std::uint64_t seed = 1, std::vector<point>* path = nullptr) {
    auto const t = quadratic_task(std::move(problem.problem), std::move(problem.start));
    auto w = t.start;
    auto const sgd = start<double>(m, {.workers = t.workers, .seed = seed}, w);
    std::vector<double> far;
    for (std::size_t i = 0;; ++i) {
        far.push_back(distance<double>(w, *t.optimum));
        if (path != nullptr) path->push_back({w[0], w[1]});
        if (i == steps) return far;
        try {
            sgd->step(toy_lr, t.gradient);
        } catch (terse::non_finite_error const&) {
            far.resize(steps + 1, infinity);
            return far;
        }
    }
}

method_settings top(std::string const& name, std::size_t k, double beta) {
    method_settings m;
    m.name = name;
    m.compressor.k = k;
    m.beta = beta;
    return m;
}

// The tail of a run with random blocks of one coordinate: the median of several seeds.
double rbgs_tail(std::string const& method, double lambda) {
    std::array<double, rbgs_seeds> tails{};
    for (std::size_t seed = 0; seed < rbgs_seeds; ++seed) {
        auto m = top(method, 1, 0.9);
        m.compressor.name = "random_block";
        m.lambda = lambda;
        tails[seed] = tail_mean(follow(terse::toy_20(), m, large_steps, seed + 1), tail);
    }
    std::ranges::sort(tails);
    double const median = tails[rbgs_seeds / 2];
    if (!(median < 1e6)) return infinity;
    return median;
}

std::string cell(double x) {
    if (!(x < 1e6)) return "diverges";
    if (x >= 0.01 || x == 0) return short_text(x, 6);
    std::ostringstream out;
    out << std::scientific << std::setprecision(3) << x;
    return out.str();
}

void write_curves(std::filesystem::path const& file, curves const& all) {
    terse::record_file out(file);
    for (std::size_t t = 0; t < all.begin()->second.size(); ++t) {
        terse::fields line{{"t", t}};
        for (auto const* method : toy_methods) line.emplace_back(method, all.at(method)[t]);
        out.write(line);
    }
}

std::string curve_plot(std::string const& file) {
    std::string text;
    for (auto const* method : drawing_order) {
        auto const column = 2 + (std::ranges::find(toy_methods, std::string_view(method)) - toy_methods.begin());
        text += (text.empty() ? "plot '" : ", '") + file + "' using 1:" + std::to_string(column) +
                " every ::1 with lines " + line_of(method);
    }
    return text + '\n';
}

std::string distance_figure(std::string const& file, std::string const& title, std::string const& range) {
    return "set title \"" + title + "\"\nset xlabel 'round t'\nset ylabel 'distance to the optimum'\nset logscale y\n" +
           "set format y '10^{%L}'\nset yrange [" + range + "]\nset bmargin 6\nset key below Left reverse\n" +
           curve_plot(file);
}

// Figure 1: the paths over the contours of F.
void write_paths(std::filesystem::path const& folder) {
    terse::record_file out(folder / "fig1.csv");
    std::vector<std::vector<point>> paths;
    for (auto const* method : toy_methods) {
        paths.emplace_back();
        follow(terse::toy_2(), top(method, 1, 0.9), small_steps, 1, &paths.back());
    }
    for (std::size_t t = 0; t <= small_steps; ++t) {
        terse::fields line{{"t", t}};
        for (std::size_t i = 0; i < paths.size(); ++i) {
            line.emplace_back(std::string(toy_methods[i]) + "_w0", paths[i][t][0]);
            line.emplace_back(std::string(toy_methods[i]) + "_w1", paths[i][t][1]);
        }
        out.write(line);
    }
    std::string const prepare = R"($local << end
200,-100
-100,300
end
$start << end
10,10
end
$optimum << end
0,0
end
# F(x, y) - F(0, 0) = 3/4 x^2 + y^2: a contour is a stretched circle.
set print $circle
do for [i=0:360] { print sprintf('%g,%g', cos(i * pi / 180) / sqrt(0.75), sin(i * pi / 180)) }
set print
set xlabel 'w_0'
set ylabel 'w_1'
)";
    std::string body =
        R"(set multiplot layout 1,2 title "Figure 1: Toy-2 (d = 2, one coordinate sent, beta = 0.9), paths over the contours of F"
unset key
set title 'where each worker alone would go'
set xrange [-180:280]
set yrange [-150:350]
set label 1 'optimum of worker 1' at 200,-100 offset 0,-1.2 center front
set label 2 'optimum of worker 2' at -100,300 offset 0,1 center front
set label 3 'optimum of F' at 0,0 offset 2.5,0 left front
set object 1 rectangle from -16,-14 to 14,14 front fs empty border lc rgb '#000000' lw 1
plot for [r in "40 80 120 160 200 240 280 320 360"] $circle using (r*$1):(r*$2) with lines lc rgb '#bbbbbb', \
  $local using 1:2 with points pt 13 ps 1.8 lc rgb '#000000', \
  $optimum using 1:2 with points pt 3 ps 1.5 lw 2 lc rgb '#CC0000'
unset label
unset object 1
set title 'the small square, rounds 0 .. 2000'
set xrange [-16:14]
set yrange [-14:14]
set key below Left reverse
set label 4 'start' at 10,10 offset 1,0.5 front
set label 5 'optimum of F' at 0,0 offset 1.5,-0.8 front
plot for [r in "2 4 6 8 10 12 14 16 18"] $circle using (r*$1):(r*$2) with lines lc rgb '#cccccc' notitle, \
)";
    // What oscillates lies below what it would hide.
    for (auto const* method : drawing_order) {
        auto const column = 2 + 2 * (std::ranges::find(toy_methods, std::string_view(method)) - toy_methods.begin());
        body += "  'fig1.csv' using " + std::to_string(column) + ":" + std::to_string(column + 1) +
                " every ::1 with lines " + line_of(method, std::string_view(method) == "dgc" ? "0.5" : "1.8") +
                ", \\\n";
    }
    body += R"(  $optimum using 1:2 with points pt 3 ps 1.5 lw 2 lc rgb '#CC0000' notitle, \
  $start using 1:2 with points pt 7 ps 1 lc rgb '#000000' notitle
unset multiplot
unset label
)";
    write_figure(folder, "fig1", 1300, 680, body, prepare);
}

} // namespace

double tail_mean(std::vector<double> const& distances, std::size_t first) {
    auto const from = distances.begin() + static_cast<std::ptrdiff_t>(first);
    return std::accumulate(from, distances.end(), 0.0) / static_cast<double>(distances.end() - from);
}

std::vector<double> small_case(std::string const& method, std::size_t steps) {
    return follow(terse::toy_2(), top(method, 1, 0.9), steps);
}

std::vector<double> larger_case(std::string const& method, std::size_t d, std::size_t k, double beta,
                                std::size_t steps) {
    return follow(terse::toy_20(d), top(method, k, beta), steps);
}

bool toy(toy_settings const& s) {
    std::filesystem::path const folder = s.folder;
    make_folder(folder);
    claims claim;

    // Figures 1 and 2a
    curves small;
    for (auto const* method : toy_methods) small[method] = small_case(method, small_steps);
    write_paths(folder);
    write_curves(folder / "fig2a.csv", small);
    write_figure(
        folder, "fig2a", 900, 520,
        distance_figure("fig2a.csv", "Figure 2a: Toy-2 (d = 2, one coordinate sent, beta = 0.9)", "1e-15:100"));

    std::cout << "Toy-2: d = 2, one coordinate sent, beta 0.9, learning rate 0.005. Distance to the optimum:\n";
    print_row("", each(table_rounds, [](auto t) { return "t=" + std::to_string(t); }));
    terse::record_file table_small(folder / "toy-2.csv");
    for (auto const* method : toy_methods) {
        std::vector<std::string> cells;
        terse::fields line{{"method", std::string(method)}};
        for (auto const t : table_rounds) {
            cells.push_back(cell(small[method][t]));
            line.emplace_back("t" + std::to_string(t), small[method][t]);
        }
        table_small.write(line);
        print_row(style_of(method).title, cells);
    }
    // The first round from which on the distance stays below a tenth of that of the start.
    auto const settled = [&](char const* method) {
        auto const& far = small[method];
        std::size_t t = far.size();
        while (t > 0 && far[t - 1] < far[0] / 10) --t;
        return t;
    };
    auto const settled_text = [&](char const* method) {
        return settled(method) > small_steps ? "never" : "from round " + std::to_string(settled(method));
    };
    std::cout << "  within a tenth of the first distance for good: GMC " << settled_text("gmc") << ", DGC with mfm "
              << settled_text("dgc_mfm") << ", without " << settled_text("dgc") << "\n";

    // Figures 2b, 2c, 2d
    std::map<double, curves> by_beta;
    char letter = 'b';
    std::vector<std::string> figures{"fig1", "fig2a"};
    for (double const beta : betas) {
        auto& all = by_beta[beta];
        for (auto const* method : toy_methods) all[method] = larger_case(method, 20, figure_k, beta, large_steps);
        auto const name = std::string("fig2") + letter;
        write_curves(folder / (name + ".csv"), all);
        write_figure(folder, name, 900, 520,
                     distance_figure(name + ".csv",
                                     "Figure 2" + std::string(1, letter) + ": Toy-20 (d = 20, " +
                                         std::to_string(figure_k) + " coordinates sent, beta = " + short_text(beta) +
                                         ")",
                                     "1e-3:1e3"));
        figures.push_back(name);
        ++letter;
    }
    std::cout << "\nToy-20: mean distance over t = 3000 .. 4000 for three momentum values, d = 20, " << figure_k
              << " coordinates sent:\n";
    print_row("", each(betas, [](double beta) { return "beta=" + short_text(beta); }));
    for (auto const* method : toy_methods) {
        print_row(style_of(method).title,
                  each(betas, [&](double beta) { return cell(tail_mean(by_beta[beta][method], tail)); }));
    }

    // The table of tails
    std::cout << "\nToy-20: mean distance over t = 3000 .. 4000, beta 0.9, s coordinates sent:\n";
    terse::record_file table_large(folder / "toy-20.csv");
    constexpr std::array<std::pair<std::size_t, std::size_t>, 7> sizes{
        {{20, 1}, {20, 2}, {20, 5}, {20, 20}, {100, 5}, {100, 10}, {100, 20}}};
    print_row(
        "",
        each(sizes,
             [](auto const& size) { return "s=" + std::to_string(size.second) + "/" + std::to_string(size.first); }),
        10);
    std::map<std::string, std::vector<double>> tails;
    for (auto const* method : toy_methods) {
        if (std::string_view(method) == "dmsgd") continue;
        std::vector<std::string> cells;
        terse::fields line{{"method", std::string(method)}};
        for (auto const& [d, k] : sizes) {
            auto const mean = tail_mean(larger_case(method, d, k, 0.9, large_steps), tail);
            tails[method].push_back(mean);
            cells.push_back(mean < 1e-9 ? "0" : short_text(mean, 4));
            line.emplace_back("d" + std::to_string(d) + "_s" + std::to_string(k), mean);
        }
        table_large.write(line);
        print_row(style_of(method).title, cells, 10);
    }

    // Random blocks and lambda
    std::cout << "\nRandom blocks of one coordinate on Toy-20: mean distance over t = 3000 .. 4000 (the median of 5 "
                 "seeds), by lambda:\n";
    print_row("lambda", each(lambdas, [](double lambda) { return short_text(lambda); }), 10);
    std::map<std::string, std::vector<double>> sweep;
    for (auto const* method : rbgs_methods) {
        std::vector<std::string> cells;
        for (double const lambda : lambdas) {
            sweep[method].push_back(rbgs_tail(method, lambda));
            auto const x = sweep[method].back();
            cells.push_back(x < infinity ? short_text(x, 4) : "diverges");
        }
        print_row(style_of(method).title, cells, 10);
    }
    {
        terse::record_file out(folder / "rbgs.csv");
        for (std::size_t i = 0; i < lambdas.size(); ++i)
            out.write({{"lambda", lambdas[i]}, {"def_a", sweep["def_a"][i]}, {"gmc_plus", sweep["gmc_plus"][i]}});
        write_figure(folder, "rbgs", 900, 520,
                     "set title \"Random blocks of one coordinate on Toy-20 (beta = 0.9): what lambda does\"\n"
                     "set xlabel 'lambda'\nset ylabel 'mean distance, t = 3000 .. 4000'\nset logscale y\n"
                     "set yrange [1:10000]\nset xrange [-0.05:1.05]\nset key top right\n"
                     "set label 1 'DEF-A diverges at lambda = 0' at graph 0.06,0.93\n"
                     "plot 'rbgs.csv' using 1:2 every ::1 with linespoints pt 5 " +
                         line_of("def_a") + ", 'rbgs.csv' using 1:3 every ::1 with linespoints pt 7 " +
                         line_of("gmc_plus") + "\n");
        figures.emplace_back("rbgs");
    }

    std::cout << "\nWhat the GMC paper says of this experiment:\n";
    auto const& w_o = small["dgc"];
    claim.check("DGC without mfm ends up oscillating far from the optimum (Toy-2: at " + cell(w_o.back()) + ")",
                tail_mean(w_o, 1000) > small["dgc"][0] / 10);
    claim.check("GMC comes closer and stays there (Toy-2: at " + cell(small["gmc"].back()) + ")",
                settled("gmc") < small_steps && small["gmc"].back() < 1e-9);
    claim.check("DGC with mfm is stable but slower than GMC",
                settled("dgc_mfm") <= small_steps && settled("gmc") < settled("dgc_mfm"));
    for (double const beta : betas) {
        auto& all = by_beta[beta];
        auto const mean = [&](char const* method) { return tail_mean(all[method], tail); };
        claim.check("beta " + short_text(beta) + ": GMC ends closer than the local-momentum methods",
                    mean("gmc") < mean("dgc") && mean("gmc") < mean("dgc_mfm"));
    }
    bool ratio = true, order = true;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i].first == sizes[i].second) continue;
        ratio = ratio && tails["gmc"][i] < 0.3 * tails["dgc"][i];
        order = order && tails["gmc"][i] < tails["dgc_mfm"][i] && tails["dgc_mfm"][i] < tails["dgc"][i];
    }
    claim.check("every s: GMC before DGC with mfm before DGC without", order);
    claim.check("every s: GMC's neighbourhood is less than 0.3 of that of DGC without mfm", ratio);
    bool floor = true;
    for (std::size_t i = 0; i < lambdas.size(); ++i) floor = floor && sweep["gmc_plus"][i] < sweep["def_a"][i];
    claim.check("random blocks: GMC+ ends closer than DEF-A for every lambda", floor);
    claim.check("random blocks: lambda = 0 nearly fails, lambda = 0.5 works",
                sweep["gmc_plus"][0] > 10 * sweep["gmc_plus"][4] && !(sweep["def_a"][0] < infinity));

    std::cout << "\ndata:    " << (folder / "*.csv").string() << '\n';
    if (s.figures && draw_figures(folder, figures)) {
        std::cout << "figures:";
        for (auto const& f : figures) std::cout << ' ' << (folder / f).string() << ".{svg,png}";
        std::cout << '\n';
    }
    return claim.all();
}

} // namespace lab
