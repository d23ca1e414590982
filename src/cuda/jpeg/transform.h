// From coefficients to samples: sums of DC differences, and libjpeg's accurate inverse transform in
// integers.
#pragma once

#include "cuda/jpeg/layout.h"

namespace vg::cuda::jpeg {

struct DcSums {
  uint32_t of[3];  ///< wrapping: differences of two of them are right
};

// Sums go over restart markers; what precedes a segment is taken away when a block is transformed.
// So no sum has to know where segments begin.

/// Adds up the differences of some MCUs.
VG_FN DcSums sum_dc(const Work& work, const Image& image, uint32_t begin, uint32_t end) {
  DcSums sums{};
  const auto* dc = work.at<uint32_t>(image.dc) + int64_t{begin} * image.mcu_blocks;
  for (uint32_t mcu = begin; mcu < end; mcu++)
    for (uint32_t k = 0; k < image.mcu_blocks; k++) {
      const uint32_t component = image.mcu[k].component, value = *dc++;
      sums.of[0] += component == 0 ? value : 0;
      sums.of[1] += component == 1 ? value : 0;
      sums.of[2] += component == 2 ? value : 0;
    }
  return sums;
}

/// Whether a sum is near the range of 32 bits, where libjpeg gives up.
VG_FN bool too_far(uint32_t sum) { return sum + (1u << 30) >= 1u << 31; }

/// Replaces differences by sums; `sums` is what precedes them.
VG_FN void apply_dc(const Work& work, const Image& image, uint32_t begin, uint32_t end,
                    DcSums sums) {
  auto* dc = work.at<uint32_t>(image.dc) + int64_t{begin} * image.mcu_blocks;
  bool far = false;
  for (uint32_t mcu = begin; mcu < end; mcu++)
    for (uint32_t k = 0; k < image.mcu_blocks; k++, dc++) {
      const uint32_t component = image.mcu[k].component;
      for (uint32_t c = 0; c < 3; c++)
        if (c == component) *dc = sums.of[c] += *dc;
      far = far || too_far(*dc);
    }
  if (far) report(work, image, kRange);
}

/// Turns the sums of DC tiles into what precedes each.
VG_FN void carry_dc(const Work& work, const Image& image, uint32_t component) {
  auto* sums = work.at<uint32_t>(image.dc_tile_sums) + component;
  uint32_t before = 0;
  bool far = false;
  for (uint32_t tile = 0; tile < image.dc_tiles; tile++, sums += 3) {
    const uint32_t here = *sums;
    *sums = before;
    before += here;
    far = far || too_far(before);
  }
  if (far) report(work, image, kRange);
}

/// A block among those that the region needs.
struct KeptBlock {
  uint32_t component;
  int32_t x, y;  ///< among the kept ones

