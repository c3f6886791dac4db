// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// The loops of the top-k selection for one instruction set, whose vectors are terse::TERSE_FORM::lanes. Included once
// for each by top_k_avx2.hpp and top_k_avx512.hpp, because a function's target cannot be a template parameter.
#if defined(TERSE_FORM)

namespace terse::TERSE_FORM {

template <class T>
TERSE_TARGET typename lanes<T>::vector read(T const* p) {
    __builtin_prefetch(p + prefetch_distance / sizeof(T));
    return lanes<T>::load(p);
}

template <class T>
TERSE_TARGET typename lanes<T>::vector evaluate(addend<T> s, std::size_t at) {
    return read(s.g + at);
}
template <class T>
TERSE_TARGET typename lanes<T>::vector evaluate(momentum_addend<T> s, std::size_t at) {
    using l = lanes<T>;
    auto const g = read(s.g + at);
    auto const m = l::add(l::multiply(l::all(s.beta), read(s.m + at)), g);
    l::store(s.m + at, m);
    return s.nesterov ? l::add(g, l::multiply(l::all(s.beta), m)) : m;
}
template <class T>
TERSE_TARGET typename lanes<T>::vector evaluate(second_addend<T> s, std::size_t at) {
    return read(s.g + at);
}

template <class T>
TERSE_TARGET typename lanes<T>::vector before(addend<T>, typename lanes<T>::vector y, std::size_t) {
    return y;
}
template <class T>
TERSE_TARGET typename lanes<T>::vector before(momentum_addend<T>, typename lanes<T>::vector y, std::size_t) {
    return y;
}
template <class T>
TERSE_TARGET typename lanes<T>::vector before(second_addend<T> s, typename lanes<T>::vector y, std::size_t at) {
    using l = lanes<T>;
    return l::add(y, l::multiply(l::all(s.s), read(s.u + at)));
}
template <class T, class Addend>
TERSE_TARGET typename lanes<T>::vector evaluate(accumulated<T, Addend> s, std::size_t at) {
    using l = lanes<T>;
    auto const e = before(s.g, read(s.e + at), at);
    auto const g = evaluate(s.g, at);
    return s.scaled() ? l::add(l::multiply(l::all(s.b), e), l::multiply(l::all(s.a), g)) : l::add(e, g);
}
template <class T>
TERSE_TARGET typename lanes<T>::vector evaluate(unchanged<T> s, std::size_t at) {
    return read(s.x + at);
}

template <class T>
struct looked_at {
    typename lanes<T>::vector v;
    typename lanes<T>::mask candidates;
};

template <class Source, class T>
TERSE_TARGET void store_cleared(Source source, cutoff<T> cut, std::size_t at, typename lanes<T>::vector v) {
    using l = lanes<T>;
    if constexpr (Source::writes) l::store(source.e + at, l::clear(l::at_least(v, cut.cleared), v));
}

template <bool Dense, class Source, class T>
TERSE_TARGET looked_at<T> look(Source source, cutoff<T> cut, std::size_t at) {
    auto const v = evaluate(source, at);
    if constexpr (Dense)
        store_cleared(source, cut, at, v);
    else if constexpr (Source::writes)
        lanes<T>::store(source.e + at, v);
    return {v, lanes<T>::at_least(v, cut.candidate)};
}

template <class T>
TERSE_TARGET void append(looked_at<T> found, std::size_t offset, candidates<T>& list) {
    using l = lanes<T>;
    auto const chosen = l::bits(found.candidates);
    l::store_values(chosen, found.v, list.value + list.count);
    l::store_offsets(chosen, static_cast<std::uint32_t>(offset), list.offset + list.count);
    list.count += static_cast<std::size_t>(std::popcount(chosen));
}

/// Appends the candidates among coordinates begin .. of a list to the list, whole vectors at a time; returns where it
/// stopped before `end`.
template <class Source, class T>
TERSE_TARGET std::size_t collect(Source source, cutoff<T> cut, candidates<T>& list, std::size_t begin,
                                 std::size_t end) {
    auto own = list;
    for (; begin + lanes<T>::count <= end; begin += lanes<T>::count)
        append(look<true>(source, cut, own.first + begin), begin, own);
    list = own;
    return begin;
}

/// The same for four lists at once, because several streams use the memory better than one. Where candidates are rare,
/// one look at four vectors finds that there is none.
template <bool Dense, class Source, class T>
TERSE_TARGET std::size_t collect_four(Source source, cutoff<T> cut, candidates<T>* lists, std::size_t begin,
                                      std::size_t end) {
    using l = lanes<T>;
    auto l0 = lists[0], l1 = lists[1], l2 = lists[2], l3 = lists[3];
    for (; begin + l::count <= end; begin += l::count) {
        auto const f0 = look<Dense>(source, cut, l0.first + begin);
        auto const f1 = look<Dense>(source, cut, l1.first + begin);
        auto const f2 = look<Dense>(source, cut, l2.first + begin);
        auto const f3 = look<Dense>(source, cut, l3.first + begin);
        if constexpr (!Dense) {
            auto const any =
                l::either(l::either(f0.candidates, f1.candidates), l::either(f2.candidates, f3.candidates));
            if (l::bits(any) == 0) continue;
            store_cleared(source, cut, l0.first + begin, f0.v);
            store_cleared(source, cut, l1.first + begin, f1.v);
            store_cleared(source, cut, l2.first + begin, f2.v);
            store_cleared(source, cut, l3.first + begin, f3.v);
        }
        append(f0, begin, l0);
        append(f1, begin, l1);
        append(f2, begin, l2);
        append(f3, begin, l3);
    }
    lists[0] = l0, lists[1] = l1, lists[2] = l2, lists[3] = l3;
    return begin;
}

/// Counts the magnitudes that are at least `from`, whole vectors at a time; returns where it stopped.
template <class T>
TERSE_TARGET std::size_t count_at_least(T const* x, std::size_t size, magnitude_t<T> from, std::size_t& n) {
    using l = lanes<T>;
    std::size_t i = 0;
    for (; i + l::count <= size; i += l::count)
        n += static_cast<std::size_t>(std::popcount(l::bits(l::at_least(l::load(x + i), from))));
    return i;
}

/// Copies the numbers whose magnitudes lie in low .. last, whole vectors at a time; `to` has room for all, and may be
/// x. Returns where it stopped.
template <class T>
TERSE_TARGET std::size_t copy_between(T const* x, std::size_t size, magnitude_t<T> low, magnitude_t<T> last, T* to,
                                      std::size_t& n) {
    using l = lanes<T>;
    std::size_t i = 0;
    for (; i + l::count <= size; i += l::count) {
        auto const v = l::load(x + i);
        auto const chosen = l::bits(l::at_least(v, low)) & ~l::bits(l::at_least(v, last + 1));
        l::store_values(chosen, v, to + n);
        n += static_cast<std::size_t>(std::popcount(chosen));
    }
    return i;
}

/// Writes the chosen candidates of a list while whole vectors fit; returns where it stopped.
template <class T>
TERSE_TARGET std::size_t write(candidates<T> const& list, T* e, magnitude_t<T> cleared, selected<T>& out) {
    using l = lanes<T>;
    auto own = out;
    std::size_t i = 0;
    unsigned not_finite_seen = 0;
    for (; i + l::count <= list.count && own.n + l::count <= own.room; i += l::count) {
        auto const v = l::load(list.value + i);
        auto chosen = l::bits(l::at_least(v, own.last + 1));
        auto equal = l::bits(l::at_least(v, own.last)) ^ chosen;
        for (; equal != 0 && own.ties > 0; equal &= equal - 1, --own.ties) chosen |= equal & (0 - equal);
        l::store_values(chosen, v, own.values + own.n);
        l::store_indices(chosen, list.first, list.offset + i, own.indices + own.n);
        own.n += static_cast<std::size_t>(std::popcount(chosen));
        not_finite_seen |= l::bits(l::at_least(v, not_finite<T>));
        if (e == nullptr) continue;
        for (auto wrong = chosen ^ l::bits(l::at_least(v, cleared)); wrong != 0; wrong &= wrong - 1) {
            auto const lane = static_cast<std::size_t>(std::countr_zero(wrong));
            auto const at = list.first + list.offset[i + lane];
            e[at] = (chosen >> lane & 1) != 0 ? T(0) : list.value[i + lane];
        }
    }
    own.finite = own.finite && not_finite_seen == 0;
    out = own;
    return i;
}

} // namespace terse::TERSE_FORM

#endif
