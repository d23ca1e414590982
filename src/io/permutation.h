// A keyed permutation of 0..N-1 without a list in memory: a Feistel network with cycle walking.
#pragma once

#include <cmath>
#include <cstdint>

#include "core/philox.h"

namespace vg {

class Permutation {
 public:
  /// A bijection on [0, size); every key gives another one.
  Permutation(uint64_t size, uint64_t key) : size_(size), key_(key) {
    // Halves of unequal range make the domain rows * columns hardly larger than N, so that almost
    // no value has to be walked on.
    rows_ = static_cast<uint64_t>(std::sqrt(static_cast<double>(size)));
    while (rows_ * rows_ < size) rows_++;
    if (rows_ == 0) rows_ = 1;
    columns_ = (size + rows_ - 1) / rows_;
    if (columns_ == 0) columns_ = 1;
  }

  uint64_t operator()(uint64_t index) const {
    do index = once(index);
    while (index >= size_);
    return index;
  }

 private:
  // Four rounds are enough for large ranges; eight also spread the small ones (tested).
  static constexpr uint64_t kRounds = 8;

  uint64_t once(uint64_t index) const {
    uint64_t row = index / columns_, column = index % columns_;
    for (uint64_t round = 0; round < kRounds; round += 2) {
      row = add(row, column, round, rows_);
      column = add(column, row, round + 1, columns_);
    }
    return row * columns_ + column;
  }

  uint64_t add(uint64_t to, uint64_t from, uint64_t round, uint64_t range) const {
    const uint64_t random = hash64(hash64(key_, round), from);
    const auto step = static_cast<uint64_t>(static_cast<unsigned __int128>(random) * range >> 64);
    const uint64_t sum = to + step;
    return sum >= range ? sum - range : sum;
  }

  uint64_t size_, key_, rows_, columns_;
};

}  // namespace vg
