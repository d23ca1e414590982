// Bilinear bytes: addresses and weights of a block of pixels first, then their products.
#include "cpu/warp_bytes.h"

#include <cstring>

#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu {

#if defined(__x86_64__)
namespace {

constexpr int64_t kBlock = 64;  // pixels

/// Of the pixels of a block: where the upper left tap lies, and the weights of two rows of taps,
/// the left one in the low half.
struct Taps {
  alignas(32) int32_t offset[kBlock];
  alignas(32) int32_t upper[kBlock], lower[kBlock];
};

VG_AVX2 VG_INLINE __m256i load(const int32_t* p) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(p));
}
VG_AVX2 VG_INLINE void store(int32_t* p, __m256i v) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(p), v);
}
VG_AVX2 VG_INLINE __m256i take(__m256i a, __m256i b, bool high) {
  const __m256 x = _mm256_castsi256_ps(a), y = _mm256_castsi256_ps(b);
  return _mm256_castps_si256(high ? _mm256_shuffle_ps(x, y, 0xDD) : _mm256_shuffle_ps(x, y, 0x88));
}

/// Coordinates of eight pixels, 32 bits before and 32 after the point. They lie in the order
/// 0 1 4 5 and 2 3 6 7, so that a shuffle of their halves is in order.
struct Eight {
  __m256i first, second;

  VG_AVX2 VG_INLINE Eight(int64_t start, int64_t step) {
    const auto at = [&](uint64_t i) {
      return static_cast<int64_t>(static_cast<uint64_t>(start) + i * static_cast<uint64_t>(step));
    };
    first = _mm256_setr_epi64x(at(0), at(1), at(4), at(5));
    second = _mm256_setr_epi64x(at(2), at(3), at(6), at(7));
  }
  VG_AVX2 VG_INLINE void advance(__m256i by) {
    first = _mm256_add_epi64(first, by);
    second = _mm256_add_epi64(second, by);
  }
  VG_AVX2 VG_INLINE __m256i whole() const { return take(first, second, true); }
  /// 14 bits.
  VG_AVX2 VG_INLINE __m256i fraction() const {
    return _mm256_srli_epi32(take(first, second, false), 18);
  }
};

/// As Bilinear<uint8_t, uint8_t>, for eight pixels at a time; `n` is rounded up to them.
VG_AVX2 void find_taps(const WarpParams& p, WarpPoint start, int64_t n, Taps& taps) {
  const auto eight = [](int64_t step) {
    return static_cast<long long>(8 * static_cast<uint64_t>(step));
  };
  Eight u(start.u, p.steps.dx.u), v(start.v, p.steps.dx.v);
  const __m256i du = _mm256_set1_epi64x(eight(p.steps.dx.u));
  const __m256i dv = _mm256_set1_epi64x(eight(p.steps.dx.v));
  const __m256i below = _mm256_set1_epi32(static_cast<int32_t>(p.in_width * p.channels));
  const __m256i channels = _mm256_set1_epi32(p.channels);
  const __m256i half = _mm256_set1_epi32(8192), one = _mm256_set1_epi32(16384);
  for (int64_t i = 0; i < n; i += 8) {
    store(taps.offset + i, _mm256_add_epi32(_mm256_mullo_epi32(v.whole(), below),
                                            _mm256_mullo_epi32(u.whole(), channels)));
    const __m256i fx = u.fraction(), fy = v.fraction();
    const __m256i d = _mm256_srli_epi32(_mm256_add_epi32(_mm256_madd_epi16(fx, fy), half), 14);
    const __m256i b = _mm256_sub_epi32(fx, d), c = _mm256_sub_epi32(fy, d);
    const __m256i a = _mm256_sub_epi32(_mm256_sub_epi32(one, fx), c);
    store(taps.upper + i, _mm256_or_si256(a, _mm256_slli_epi32(b, 16)));
    store(taps.lower + i, _mm256_or_si256(c, _mm256_slli_epi32(d, 16)));
    u.advance(du);
    v.advance(dv);
  }
}

