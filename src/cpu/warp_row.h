// Runs of warped pixels whose taps all lie inside of the input: no tests, one loop per shape of
// pixel. Equal bytes to taking them one by one.
#pragma once

#include <cstring>

#include "cpu/target.h"
#include "cpu/warp_bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace vg::cpu {

/// Steps through the points of pixels [begin, end) of row `y`: f(x, point).
template <class F>
void each_point(const WarpSteps& steps, int64_t y, int64_t begin, int64_t end, F f) {
  WarpPoint at = warp_point(steps, begin, y);
  for (int64_t x = begin; x < end; x++) {
    f(x, at);
    at.u = static_cast<int64_t>(static_cast<uint64_t>(at.u) + static_cast<uint64_t>(steps.dx.u));
    at.v = static_cast<int64_t>(static_cast<uint64_t>(at.v) + static_cast<uint64_t>(steps.dx.v));
  }
}

/// Channels is 0 where the compiler need not know their number.
template <int Channels, class In, class Out>
void nearest_run(const WarpParams& p, const In* in, int64_t y, int64_t begin, int64_t end,
                 Out* row) {
  const int channels = Channels ? Channels : p.channels;
  each_point(p.steps, y, begin, end, [&](int64_t x, WarpPoint at) {
    const In* from = in + ((at.v >> 32) * p.in_width + (at.u >> 32)) * channels;
    for (int c = 0; c < channels; c++) row[x * channels + c] = static_cast<Out>(from[c]);
  });
}

template <int Channels, class In, class Out>
void linear_run(const WarpParams& p, const In* in, int64_t y, int64_t begin, int64_t end,
                Out* row) {
  using Value = typename Bilinear<In, Out>::Value;
  const int channels = Channels ? Channels : p.channels;
  const int64_t below = p.in_width * channels;
  each_point(p.steps, y, begin, end, [&](int64_t x, WarpPoint at) {
    const Bilinear<In, Out> blend(at);
    const In* from = in + ((at.v >> 32) * p.in_width + (at.u >> 32)) * channels;
    for (int c = 0; c < channels; c++)
      row[x * channels + c] = blend(
          static_cast<Value>(from[c]), static_cast<Value>(from[c + channels]),
          static_cast<Value>(from[below + c]), static_cast<Value>(from[below + c + channels]));
  });
}

#if defined(__SSE2__)
inline __m128i four_bytes(const uint8_t* p) {
  int32_t bits;
  std::memcpy(&bits, p, 4);
  return _mm_cvtsi32_si128(bits);
}

/// Bytes of the first and of the second pixel in turns, as 16-bit numbers. No byte beyond the
/// second pixel is read.
template <int Channels>
__m128i pixel_pair(const uint8_t* p) {
  const __m128i second = Channels == 4 ? four_bytes(p + 4) : _mm_srli_epi32(four_bytes(p + 2), 8);
  return _mm_unpacklo_epi8(_mm_unpacklo_epi8(four_bytes(p), second), _mm_setzero_si128());
}

/// All channels of a pixel at once: four pairs of products, summed by the multiply-add.
template <int Channels>
void linear_run_bytes(const WarpParams& p, const uint8_t* in, int64_t y, int64_t begin, int64_t end,
                      uint8_t* row) {
  const int64_t below = p.in_width * Channels;
  each_point(p.steps, y, begin, end, [&](int64_t x, WarpPoint at) {
    const Bilinear<uint8_t, uint8_t> blend(at);
    const uint8_t* from = in + ((at.v >> 32) * p.in_width + (at.u >> 32)) * Channels;
    const __m128i upper =
        _mm_madd_epi16(pixel_pair<Channels>(from), _mm_set1_epi32(blend.wa | blend.wb << 16));
    const __m128i lower = _mm_madd_epi16(pixel_pair<Channels>(from + below),
                                         _mm_set1_epi32(blend.wc | blend.wd << 16));
    __m128i sum = _mm_add_epi32(_mm_add_epi32(upper, lower), _mm_set1_epi32(8192));
    sum = _mm_srai_epi32(sum, 14);
    sum = _mm_packs_epi32(sum, sum);
    const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
    // A fourth byte of three falls into the next pixel of this run, which comes later.
    std::memcpy(row + x * Channels, &bytes, x + 1 < end ? 4 : Channels);
  });
}
#endif

/// Pixels [begin, end) of row `y` of one frame.
template <class In, class Out>
void warp_row(const WarpParams& p, const In* in, int64_t y, int64_t begin, int64_t end, Out* row) {
  constexpr bool bytes = std::is_same_v<In, uint8_t> && std::is_same_v<Out, uint8_t>;
  if constexpr (bytes) {
    if (begin < end && is_shifted_row(p.steps)) {
      const WarpPoint at = warp_point(p.steps, begin, y);
      const uint8_t* from = in + ((at.v >> 32) * p.in_width + (at.u >> 32)) * p.channels;
      const int64_t n = (end - begin) * p.channels;
      uint8_t* to = row + begin * p.channels;
      if (p.nearest) {
        std::memcpy(to, from, static_cast<size_t>(n));
        return;
      }
      return blend_rows(from, from + p.in_width * p.channels, p.channels,
                        Bilinear<uint8_t, uint8_t>(at), n, to);
    }
  }
  if (p.nearest) {
    if (p.channels == 3) return nearest_run<3>(p, in, y, begin, end, row);
    return nearest_run<0>(p, in, y, begin, end, row);
  }
  if constexpr (bytes) {
    const bool addressable = p.in_height * p.in_width * p.channels < int64_t{1} << 31;
    if ((p.channels == 3 || p.channels == 4) && addressable)
      begin = warp_bytes(p, in, y, begin, end, row);
  }
#if defined(__SSE2__)
  if constexpr (bytes) {
    if (p.channels == 3) return linear_run_bytes<3>(p, in, y, begin, end, row);
    if (p.channels == 4) return linear_run_bytes<4>(p, in, y, begin, end, row);
  }
#endif
  if (p.channels == 1) return linear_run<1>(p, in, y, begin, end, row);
  if (p.channels == 3) return linear_run<3>(p, in, y, begin, end, row);
  linear_run<0>(p, in, y, begin, end, row);
}

}  // namespace vg::cpu
