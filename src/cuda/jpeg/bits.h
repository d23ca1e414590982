// Reading bits from words whose first bit is the top one.
#pragma once

#include <cstdint>

#include "core/lane.h"

namespace vg::cuda::jpeg {

/// Two words behind the one that is read from are fetched early. So three words must follow the
/// last position.
class BitReader {
 public:
  VG_FN BitReader(const uint32_t* words, uint32_t position) : words_(words) { jump(position); }
  VG_FN uint32_t position() const { return position_; }
  VG_FN void jump(uint32_t position) {
    position_ = position;
    at_ = position >> 5;
    first_ = words_[at_];
    second_ = words_[at_ + 1];
    third_ = words_[at_ + 2];
  }
  /// The next 32 bits.
  VG_FN uint32_t peek() const {
    const uint32_t shift = position_ & 31;
#if defined(__CUDA_ARCH__)
    return __funnelshift_l(second_, first_, shift);
#else
    return shift ? first_ << shift | second_ >> (32 - shift) : first_;
#endif
  }
  /// Goes on by less than 32 bits.
  VG_FN void skip(uint32_t bits) {
    position_ += bits;
    if (position_ >> 5 == at_) return;
    at_++;
    first_ = second_;
    second_ = third_;
    third_ = words_[at_ + 2];
  }

 private:
  const uint32_t* words_;
  uint32_t position_, at_, first_, second_, third_;
};

}  // namespace vg::cuda::jpeg