VG_AVX2 VG_INLINE __m256i two_loads(const uint8_t* a, const uint8_t* b) {
  const auto eight = [](const uint8_t* p) __attribute__((target("avx2"), always_inline)) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  };
  return _mm256_inserti128_si256(_mm256_castsi128_si256(eight(a)), eight(b), 1);
}

/// Weights of pixel i in the low half, of pixel i + 2 in the high half.
VG_AVX2 VG_INLINE __m256i two_weights(const int32_t* weights) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_set1_epi32(weights[0])),
                                 _mm_set1_epi32(weights[2]), 1);
}

/// The bytes of two pixels of a row in pairs of 16 bits. The lower row is loaded to its end, so
/// that nothing behind the last pixel of the image is read.
template <int Channels>
VG_AVX2 VG_INLINE __m256i pairs(int from) {
  const auto at = [&](int byte) { return static_cast<char>(from + byte); };
  const char none = -1;
  const __m128i half = Channels == 3
                           ? _mm_setr_epi8(at(0), none, at(3), none, at(1), none, at(4), none,
                                           at(2), none, at(5), none, none, none, none, none)
                           : _mm_setr_epi8(at(0), none, at(4), none, at(1), none, at(5), none,
                                           at(2), none, at(6), none, at(3), none, at(7), none);
  return _mm256_broadcastsi128_si256(half);
}

template <int Channels>
struct Blender {
  static constexpr int kBack = Channels == 3 ? 2 : 0;
  const uint8_t* in;
  int64_t below;
  __m256i upper_pairs, lower_pairs, half;

  VG_AVX2 VG_INLINE Blender(const uint8_t* from, int64_t row)
      : in(from),
        below(row - kBack),
        upper_pairs(pairs<Channels>(0)),
        lower_pairs(pairs<Channels>(kBack)),
        half(_mm256_set1_epi32(8192)) {}

  /// Pixels i and i + 2, a channel in 32 bits.
  VG_AVX2 VG_INLINE __m256i two(const Taps& taps, int64_t i) const {
    const uint8_t *a = in + taps.offset[i], *b = in + taps.offset[i + 2];
    const __m256i upper = _mm256_madd_epi16(_mm256_shuffle_epi8(two_loads(a, b), upper_pairs),
                                            two_weights(taps.upper + i));
    const __m256i lower =
        _mm256_madd_epi16(_mm256_shuffle_epi8(two_loads(a + below, b + below), lower_pairs),
                          two_weights(taps.lower + i));
    return _mm256_srli_epi32(_mm256_add_epi32(_mm256_add_epi32(upper, half), lower), 14);
  }
};

/// The pixels of a block, four at a time. For three channels two bytes behind each pair are
/// written: the caller leaves room.
template <int Channels>
VG_AVX2 void blend_block(const uint8_t* in, int64_t below, const Taps& taps, int64_t n,
                         uint8_t* to) {
  const Blender<Channels> blender(in, below);
  const __m256i close = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, 1, 2, 4, 5, 6, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  for (int64_t i = 0; i < n; i += 4, to += 4 * Channels) {
    // Pixels 0 1 in the low half, 2 3 in the high half.
    __m256i bytes = _mm256_packus_epi32(blender.two(taps, i), blender.two(taps, i + 1));
    bytes = _mm256_packus_epi16(bytes, bytes);
    if (Channels == 3) bytes = _mm256_shuffle_epi8(bytes, close);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(bytes));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 2 * Channels),
                     _mm256_extracti128_si256(bytes, 1));
  }
}

VG_AVX2 VG_INLINE __m256i words(const uint8_t* p) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

