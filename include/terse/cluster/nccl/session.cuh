// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include <terse/cluster/concept.hpp>
#include <terse/cluster/nccl/communicator.cuh>
#include <terse/cluster/nccl/flat.cuh>
#include <terse/cluster/ranks/agreement.hpp>
#include <terse/cluster/ranks/linear.hpp>
#include <terse/cluster/topology.hpp>

namespace terse::nccl {

/// How messages get around.
enum class exchange {
    collective, ///< every rank gets all messages, and folds them in worker order
    /// NCCL adds up the messages, which must all be of the same coordinates. Faster, but not bit-exact: the order of
    /// the sums is NCCL's choice, and changes with the number of ranks and the machine.
    all_reduce
};

/// One rank's part of a cluster, which is one worker. Made by nccl::cluster.
class session {
public:
    session(communicator ranks, nccl::exchange way) : ranks_(std::move(ranks)), way_(way) {}

    std::uint32_t workers() const { return static_cast<std::uint32_t>(ranks_.size()); }
    std::uint32_t first() const { return static_cast<std::uint32_t>(ranks_.rank()); }
    std::size_t hosted() const { return 1; }
    unsigned threads() const { return 1; }
    std::size_t in_flight() const { return 1; }
    std::size_t at_once() const { return 1; }

    /// All ranks must have the same numbers.
    void require_same(std::span<named_number const> numbers) { ranks::require_same(ranks_, numbers); }
    /// From here on, all ranks must be in this round and have this learning rate.
    void begin_round(std::uint64_t round, double lr) {
        now_.round = round;
        now_.lr = lr;
    }

    /// An exception is kept until the next exchange(), where all ranks learn of it.
    template <class F>
    void for_each(std::size_t n, F&& f) {
        try {
            for (std::size_t i = 0; i < n; ++i) f(i, 0u);
        } catch (...) {
            failed_ = std::current_exception();
        }
    }
    template <class F>
    void agree(std::size_t n, F&& f) {
        for_each(n, f);
        agree_on(ranks::doing::gradients, {}, 0);
    }

    /// use(every worker's message, in worker order).
    template <class X, class F>
    void exchange(std::span<X> hosted, F&& use) {
        using M = std::remove_const_t<X>;
        auto const of = agree_on_outlines<M>(hosted[0], ranks::doing::exchange);
        lay_out(of, [](std::size_t) { return true; });
        pack<M>(hosted[0], at(first()));
        ranks_.gather(bytes_.data(), begin_);
        auto& all = received<M>();
        all.resize(workers());
        for (std::size_t k = 0; k < all.size(); ++k) unpack<M>(of[k].header, at(k), hosted[0], all[k]);
        use(std::span<M const>(all));
        between_exchanges();
    }

    /// Whether messages are added up by sum() rather than exchanged one by one.
    bool adds_up() const { return way_ == nccl::exchange::all_reduce; }
    /// hosted[0] becomes the sum of all workers' messages. Throws configuration_error on all ranks if they are not of
    /// the same coordinates.
    template <class M>
    void sum(std::span<M> hosted) {
        auto const of = agree_on_outlines<M>(hosted[0], ranks::doing::exchange);
        bool const alike = std::ranges::all_of(
            of, [&](outline const& o) { return o.bytes == of[0].bytes && o.header == of[0].header; });
        if (!alike || !ranks::for_each_values(hosted[0], [](auto) {}))
            throw configuration_error("nccl: all_reduce needs messages that have the same coordinates on all workers");
        ranks_.in_group([&] { ranks::for_each_values(hosted[0], [&](auto values) { ranks_.sum(values); }); });
        between_exchanges();
    }

    /// use(0, the messages of this worker's neighbours, in ascending order of their numbers): a span of M const*. All
    /// ranks must have the same graph.
    template <class X, class F>
    void exchange_with_neighbours(topology const& graph, std::span<X> hosted, F&& use) {
        using M = std::remove_const_t<X>;
        require_workers(graph, workers());
        auto const of = agree_on_outlines<M>(hosted[0], ranks::doing::neighbours, graph.checksum());
        auto const heard = graph.neighbours(first()), listeners = graph.listeners(first());
        lay_out(of, [&](std::size_t k) { return k == first() || std::ranges::binary_search(heard, k); });
        pack<M>(hosted[0], at(first()));

        std::vector<communicator::part> sent, arriving;
        auto const note = [&](std::vector<communicator::part>& parts, std::uint32_t peer, std::size_t whose) {
            if (of[whose].bytes != 0) parts.push_back({static_cast<int>(peer), at(whose), of[whose].bytes});
        };
        for (auto const k : listeners) note(sent, k, first());
        for (auto const k : heard) note(arriving, k, k);
        ranks_.send_and_receive(sent, arriving);

        auto& all = received<M>();
        all.resize(workers());
        for (auto const k : heard) unpack<M>(of[k].header, at(k), hosted[0], all[k]);
        for_each_neighbourhood<M>(
            graph, first(), 1, [&](std::uint32_t k) { return &all[k]; }, use);
        between_exchanges();
    }

