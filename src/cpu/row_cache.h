// Rows around the current one, made on demand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/arena.h"

namespace vg::cpu {

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
