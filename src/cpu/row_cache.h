// Rows around the current one with their borders, made on demand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/arena.h"
#include "core/border.h"

namespace vg::cpu {

/// What a window reads along an axis of `n`, if its first place is `first`; -1: the
/// constant.
inline void places_of_window(Border border, int64_t first, int64_t n, std::span<int64_t> to) {
  for (size_t i = 0; i < to.size(); i++)
    to[i] = border_index(border, first + static_cast<int64_t>(i), n);
}

/// Rows of `width` pixels of `inner` values, between `left` and `right` pixels of border.
template <class T>
struct BorderedRows {
  Border border;
  T fill;  ///< the constant
  int64_t width, inner, left, right;

  int64_t size() const { return (left + width + right) * inner; }
  /// Row `y` (-1: the constant); `load(row)` brings what the image has of it.
  template <class Load>
  void make(int64_t y, T* to, Load load) const {
    T* row = to + left * inner;
    if (y < 0) {
      std::fill_n(to, size(), fill);
      return;
    }
    load(row);
    const auto outside = [&](int64_t x) {
      const int64_t from = border_index(border, x, width);
      if (from < 0)
        std::fill_n(row + x * inner, inner, fill);
      else
        std::copy_n(row + from * inner, inner, row + x * inner);
    };
    for (int64_t x = -left; x < 0; x++) outside(x);
    for (int64_t x = width; x < width + right; x++) outside(x);
  }
};

/// Rows are kept while the window of the current output row contains them.
template <class T>
class RowCache {
 public:
  RowCache(Arena& scratch, size_t slots, int64_t row_size)
      : tags_(scratch.array<int64_t>(slots)),
        row_size_(row_size),
        data_(static_cast<T*>(
            scratch.allocate(slots * static_cast<size_t>(row_size) * sizeof(T), 64))) {
    forget();
  }
  void forget() { std::fill(tags_.begin(), tags_.end(), kFree); }

  /// Pointers to the rows of `window`, which has as many taps as there are slots; `make(y, to)`
  /// fills a row.
  template <class Make>
  void collect(std::span<const int64_t> window, const T** rows, Make make) {
    for (size_t i = 0; i < window.size(); i++) {
      size_t slot = static_cast<size_t>(std::max(window[i], int64_t{0})) % tags_.size();
      if (tags_[slot] != window[i]) slot = place(window, window[i], slot, make);
      rows[i] = row(slot);
    }
  }

 private:
  static constexpr int64_t kFree = -2;

  /// Where row `y` is; if it is nowhere, it takes the slot of a row that the window does not need.
  template <class Make>
  size_t place(std::span<const int64_t> window, int64_t y, size_t slot, Make make) {
    for (size_t i = 0; i < tags_.size(); i++)
      if (tags_[i] == y) return i;
    while (std::find(window.begin(), window.end(), tags_[slot]) != window.end())
      slot = (slot + 1) % tags_.size();
    tags_[slot] = y;
    make(y, row(slot));
    return slot;
  }

  T* row(size_t slot) { return data_ + static_cast<int64_t>(slot) * row_size_; }
  std::span<int64_t> tags_;
  int64_t row_size_;
  T* data_;
};

}  // namespace vg::cpu