/// Sixteen bytes of a row and their right neighbours, weighted: two halves of 32-bit sums.
struct Sums {
  __m256i low, high;
  VG_AVX2 VG_INLINE Sums(const uint8_t* row, int channels, __m256i weights) {
    const __m256i left = words(row), right = words(row + channels);
    low = _mm256_madd_epi16(_mm256_unpacklo_epi16(left, right), weights);
    high = _mm256_madd_epi16(_mm256_unpackhi_epi16(left, right), weights);
  }
};

VG_AVX2 VG_INLINE void blend_sixteen(const uint8_t* upper, const uint8_t* lower, int channels,
                                     __m256i upper_weights, __m256i lower_weights, uint8_t* out) {
  const __m256i half = _mm256_set1_epi32(8192);
  Sums sum(upper, channels, upper_weights);
  if (lower) {
    const Sums more(lower, channels, lower_weights);
    sum.low = _mm256_add_epi32(sum.low, more.low);
    sum.high = _mm256_add_epi32(sum.high, more.high);
  }
  const __m256i w = _mm256_packus_epi32(_mm256_srli_epi32(_mm256_add_epi32(sum.low, half), 14),
                                        _mm256_srli_epi32(_mm256_add_epi32(sum.high, half), 14));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                   _mm_packus_epi16(_mm256_castsi256_si128(w), _mm256_extracti128_si256(w, 1)));
}

/// `n` is at least 16. No lower row: its weights are zero.
VG_AVX2 void blend_rows_avx2(const uint8_t* upper, const uint8_t* lower, int channels,
                             const Bilinear<uint8_t, uint8_t>& blend, int64_t n, uint8_t* out) {
  const __m256i upper_weights = _mm256_set1_epi32(blend.wa | blend.wb << 16);
  const __m256i lower_weights = _mm256_set1_epi32(blend.wc | blend.wd << 16);
  if (blend.wc == 0 && blend.wd == 0) {
    for (int64_t i = 0; i + 16 <= n; i += 16)
      blend_sixteen(upper + i, nullptr, channels, upper_weights, lower_weights, out + i);
    if (n % 16)
      blend_sixteen(upper + n - 16, nullptr, channels, upper_weights, lower_weights, out + n - 16);
    return;
  }
  for (int64_t i = 0; i + 16 <= n; i += 16)
    blend_sixteen(upper + i, lower + i, channels, upper_weights, lower_weights, out + i);
  if (n % 16)
    blend_sixteen(upper + n - 16, lower + n - 16, channels, upper_weights, lower_weights,
                  out + n - 16);
}

}  // namespace
#endif

int64_t warp_bytes(const WarpParams& p, const uint8_t* in, int64_t y, int64_t begin, int64_t end,
                   uint8_t* row) {
#if defined(__x86_64__)
  const int64_t below = p.in_width * p.channels;
  while (end - begin >= 8) {
    // Two bytes may be written behind a block: there is a pixel more.
    const int64_t n = std::min(kBlock, (end - begin - 1) / 4 * 4);
    Taps taps;
    find_taps(p, warp_point(p.steps, begin, y), n, taps);
    uint8_t* to = row + begin * p.channels;
    p.channels == 3 ? blend_block<3>(in, below, taps, n, to)
                    : blend_block<4>(in, below, taps, n, to);
    begin += n;
  }
#else
  (void)p, (void)in, (void)y, (void)end, (void)row;
#endif
  return begin;
}

void blend_rows(const uint8_t* upper, const uint8_t* lower, int channels,
                const Bilinear<uint8_t, uint8_t>& blend, int64_t n, uint8_t* out) {
  if (blend.wa == 16384) {
    std::memcpy(out, upper, static_cast<size_t>(n));
    return;
  }
#if defined(__x86_64__)
  if (n >= 16 && has_avx2()) return blend_rows_avx2(upper, lower, channels, blend, n, out);
#endif
  for (int64_t i = 0; i < n; i++)
    out[i] = blend(upper[i], upper[i + channels], lower[i], lower[i + channels]);
}

}  // namespace vg::cpu
