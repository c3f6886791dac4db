// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <terse/data/dataset.hpp>
#include <terse/error.hpp>
#include <terse/layout.hpp>
#include <terse/problem/concept.hpp>
#include <terse/problem/cross_entropy.hpp>
#include <terse/problem/l2.hpp>
#include <terse/random.hpp>

namespace terse {

struct mlp_options {
    std::vector<std::size_t> hidden{}; ///< widths of the hidden layers; none: softmax regression
    double l2 = 0;                     ///< all parameters, biases included
};

/// A multi-layer perceptron: a_0 = the features, a_l = max(0, W_l a_(l-1) + b_l) in hidden layers, logits z = W a + b
/// at the end, F(x) = mean_i (log sum_c exp z_ic - z_i,label) + l2/2 |x|^2. The parameters are layer0.weight (outputs x
/// inputs, row by row), layer0.bias, layer1.weight, .. The matrix products are Eigen's: equal bits within one binary,
/// not between instruction sets.
template <class T = float>
class mlp {
    using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using map = Eigen::Map<matrix>;
    using const_map = Eigen::Map<matrix const>;

public:
    /// What a gradient computes in. One per thread; it grows to the largest batch and is then reused.
    struct workspace {
        std::vector<std::vector<T>> layer; ///< a_0, a_1, .., z of the batch, row by row
        std::vector<T> delta, next_delta;  ///< dF/dz of a layer, and of the one below
    };

    /// configuration_error for an empty layer, fewer than two classes, or l2 that is negative or not finite.
    explicit mlp(std::shared_ptr<dataset<T> const> data, mlp_options options = {})
        : data_(std::move(data)), l2_(options.l2), width_(std::move(options.hidden)) {
        if (data_->classes().size() < 2) throw configuration_error("mlp: needs at least two classes");
        width_.insert(width_.begin(), data_->features());
        width_.push_back(data_->classes().size());
        std::vector<segment> segments;
        for (std::size_t l = 0; l < layers(); ++l) {
            std::string const name = "layer" + std::to_string(l);
            segments.push_back({name + ".weight", width_[l + 1], width_[l]});
            segments.push_back({name + ".bias", width_[l + 1], 1});
        }
        layout_ = terse::layout(std::move(segments));
    }
    explicit mlp(dataset<T> data, mlp_options options = {})
        : mlp(std::make_shared<dataset<T> const>(std::move(data)), std::move(options)) {}

    std::size_t dimension() const { return layout_.size(); }
    terse::layout const& layout() const { return layout_; }
    dataset<T> const& data() const { return *data_; }

    /// He's initial values: weights normal with variance 2 / inputs, biases 0; a pure function of the seed.
    std::vector<T> initial(std::uint64_t seed) const {
        std::vector<T> x(dimension(), T(0));
        for (std::size_t l = 0; l < layers(); ++l) {
            random_stream const random(seed, purpose::initial, shared_by_all, 0, l);
            double const scale = std::sqrt(2.0 / static_cast<double>(width_[l]));
            for (std::size_t i = 0; i < layout_[2 * l].size(); ++i)
                x[layout_.offset(2 * l) + i] = static_cast<T>(scale * random.normal(i));
        }
        return x;
    }

    /// F(x).
    double value(std::span<T const> x) const { return value(x, *data_); }
    /// F(x) with the rows of another dataset of the same features and classes.
    double value(std::span<T const> x, dataset<T> const& on) const {
        double sum = 0;
        in_chunks(x, on, [&](std::span<std::uint32_t const> rows, workspace& s) {
            for (std::size_t i = 0; i < rows.size(); ++i) sum += cross_entropy(logits(s, i), on.label(rows[i]));
        });
        return sum / static_cast<double>(on.rows()) + l2_.value(x);
    }

    /// The share of rows whose label has the largest logit; of equal ones the lowest class counts.
    double accuracy(std::span<T const> x) const { return accuracy(x, *data_); }
    double accuracy(std::span<T const> x, dataset<T> const& on) const {
        std::size_t right = 0;
        in_chunks(x, on, [&](std::span<std::uint32_t const> rows, workspace& s) {
            for (std::size_t i = 0; i < rows.size(); ++i)
                right += predicted_class(logits(s, i)) == on.label(rows[i]) ? 1u : 0u;
        });
        return static_cast<double>(right) / static_cast<double>(on.rows());
    }

