// SPDX-License-Identifier: BSL-1.0
// Copyright 2026 The terse authors

// The kernels of low_rank_kernels.hpp compiled for one instruction set, as top_k_frame.hpp.
#if defined(TERSE_FORM)

namespace terse::TERSE_FORM {

template <std::size_t n, detail::term_of t, class T>
TERSE_TARGET void rows_times(T a, T const* x, detail::low_rank_factors<T> less, T b, T* y, std::size_t rows,
                             std::size_t cols, T const* q, T* p) {
    low_rank<T>::template rows_times<n, t>(a, x, less, b, y, rows, cols, q, p);
}
template <std::size_t n, class T>
TERSE_TARGET void columns_times(T const* y, std::size_t rows, std::size_t cols, T const* p, T* q) {
    low_rank<T>::template columns_times<n>(y, rows, cols, p, q);
}
template <std::size_t n, class T>
TERSE_TARGET void add_outer(T a, T const* p, T const* q, std::size_t rows, std::size_t cols, T* y) {
    low_rank<T>::template add_outer<n>(a, p, q, rows, cols, y);
}

} // namespace terse::TERSE_FORM

#endif
