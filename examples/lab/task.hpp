// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <terse/data/dataset.hpp>
#include <terse/layout.hpp>
#include <terse/problem/quadratic.hpp>

#include <lab/engine.hpp>
#include <lab/settings.hpp>

namespace lab {

/// Something to train, whatever it is.
template <class T>
struct task {
    std::string what; ///< for people
    std::uint32_t workers = 1;
    std::vector<T> start;
    gradient_function<T> gradient; ///< may be called for different workers at the same time
    std::function<double(std::span<T const>)> loss;
    std::optional<std::vector<T>> optimum;                   ///< if it is known
    std::function<double(std::span<T const>)> test_accuracy; ///< empty if there is no test set
    terse::layout layers{};                                  ///< of the parameters, if they have one
    std::uint64_t rounds_per_epoch = 0;                      ///< 0 if there are no epochs
};

/// Exact gradients of a quadratic.
template <class T>
task<T> quadratic_task(terse::quadratic<T> problem, std::vector<T> start);

/// The quadratic of a JSON file {"workers": [{"A": [[..]] or "diag": [..], "a": [..]}, ..], "start": [..]}. Throws
/// input_error.
template <class T>
task<T> read_quadratic(std::filesystem::path const& file);

template <class T>
struct data_files {
    std::shared_ptr<terse::dataset<T> const> training;
    std::shared_ptr<terse::dataset<T> const> test; ///< may be null
};

/// Reads the files: CIFAR-10 if the name ends in .bin, CSV with the label first if in .csv, LIBSVM otherwise.
template <class T>
data_files<T> read_data(data_settings const& s);

/// Mini-batch gradients of a model on data that is dealt to workers. In every round the workers together take
/// `workers * batch` rows, each in proportion to the rows that it holds, and their gradients are weighted so that their
/// mean estimates grad F for the mean F over all rows, however the rows are dealt.
template <class T>
task<T> data_task(data_files<T> const& data, data_settings const& s);

} // namespace lab
