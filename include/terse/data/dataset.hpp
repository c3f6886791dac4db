// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <terse/error.hpp>

namespace terse {

/// The features of one example: dense (columns is empty, values has one number per feature) or sparse (values[i] stands
/// in column columns[i]). Points into the dataset.
template <class T>
struct row_view {
    std::span<T const> values;
    std::span<std::uint32_t const> columns;
    bool sparse;

    /// sum_j row_j x_j, added up in one fixed order: the same bits with every instruction set. x has one number per
    /// feature.
    T dot(std::span<T const> x) const {
        T s = 0;
        if (sparse) {
            for (std::size_t i = 0; i < values.size(); ++i) s += values[i] * x[columns[i]];
            return s;
        }
        std::array<T, 8> lane{}; // eight independent sums, so that the compiler may use vector registers
        std::size_t const whole = values.size() / 8 * 8;
        for (std::size_t i = 0; i < whole; i += 8)
            for (std::size_t l = 0; l < 8; ++l) lane[l] += values[i + l] * x[i + l];
        for (std::size_t i = whole; i < values.size(); ++i) s += values[i] * x[i];
        return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])) + s;
    }

    /// y += a row. y has one number per feature.
    void add_to(T a, std::span<T> y) const {
        if (sparse)
            for (std::size_t i = 0; i < values.size(); ++i) y[columns[i]] += a * values[i];
        else
            for (std::size_t i = 0; i < values.size(); ++i) y[i] += a * values[i];
    }

    /// y = row, with its zeros. y has one number per feature.
    void copy_to(std::span<T> y) const {
        if (sparse)
            std::ranges::fill(y, T(0));
        else
            std::ranges::copy(values, y.begin());
        for (std::size_t i = 0; i < columns.size(); ++i) y[columns[i]] = values[i];
    }
};

/// Examples for classification: rows of features, dense or sparse, and a class number per row. It does not change.
template <class T>
class dataset {
public:
    /// rows x features numbers, row by row, and the label of each row. Class c is the c-th smallest of `classes`, or of
    /// the labels that occur if `classes` is empty. Throws dimension_error for sizes that do not fit (no row, no
    /// feature), configuration_error for a NaN, an infinity or a label that is not among the classes.
    static dataset dense(std::size_t features, std::vector<T> values, std::span<std::int64_t const> labels,
                         std::vector<std::int64_t> classes = {}) {
        dataset d(features, std::move(values), labels, std::move(classes));
        if (d.values_.size() / features != labels.size() || d.values_.size() % features != 0)
            throw dimension_error("dataset: " + std::to_string(d.values_.size()) + " numbers are not " +
                                  std::to_string(labels.size()) + " rows of " + std::to_string(features) + " features");
        return d;
    }

    /// Compressed sparse rows: row i has values[offsets[i] .. offsets[i + 1]) in these columns, which ascend within a
    /// row. Throws as dense() does.
    static dataset sparse(std::size_t features, std::vector<std::size_t> offsets, std::vector<std::uint32_t> columns,
                          std::vector<T> values, std::span<std::int64_t const> labels,
                          std::vector<std::int64_t> classes = {}) {
        dataset d(features, std::move(values), labels, std::move(classes));
        if (offsets.size() != labels.size() + 1 || offsets.front() != 0 || offsets.back() != d.values_.size() ||
            columns.size() != d.values_.size() || !std::ranges::is_sorted(offsets))
            throw dimension_error("dataset: offsets, columns and values are not " + std::to_string(labels.size()) +
                                  " sparse rows");
        for (std::size_t i = 0; i + 1 < offsets.size(); ++i)
            for (std::size_t j = offsets[i]; j < offsets[i + 1]; ++j)
                if (columns[j] >= features || (j > offsets[i] && columns[j] <= columns[j - 1]))
                    throw dimension_error("dataset: row " + std::to_string(i) + ", column " +
                                          std::to_string(columns[j]) + ": columns must ascend and be below " +
                                          std::to_string(features));
        d.offsets_ = std::move(offsets);
        d.columns_ = std::move(columns);
        return d;
    }

