// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#include <lab/task.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <terse/data/text.hpp>
#include <terse/error.hpp>

namespace lab {

namespace {

using json = nlohmann::json;

// Reads parts of a JSON file; every complaint names the file and the part.
class json_reader {
public:
    explicit json_reader(std::filesystem::path const& file) : file_(file.string()) {
        auto in = terse::open_input(file);
        std::string const text{std::istreambuf_iterator<char>(in), {}};
        try {
            root = json::parse(text);
        } catch (json::parse_error const& e) {
            auto const at = std::min(e.byte == 0 ? 0 : e.byte - 1, text.size());
            std::uint64_t line = 1, column = 1;
            for (std::size_t i = 0; i < at; ++i) {
                ++column;
                if (text[i] == '\n') ++line, column = 1;
            }
            throw terse::input_error(file_, line, column, "this is no JSON");
        } catch (json::exception const&) {
            throw terse::input_error(file_, 0, 0, "a number in it is out of range");
        }
    }

    [[noreturn]] void fail(std::string const& where, std::string const& what) const {
        throw terse::input_error(file_, 0, 0, (where.empty() ? "" : where + " ") + what);
    }
    json const& member(json const& object, std::string const& where, char const* key) const {
        if (!object.is_object()) fail(where, "must be an object");
        if (!object.contains(key)) fail(where.empty() ? "it" : where, "has no \"" + std::string(key) + "\"");
        return object.at(key);
    }
    template <class T>
    std::vector<T> numbers(json const& array, std::string const& where) const {
        if (!array.is_array()) fail(where, "must be an array of numbers");
        std::vector<T> v;
        for (auto const& x : array) {
            if (!x.is_number()) fail(where, "must hold numbers only");
            v.push_back(static_cast<T>(x.get<double>()));
        }
        return v;
    }

    json root;

private:
    std::string file_;
};

} // namespace

template <class T>
task<T> read_quadratic(std::filesystem::path const& file) {
    json_reader const in(file);
    auto const& workers = in.member(in.root, "", "workers");
    if (!workers.is_array()) in.fail("workers", "must be an array");
    std::vector<terse::quadratic_term<T>> terms;
    for (auto const& w : workers) {
        auto const where = "workers[" + std::to_string(terms.size()) + "]";
        terse::quadratic_term<T> term{{}, {}, in.numbers<T>(in.member(w, where, "a"), where + ".a")};
        if (w.contains("diag") == w.contains("A")) in.fail(where, "needs either \"A\" or \"diag\"");
        if (w.contains("diag")) {
            term.diagonal = in.numbers<T>(w.at("diag"), where + ".diag");
        } else {
            auto const& rows = w.at("A");
            if (!rows.is_array() || rows.size() != term.center.size())
                in.fail(where + ".A", "must be an array of " + std::to_string(term.center.size()) + " rows");
            for (std::size_t i = 0; i < rows.size(); ++i) {
                auto const name = where + ".A[" + std::to_string(i) + "]";
                auto const row = in.numbers<T>(rows[i], name);
                if (row.size() != rows.size()) in.fail(name, "must have " + std::to_string(rows.size()) + " numbers");
                term.matrix.insert(term.matrix.end(), row.begin(), row.end());
            }
        }
        terms.push_back(std::move(term));
    }
    auto start = in.numbers<T>(in.member(in.root, "", "start"), "start");
    if (!terms.empty() && start.size() != terms[0].center.size())
        in.fail("start", "must have " + std::to_string(terms[0].center.size()) + " numbers");
    try {
        return quadratic_task(terse::quadratic<T>(std::move(terms)), std::move(start));
    } catch (terse::error const& e) {
        in.fail("", e.what());
    }
}

template task<float> read_quadratic(std::filesystem::path const&);
template task<double> read_quadratic(std::filesystem::path const&);

} // namespace lab