  VG_FN static uint32_t count(const Image& image) {
    uint32_t all = 0;
    for (int c = 0; c < image.components; c++)
      all += static_cast<uint32_t>(image.component[c].blocks_x) *
             static_cast<uint32_t>(image.component[c].blocks_y);
    return all;
  }
  VG_FN static KeptBlock of(const Image& image, uint32_t index) {
    for (uint32_t c = 0;; c++) {
      const Component& component = image.component[c];
      const auto across = static_cast<uint32_t>(component.blocks_x);
      const uint32_t blocks = across * static_cast<uint32_t>(component.blocks_y);
      if (index < blocks) {
        const uint32_t y = index / across;
        return {c, static_cast<int32_t>(index - y * across), static_cast<int32_t>(y)};
      }
      index -= blocks;
    }
  }
};

/// The sum of a block's DC differences since the last restart.
VG_FN int32_t dc_of(const Work& work, const Image& image, const KeptBlock& b) {
  const Component& c = image.component[b.component];
  const auto x = static_cast<uint32_t>(c.block_x + b.x), y = static_cast<uint32_t>(c.block_y + b.y);
  const uint32_t mcu = y / c.v * image.mcus_x + x / c.h;
  uint32_t first = 0;
  while (image.mcu[first].component != b.component) first++;
  const auto* dc = work.at<uint32_t>(image.dc);
  const auto* tiles = work.at<uint32_t>(image.dc_tile_sums) + b.component;
  uint32_t sum = dc[int64_t{mcu} * image.mcu_blocks + first + y % c.v * c.h + x % c.h];
  if (image.dc_tiles > 1) sum += tiles[mcu / kDcMcus * 3];
  if (image.segments > 1 && mcu >= image.restart_interval) {
    const uint32_t last = mcu - mcu % image.restart_interval - 1;
    sum -= dc[int64_t{last} * image.mcu_blocks + first + c.h * c.v - 1];
    if (image.dc_tiles > 1) sum -= tiles[last / kDcMcus * 3];
  }
  return static_cast<int32_t>(sum);
}

/// One dimension of the transform; `kShift` is what is left of 13 bits of fraction. The first pass
/// keeps two of them.
template <int kShift>
VG_FN void transform_line(int32_t* v) {
  const int32_t even = (v[2] + v[6]) * 4433;
  const int32_t even2 = even + v[6] * -15137, even3 = even + v[2] * 6270;
  const int32_t even0 = (v[0] + v[4]) * 8192, even1 = (v[0] - v[4]) * 8192;
  const int32_t a0 = even0 + even3, a3 = even0 - even3, a1 = even1 + even2, a2 = even1 - even2;
  const int32_t all = (v[7] + v[3] + v[5] + v[1]) * 9633;
  const int32_t z1 = (v[7] + v[1]) * -7373, z2 = (v[5] + v[3]) * -20995;
  const int32_t z3 = (v[7] + v[3]) * -16069 + all, z4 = (v[5] + v[1]) * -3196 + all;
  const int32_t b0 = v[7] * 2446 + z1 + z3, b1 = v[5] * 16819 + z2 + z4;
  const int32_t b2 = v[3] * 25172 + z2 + z3, b3 = v[1] * 12299 + z1 + z4;
  constexpr int32_t kHalf = 1 << (kShift - 1);
  v[0] = (a0 + b3 + kHalf) >> kShift, v[7] = (a0 - b3 + kHalf) >> kShift;
  v[1] = (a1 + b2 + kHalf) >> kShift, v[6] = (a1 - b2 + kHalf) >> kShift;
  v[2] = (a2 + b1 + kHalf) >> kShift, v[5] = (a2 - b1 + kHalf) >> kShift;
  v[3] = (a3 + b0 + kHalf) >> kShift, v[4] = (a3 - b0 + kHalf) >> kShift;
}
VG_FN void transform_column(int32_t* v) { transform_line<11>(v); }
VG_FN void transform_row(int32_t* v) { transform_line<18>(v); }

/// Libjpeg-turbo computes in 16 bits here and there. Within these bounds that changes nothing, and
/// coefficients of a real image are far from them.
constexpr int32_t kMaxCoefficient = 8191, kMaxColumn = 16383;

/// Whether all eight are in [-bound - 1, bound]; `bound` is a power of two less one.
VG_FN bool within(const int32_t* v, int32_t bound) {
  int32_t all = 0;
  for (int i = 0; i < 8; i++) all |= v[i] ^ (v[i] >> 31);
  return all <= bound;
}

VG_FN uint32_t clamp_byte(int32_t x) {
  return static_cast<uint32_t>(x < 0 ? 0 : x > 255 ? 255 : x);
}

/// Four samples of a transformed row as a word.
VG_FN uint32_t packed_samples(const int32_t* v) {
  return clamp_byte(v[0] + 128) | clamp_byte(v[1] + 128) << 8 | clamp_byte(v[2] + 128) << 16 |
         clamp_byte(v[3] + 128) << 24;
}

}  // namespace vg::cuda::jpeg