    /// g = the mean gradient over these rows, plus l2 x. A row may occur more than once.
    void gradient(std::span<T const> x, std::span<std::uint32_t const> rows, std::span<T> g, workspace& scratch) const {
        require_rows(rows, *data_);
        start(x, g);
        forward(x, *data_, rows, scratch);
        backward(x, rows, rows.size(), g, scratch);
    }
    void gradient(std::span<T const> x, std::span<std::uint32_t const> rows, std::span<T> g) const {
        workspace scratch;
        gradient(x, rows, g, scratch);
    }
    /// g = grad F(x).
    void gradient(std::span<T const> x, std::span<T> g) const {
        start(x, g);
        in_chunks(x, *data_,
                  [&](std::span<std::uint32_t const> rows, workspace& s) { backward(x, rows, data_->rows(), g, s); });
    }

private:
    std::size_t layers() const { return width_.size() - 1; }
    static Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }
    static T* at_least(std::vector<T>& v, std::size_t n) {
        if (v.size() < n) v.resize(n);
        return v.data();
    }
    std::span<T const> logits(workspace const& s, std::size_t i) const {
        return {s.layer.back().data() + i * width_.back(), width_.back()};
    }
    const_map weight(std::span<T const> x, std::size_t l) const {
        return {x.data() + layout_.offset(2 * l), index(width_[l + 1]), index(width_[l])};
    }

    void start(std::span<T const> x, std::span<T> g) const {
        require_size("mlp: x", x.size(), dimension());
        require_size("mlp: the gradient", g.size(), dimension());
        l2_.gradient(x, g);
    }

    void forward(std::span<T const> x, dataset<T> const& on, std::span<std::uint32_t const> rows, workspace& s) const {
        std::size_t const n = rows.size();
        s.layer.resize(width_.size());
        T* const features = at_least(s.layer[0], n * width_[0]);
        for (std::size_t i = 0; i < n; ++i) on.row(rows[i]).copy_to({features + i * width_[0], width_[0]});
        for (std::size_t l = 0; l < layers(); ++l) {
            map z(at_least(s.layer[l + 1], n * width_[l + 1]), index(n), index(width_[l + 1]));
            const_map const a(s.layer[l].data(), index(n), index(width_[l]));
            T const* const bias = x.data() + layout_.offset(2 * l + 1);
            z.noalias() = a * weight(x, l).transpose();
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < width_[l + 1]; ++j) {
                    T& v = z(index(i), index(j));
                    v += bias[j];
                    if (l + 1 < layers() && v < 0) v = 0;
                }
        }
    }

    // g += sum over the rows of forward() of their gradients, divided by count
    void backward(std::span<T const> x, std::span<std::uint32_t const> rows, std::size_t count, std::span<T> g,
                  workspace& s) const {
        std::size_t const n = rows.size(), classes = width_.back();
        std::size_t const widest = *std::max_element(width_.begin() + 1, width_.end());
        T* const last = at_least(s.delta, n * widest); // the two are swapped: as large as either may become
        at_least(s.next_delta, n * widest);
        for (std::size_t i = 0; i < n; ++i)
            cross_entropy_slope(logits(s, i), data_->label(rows[i]), T(1) / static_cast<T>(count),
                                std::span<T>(last + i * classes, classes));
        for (std::size_t l = layers(); l-- > 0;) {
            const_map const delta(s.delta.data(), index(n), index(width_[l + 1]));
            const_map const a(s.layer[l].data(), index(n), index(width_[l]));
            map g_weight(g.data() + layout_.offset(2 * l), index(width_[l + 1]), index(width_[l]));
            T* const g_bias = g.data() + layout_.offset(2 * l + 1);
            g_weight.noalias() += delta.transpose() * a;
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j < width_[l + 1]; ++j) g_bias[j] += delta(index(i), index(j));
            if (l == 0) break;
            map below(s.next_delta.data(), index(n), index(width_[l]));
            below.noalias() = delta * weight(x, l);
            for (std::size_t i = 0; i < n * width_[l]; ++i)
                if (!(s.layer[l][i] > 0)) s.next_delta[i] = 0; // the slope of max(0, z) at 0 is taken as 0
            std::swap(s.delta, s.next_delta);
        }
    }

    // body(rows, workspace after forward()) for all rows of a dataset, some at a time
    template <class Body>
    void in_chunks(std::span<T const> x, dataset<T> const& on, Body const& body) const {
        require_size("mlp: x", x.size(), dimension());
        require_same_kind(on, *data_);
        workspace s;
        std::vector<std::uint32_t> rows(std::min<std::size_t>(on.rows(), 256));
        for (std::size_t first = 0; first < on.rows(); first += rows.size()) {
            std::size_t const n = std::min(rows.size(), on.rows() - first);
            std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
            std::span<std::uint32_t const> const these(rows.data(), n);
            forward(x, on, these, s);
            body(these, s);
        }
    }

    std::shared_ptr<dataset<T> const> data_;
    l2_penalty l2_;
    std::vector<std::size_t> width_; // features, hidden layers, classes
    terse::layout layout_;
};

} // namespace terse
