// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <terse/terse.hpp>

namespace checks {

template <class T>
void set(terse::buffer<terse::cpu, T>& to, std::vector<T> const& values) {
    to.resize(values.size());
    std::copy(values.begin(), values.end(), to.data());
}

template <class T>
terse::dense_message<terse::cpu, T> golden_dense(std::vector<T> const& values) {
    terse::dense_message<terse::cpu, T> m;
    set(m.values, values);
    return m;
}
template <class T>
terse::sparse_message<terse::cpu, T> golden_sparse(std::size_t d, std::vector<std::uint64_t> const& indices,
                                                   std::vector<T> const& values, bool shared = false) {
    terse::sparse_message<terse::cpu, T> m;
    m.reset(d, indices.size(), shared);
    set(m.indices, indices);
    set(m.values, values);
    return m;
}
template <class T>
terse::sign_message<terse::cpu, T> golden_signs(std::size_t d, T scale, std::vector<std::uint64_t> const& bits) {
    terse::sign_message<terse::cpu, T> m;
    m.reset(d);
    m.scale = scale;
    set(m.bits, bits);
    return m;
}
template <class T>
terse::block_message<terse::cpu, T> golden_block(std::size_t d, std::size_t first, std::vector<T> const& values) {
    terse::block_message<terse::cpu, T> m;
    m.reset(d, first, values.size());
    set(m.values, values);
    return m;
}
template <class T>
terse::sketch_message<terse::cpu, T> golden_sketch(std::size_t d, std::size_t rows, std::size_t columns,
                                                   std::vector<T> const& values) {
    terse::sketch_message<terse::cpu, T> m;
    m.reset(d, rows, columns);
    set(m.values, values);
    return m;
}
template <class T>
terse::support_message<terse::cpu, T> golden_support(std::size_t d, std::vector<std::uint64_t> const& indices) {
    terse::support_message<terse::cpu, T> m;
    m.reset(d, indices.size());
    set(m.entries.indices, indices);
    return m;
}
template <class T>
terse::level_message<terse::cpu, T> golden_levels(terse::level_grid const& grid, std::vector<T> const& units,
                                                  std::vector<std::int32_t> const& levels,
                                                  terse::level_coding coding = terse::level_coding::fixed) {
    terse::level_message<terse::cpu, T> m;
    m.reset(levels.size(), grid, coding);
    set(m.units, units);
    terse::cpu::fill(terse::view<terse::cpu, std::uint64_t>(m.words), 0);
    for (std::size_t i = 0; i < levels.size(); ++i) terse::set_level_at(m.words.data(), i, grid.width(), levels[i]);
    return m;
}
template <class T>
terse::power_message<terse::cpu, T> golden_powers(std::vector<T> const& values) {
    terse::power_message<terse::cpu, T> m;
    set(m.values, values);
    return m;
}
template <class T, class M>
terse::composed_message<terse::cpu, T, M> golden_composed(terse::sparse_message<terse::cpu, T> const& support,
                                                          M const& values) {
    terse::composed_message<terse::cpu, T, M> m{support, values};
    m.expand();
    return m;
}
template <class M>
terse::bundle<M> golden_bundle(std::vector<M> const& parts) {
    terse::bundle<M> b;
    for (auto const& part : parts) {
        b.offsets.push_back(b.size);
        b.size += part.dimension();
    }
    b.parts = parts;
    return b;
}
template <class M>
M rounded(M m, terse::wire::precision to) {
    m.round_to(to, terse::view<terse::cpu, typename terse::wire::scalar_of<M>::type>());
    return m;
}

/// Calls f(file, scalar, message, envelope) for messages whose bytes in format version 1 are in the file of this name
/// in tests/fuzz/corpus. The scalar is of the type that the message is encoded with.
template <class F>
void for_each_golden(F f) {
    using namespace terse;
    using sparse = sparse_message<cpu, float>;
    using dense = dense_message<cpu, float>;
    using part = either<sparse, dense>;
    auto const fp16 = wire::precision::fp16;
    auto const bf16 = wire::precision::bf16;
    std::vector<float> const some{1.5f, -0.0f, 1e-40f, -3e38f, 0.1f};
    auto const entries = golden_sparse<float>(300, {2, 3, 200}, {1, 2, 3});
    auto const far = golden_sparse<float>(std::size_t{1} << 32, {1 << 29, std::uint64_t{3} << 29}, {1, 0.1f});
    auto const farther = golden_sparse<float>(std::size_t{1} << 50, {std::uint64_t{1} << 49}, {1});
    auto const many = golden_sparse<double>(20, {0, 1, 2, 5, 6, 7, 19}, {1, 2, 3, 4, 5, 6, 1e300});

    f("dense/golden_float", float(), golden_dense(some), wire::envelope{});
    f("dense/golden_double", double(), golden_dense<double>({0.1, -1e300}), wire::envelope{2, 3, true});
    f("dense/golden_fp16", float(), rounded(golden_dense(some), fp16), wire::envelope{1, 9, true});
    f("dense/golden_bf16", float(), rounded(golden_dense(some), bf16), wire::envelope{});
    f("dense/golden_double_fp16", double(), rounded(golden_dense<double>({0.1, -1e300, 1e-7}), fp16), wire::envelope{});
    f("sparse/golden_gaps", float(), entries, wire::envelope{5, 6, true});
    f("sparse/golden_gaps_bf16", float(), rounded(entries, bf16), wire::envelope{4, 6, true});
    f("sparse/golden_plain_32", float(), far, wire::envelope{});
    f("sparse/golden_plain_32_fp16", float(), rounded(far, fp16), wire::envelope{});
    f("sparse/golden_plain_64", float(), farther, wire::envelope{});
    f("sparse/golden_bitmap", double(), many, wire::envelope{0, std::uint64_t{1} << 40, false});
    f("sparse/golden_shared", float(), golden_sparse<float>(9, {0, 1, 2}, {7, 8, 9}, true),
      wire::envelope{7, 0, false});
    f("sparse/golden_empty", float(), golden_sparse<float>(9, {}, {}), wire::envelope{});
    f("block/golden", float(), golden_block<float>(10, 8, {1, 2, 3, 4}), wire::envelope{8, 1, false});
    f("block/golden_fp16", float(), rounded(golden_block<float>(10, 0, {1e9f, -0.1f}), fp16), wire::envelope{});
    f("block/golden_double", double(), golden_block<double>(10, 3, {0.1}), wire::envelope{3, 1, true});
    f("signs/golden", float(), golden_signs<float>(70, 0.25f, {0x123456789abcdef0, 0x2a}), wire::envelope{});
    f("signs/golden_double", double(), golden_signs<double>(3, 0, {5}), wire::envelope{1, 2, true});
    f("sketch/golden", float(), golden_sketch<float>(1000, 3, 2, {1.5f, -0.0f, 1e-40f, -3e38f, 0.1f, 2}),
      wire::envelope{});
    f("sketch/golden_double", double(), golden_sketch<double>(5, 1, 1, {0.1}), wire::envelope{1, 2, true});
    f("support/golden", float(), golden_support<float>(1000, {0, 1, 200, 999}), wire::envelope{3, 1, true});
    f("support/golden_bitmap", double(), golden_support<double>(20, {0, 1, 2, 5, 6, 7, 19}), wire::envelope{});
    f("support/golden_empty", float(), golden_support<float>(9, {}), wire::envelope{});
    std::vector<std::int32_t> many_levels;
    for (int i = 0; i < 70; ++i) many_levels.push_back(i * i % 11 - 5);
    f("levels/golden", float(), golden_levels<float>({.levels = 5, .bucket = 64}, {0.5f, 0}, many_levels),
      wire::envelope{4, 1, false});
    f("levels/golden_elias", float(),
      golden_levels<float>({.levels = 5, .bucket = 70}, {0.5f}, many_levels, level_coding::elias),
      wire::envelope{8, 1, true});
    f("levels/golden_double", double(), golden_levels<double>({.levels = 127, .bucket = 2}, {0.1, 3}, {-127, 127, 0}),
      wire::envelope{});
    f("levels/golden_large", float(),
      golden_levels<float>({.levels = 32767, .bucket = 5}, {1}, {-32767, 32767, 0, 1, -4096}, level_coding::elias),
      wire::envelope{});
    f("powers/golden", float(), golden_powers<float>({1, -0.0f, 0, -0x1p-126f, 0x1p127f}), wire::envelope{});
    f("powers/golden_double", double(), golden_powers<double>({-1, 0x1p-1022, 0x1p1023}), wire::envelope{1, 2, true});
    f("composed/golden", float(),
      golden_composed(entries, golden_levels<float>({.levels = 1, .bucket = 3}, {2}, {1, -1, 0})),
      wire::envelope{0, 3, false});
    f("composed/golden_signs", double(), golden_composed(many, golden_signs<double>(7, 1, {0x5a})),
      wire::envelope{1, 3, true});
    f("bundle/golden_signs", float(),
      golden_bundle<sign_message<cpu, float>>({golden_signs<float>(5, 1, {3}), golden_signs<float>(64, 2, {~0ull})}),
      wire::envelope{1, 2, true});
    f("bundle/golden_layers", float(),
      golden_bundle<part>(
          {{entries}, {golden_dense(some)}, {rounded(entries, bf16)}, {rounded(golden_dense(some), fp16)}}),
      wire::envelope{5, 2, false});
    f("bundle/golden_nested", float(),
      golden_bundle<bundle<sparse>>({golden_bundle<sparse>({entries, entries}), golden_bundle<sparse>({entries})}),
      wire::envelope{2, 2, true});
    f("bundle/golden_blocks", float(),
      golden_bundle<block_message<cpu, float>>({golden_block<float>(4, 0, {1, 2}), golden_block<float>(4, 1, {3})}),
      wire::envelope{4, 2, false});
}

} // namespace checks