    std::size_t rows() const { return labels_.size(); }
    std::size_t features() const { return features_; }
    bool is_sparse() const { return !offsets_.empty(); }
    /// The number of feature values in memory: rows * features if dense.
    std::size_t stored() const { return values_.size(); }

    /// The features of row i < rows().
    row_view<T> row(std::size_t i) const {
        std::span<T const> const v = values_;
        if (!is_sparse()) return {v.subspan(i * features_, features_), {}, false};
        std::size_t const first = offsets_[i], n = offsets_[i + 1] - first;
        return {v.subspan(first, n), std::span(columns_).subspan(first, n), true};
    }

    /// The class number, 0 .. classes().size() - 1, of row i.
    std::uint32_t label(std::size_t i) const { return labels_[i]; }
    std::span<std::uint32_t const> labels() const { return labels_; }
    /// What the labels were called in the source, ascending: classes()[label(i)]. Hand it to the reader of a test set.
    std::vector<std::int64_t> const& classes() const { return classes_; }

    /// The largest squared norm of a row; `extra` is added to each (1 for a bias).
    double largest_row(double extra = 0) const {
        double most = 0;
        for (std::size_t i = 0; i < rows(); ++i) {
            double s = extra;
            for (T const v : row(i).values) s += static_cast<double>(v) * static_cast<double>(v);
            most = std::max(most, s);
        }
        return most;
    }

private:
    dataset(std::size_t features, std::vector<T> values, std::span<std::int64_t const> labels,
            std::vector<std::int64_t> classes)
        : features_(features), values_(std::move(values)), classes_(std::move(classes)) {
        if (features == 0 || labels.empty()) throw dimension_error("dataset: needs at least one row and one feature");
        if (labels.size() > std::numeric_limits<std::uint32_t>::max() ||
            features - 1 > std::numeric_limits<std::uint32_t>::max())
            throw dimension_error("dataset: rows and features are numbered with 32 bits");
        for (std::size_t i = 0; i < values_.size(); ++i)
            if (!std::isfinite(values_[i]))
                throw configuration_error("dataset: feature value " + std::to_string(i) + " is NaN or infinite");
        if (classes_.empty()) classes_.assign(labels.begin(), labels.end());
        std::ranges::sort(classes_);
        classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
        labels_.reserve(labels.size());
        for (std::int64_t const l : labels) {
            auto const at = std::ranges::lower_bound(classes_, l);
            if (at == classes_.end() || *at != l)
                throw configuration_error("dataset: label " + std::to_string(l) + " of row " +
                                          std::to_string(labels_.size()) + " is not among the classes");
            labels_.push_back(static_cast<std::uint32_t>(at - classes_.begin()));
        }
    }

    std::size_t features_;
    std::vector<T> values_;
    std::vector<std::size_t> offsets_; // empty if dense
    std::vector<std::uint32_t> columns_;
    std::vector<std::uint32_t> labels_;
    std::vector<std::int64_t> classes_;
};

/// Throws dimension_error unless `rows` is a batch of rows of `data`: not empty, each below data.rows().
template <class T>
void require_rows(std::span<std::uint32_t const> rows, dataset<T> const& data) {
    if (rows.empty()) throw dimension_error("a batch needs at least one row");
    if (auto const last = std::ranges::max(rows); last >= data.rows())
        throw dimension_error("there is no row " + std::to_string(last) + " in data of " + std::to_string(data.rows()) +
                              " rows");
}

/// Throws dimension_error unless a test set has the features of the training set, configuration_error unless it has its
/// classes.
template <class T>
void require_same_kind(dataset<T> const& test, dataset<T> const& training) {
    if (test.features() != training.features())
        throw dimension_error("the test data have " + std::to_string(test.features()) +
                              " features, the training data " + std::to_string(training.features()));
    if (test.classes() != training.classes())
        throw configuration_error("the test data have other classes: read them with the classes of the training data");
}

} // namespace terse
