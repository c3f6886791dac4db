// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <terse/data/partition.hpp>
#include <terse/error.hpp>
#include <terse/random.hpp>

namespace terse {

/// How a worker goes through its rows. Within one batch the rows are distinct either way.
enum class sampling {
    shuffled,   ///< epoch by epoch, each in a new random order; floor(n / size) batches, the few rows left over wait
    independent ///< each batch is drawn anew from all rows of the worker
};

struct batch_options {
    std::size_t size = 32; ///< rows per batch; a worker with fewer rows uses them all
    std::uint64_t seed = 1;
    sampling mode = sampling::shuffled;
};

/// The mini-batches of one worker, a pure function of (seed, worker, round): rounds may be asked for in any order, and
/// there is nothing to save in a checkpoint. Holds scratch, so each worker needs its own. No allocation after
/// construction.
class batches {
public:
    /// `rows` is the worker's share. configuration_error if it is empty or the size is 0.
    batches(std::vector<std::uint32_t> rows, std::uint32_t worker, batch_options const& options = {})
        : rows_(std::move(rows)), order_(rows_), size_(std::min(options.size, rows_.size())), worker_(worker),
          seed_(options.seed), mode_(options.mode), swapped_(mode_ == sampling::independent ? size_ : 0) {
        if (rows_.empty()) throw configuration_error("batches: worker " + std::to_string(worker) + " has no rows");
        if (size_ == 0) throw configuration_error("batches: the size must be at least 1");
    }

    /// The rows of a round's batch, valid until the next call.
    std::span<std::uint32_t const> operator()(std::uint64_t round) {
        return mode_ == sampling::shuffled ? from_epoch(round) : drawn(round);
    }

    /// Rows per batch: size, or all rows if there are fewer.
    std::size_t size() const { return size_; }
    /// Rounds in which a shuffled worker sees each row once (but for the rows left over).
    std::size_t per_epoch() const { return rows_.size() / size_; }

private:
    std::span<std::uint32_t const> from_epoch(std::uint64_t round) {
        std::uint64_t const epoch = round / per_epoch();
        if (!ready_ || epoch != epoch_) {
            std::ranges::copy(rows_, order_.begin());
            shuffle(order_, random_stream(seed_, purpose::batch, worker_, epoch));
            epoch_ = epoch;
            ready_ = true;
        }
        return std::span<std::uint32_t const>(order_).subspan(static_cast<std::size_t>(round % per_epoch()) * size_,
                                                              size_);
    }

    // The first steps of a Fisher-Yates shuffle of the rows in their own order; the last draw is taken back first.
    std::span<std::uint32_t const> drawn(std::uint64_t round) {
        if (ready_)
            for (std::size_t i = size_; i-- > 0;) std::swap(order_[i], order_[swapped_[i]]);
        random_stream const random(seed_, purpose::batch, worker_, round, 1);
        for (std::size_t i = 0; i < size_; ++i) {
            swapped_[i] = i + static_cast<std::size_t>(random.below(i, rows_.size() - i));
            std::swap(order_[i], order_[swapped_[i]]);
        }
        ready_ = true;
        return std::span<std::uint32_t const>(order_).first(size_);
    }

    std::vector<std::uint32_t> rows_;
    std::vector<std::uint32_t> order_;
    std::size_t size_;
    std::uint32_t worker_;
    std::uint64_t seed_;
    sampling mode_;
    std::vector<std::size_t> swapped_;
    std::uint64_t epoch_ = 0;
    bool ready_ = false;
};

} // namespace terse
