// Reading bits from words whose first bit is the top one.
#pragma once

#include <cstdint>

#include "core/lane.h"

namespace vg::cuda::jpeg {

/// Reads pairs of words, the next two early: a load is needed 64 bits after it was begun. So six
/// words must follow the last position; the first word is aligned to eight bytes.
class BitReader {
 public:
  VG_FN BitReader(const uint32_t* words, uint32_t position) : words_(words) { jump(position); }
  VG_FN uint32_t position() const { return position_; }
  VG_FN void jump(uint32_t position) {
    position_ = position;
    at_ = position >> 6;
    here_ = load(at_);
    next_ = load(at_ + 1);
    later_ = load(at_ + 2);
  }
  /// The next 32 bits.
  VG_FN uint32_t peek() const {
    const bool second = (position_ & 32) != 0;
    const uint32_t high = second ? here_.second : here_.first;
    const uint32_t low = second ? next_.first : here_.second;
    const uint32_t shift = position_ & 31;
#if defined(__CUDA_ARCH__)
    return __funnelshift_l(low, high, shift);
#else
    return shift ? high << shift | low >> (32 - shift) : high;
#endif
  }
  /// Goes on by less than 32 bits.
  VG_FN void skip(uint32_t bits) {
    position_ += bits;
    if (position_ >> 6 == at_) return;
    at_++;
    here_ = next_;
    next_ = later_;
    later_ = load(at_ + 2);
  }

 private:
  struct Pair {
    uint32_t first, second;
  };
  VG_FN Pair load(uint32_t at) const {
#if defined(__CUDA_ARCH__)
    const uint2 both = reinterpret_cast<const uint2*>(words_)[at];
    return {both.x, both.y};
#else
    return {words_[2 * at], words_[2 * at + 1]};
#endif
  }
  const uint32_t* words_;
  uint32_t position_, at_;
  Pair here_, next_, later_;
};

}  // namespace vg::cuda::jpeg