    /// For saving and loading (run/checkpoint.hpp). All ranks must be about to do it;
    void begin_checkpoint() { agree_on(ranks::doing::checkpoint, {}, 0); }
    /// then the bytes of the first rank may go to all of them, and those of a worker to the first rank, or the other
    /// way.
    void broadcast(std::vector<std::byte>& bytes) { ranks_.broadcast(bytes, 0); }
    void to_first(std::uint32_t worker, std::vector<std::byte>& bytes) {
        ranks_.move(bytes, static_cast<int>(worker), 0);
    }
    void from_first(std::uint32_t worker, std::vector<std::byte>& bytes) {
        ranks_.move(bytes, 0, static_cast<int>(worker));
    }
    /// What is thrown next is thrown by all ranks.
    void throws_everywhere() { ranks_.throws_everywhere(true); }

private:
    void between_exchanges() { ranks_.at_stage("is between two exchanges"); }

    // The outlines' sizes of all ranks, and as much of each header as there is room for. Throws on all ranks if a
    // worker failed, or if they do not do the same. All that agree send as many numbers.
    std::vector<std::uint64_t> agree_on(ranks::doing::what what, outline const& mine, std::uint64_t graph) {
        std::vector<std::uint64_t> numbers(2 + room_);
        numbers[0] = mine.bytes;
        numbers[1] = mine.header.size();
        put(mine.header, std::span(numbers).subspan(2));
        auto doing = now_;
        doing.now = what;
        doing.graph = graph;
        ranks::failure const failed{first(), std::exchange(failed_, nullptr)};
        return ranks::agree(ranks_, doing, failed, numbers);
    }
    // Every worker's outline. Headers are as long in every round, so that from the second on there is room for them.
    template <class M>
    std::vector<outline> agree_on_outlines(M const& hosted, ranks::doing::what what, std::uint64_t graph = 0) {
        static_assert(Carried<M>, "nccl carries messages that have fields(m, visitor), see terse/wire/fields.hpp - "
                                  "docs/nccl.md");
        auto const mine = failed_ ? outline{} : outline_of(hosted); // a message that is not complete has none
        auto const width = 2 + room_;
        auto numbers = agree_on(what, mine, graph);
        std::vector<outline> all(workers());
        std::size_t longest = 0;
        for (std::size_t k = 0; k < all.size(); ++k) {
            all[k].bytes = numbers[k * width];
            all[k].header.resize(numbers[k * width + 1]);
            longest = std::max(longest, words(all[k].header.size()));
        }
        auto first_word = std::size_t{2}, each = width;
        if (longest > room_) {
            std::vector<std::uint64_t> whole(longest);
            put(mine.header, whole);
            numbers = ranks_.gather(whole);
            first_word = 0, each = longest;
            room_ = longest;
        }
        auto const bytes = std::as_bytes(std::span(numbers));
        for (std::size_t k = 0; k < all.size(); ++k) {
            auto& header = all[k].header;
            std::ranges::copy(bytes.subspan((k * each + first_word) * sizeof(std::uint64_t), header.size()),
                              header.begin());
        }
        return all;
    }
    static std::size_t words(std::size_t bytes) { return (bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t); }
    // As much as there is room for.
    static void put(std::span<std::byte const> header, std::span<std::uint64_t> numbers) {
        std::ranges::copy(header.first(std::min(header.size(), numbers.size_bytes())),
                          std::as_writable_bytes(numbers).begin());
    }

    // Makes room for the arrays of those workers that come here.
    template <class F>
    void lay_out(std::span<outline const> of, F comes) {
        begin_.assign(1, 0);
        for (std::size_t k = 0; k < of.size(); ++k) begin_.push_back(begin_.back() + (comes(k) ? of[k].bytes : 0));
        bytes_.resize(begin_.back());
    }
    std::byte* at(std::size_t worker) const { return bytes_.data() + begin_[worker]; }

    // The messages that were received in the last exchange of messages of this type, for their memory.
    template <class M>
    std::vector<M>& received() {
        auto& kept = received_[typeid(M)];
        if (!kept) kept = std::make_shared<std::vector<M>>();
        return *static_cast<std::vector<M>*>(kept.get());
    }

    communicator ranks_;
    nccl::exchange way_;
    ranks::doing now_;
    std::exception_ptr failed_;
    std::size_t room_ = 16;            // words of a header that travel when ranks agree, the same on all
    std::vector<std::uint64_t> begin_; // in bytes_: where each worker's arrays begin, and the end
    buffer<thrust_device, std::byte> bytes_;
    std::map<std::type_index, std::shared_ptr<void>> received_;
};

} // namespace terse::nccl
