// The inner loops of the integer modes with AVX2: products of 16-bit pairs (pmaddwd).
#include "cpu/resample_simd.h"

#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu::simd {

template <class Weight>
Run outputs_with_room(const AxisWeights<Weight>& weights, int64_t n, int64_t in, int channels) {
  const auto fits = [&](int64_t i) {
    const bool two = sizeof(Weight) == 2 && weights.stride == 2;
    const int64_t loads = two ? 8 : (weights.count[i] - 1) / 4 * (4 * channels) + 16;
    return int64_t{weights.first[i]} * channels + loads <= in * channels;
  };
  // Outputs without room are those of the input's right edge: the last ones, or in a flipped axis
  // the first.
  Run from_start{0, 0}, to_end{n - 1, n - 1};
  while (from_start.end < n - 1 && fits(from_start.end)) from_start.end++;
  while (to_end.begin > 0 && fits(to_end.begin - 1)) to_end.begin--;
  return from_start.end > n - 1 - to_end.begin ? from_start : to_end;
}
template Run outputs_with_room(const AxisWeights<int32_t>&, int64_t, int64_t, int);
template Run outputs_with_room(const AxisWeights<int16_t>&, int64_t, int64_t, int);

#if defined(__x86_64__)
namespace {

// Bytes of four pixels to 16-bit pairs of one channel: pixels 0 and 1 in the low half, 2 and 3 in
// the high one.
VG_AVX2 __m256i pair_pixels(int channels) {
  return channels == 3
             ? _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1)
             : _mm256_setr_epi8(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1,  //
                                8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1);
}

VG_AVX2 inline __m256i load_twice(const uint8_t* p) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

// high * 2^15 + low; what overflows on the way cancels, as the true sum fits 32 bits.
VG_AVX2 inline __m256i join(__m256i low, __m256i high) {
  return _mm256_add_epi32(_mm256_slli_epi32(high, kLowBits), low);
}

VG_AVX2 inline __m256i finish(__m256i sum) {
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (kPillowBits - 1))),
                           kPillowBits);
}

VG_AVX2 inline __m128i add_halves(__m256i v) {
  return _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}

VG_AVX2 inline __m128i finish_middle(__m128i sum) {
  constexpr int shift = kFixedBits - kMiddleBits;
  const __m128i rounded =
      _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << (shift - 1))), shift);
  return _mm_packs_epi32(rounded, rounded);
}

VG_AVX2 inline __m128i load8(const void* p) {
  return _mm_loadl_epi64(static_cast<const __m128i*>(p));
}
VG_AVX2 inline void store8(void* p, __m128i v) { _mm_storel_epi64(static_cast<__m128i*>(p), v); }

VG_AVX2 inline __m128i load16(const void* p) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
VG_AVX2 inline void store16(void* p, __m128i v) { _mm_storeu_si128(static_cast<__m128i*>(p), v); }
VG_AVX2 inline __m256i broadcast_pair(const int16_t* k) {
  int32_t pair;
  __builtin_memcpy(&pair, k, 4);
  return _mm256_set1_epi32(pair);
}

VG_AVX2 inline void store4(void* p, int64_t bytes) { __builtin_memcpy(p, &bytes, 4); }

// Adds the halves of a and of b, and brings the sums to pixels: a's in the low half, b's in the
// high one.
VG_AVX2 inline __m256i finish_two(__m256i a, __m256i b) {
  return finish(_mm256_add_epi32(_mm256_permute2x128_si256(a, b, 0x20),
                                 _mm256_permute2x128_si256(a, b, 0x31)));
}

// Several rows at a time share the look-up of weights and the (hardly predictable) ends of the
// loops over taps.
template <int R>
VG_AVX2 void horizontal_pillow(const Rows<uint8_t, uint8_t>& rows,
                               const AxisWeights<int32_t>& weights, Run run, int channels) {
  const __m256i pairs = pair_pixels(channels);
  const __m256i low_parts = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  const __m256i high_parts = _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3);
  for (int64_t i = run.begin; i < run.end; i++) {
    int64_t at = int64_t{weights.first[i]} * channels;
    const auto* k = reinterpret_cast<const __m128i*>(weights.parts.data() + 2 * i * weights.stride);
    __m256i low[R] = {}, high[R] = {};
    for (int j = 0; j < weights.count[i]; j += 4, at += 4 * channels) {
      const __m256i parts = _mm256_castsi128_si256(_mm_loadu_si128(k++));
      const __m256i low_weights = _mm256_permutevar8x32_epi32(parts, low_parts);
      const __m256i high_weights = _mm256_permutevar8x32_epi32(parts, high_parts);
      for (int r = 0; r < R; r++) {
        const __m256i pixels = _mm256_shuffle_epi8(load_twice(rows.from[r] + at), pairs);
        low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(pixels, low_weights));
        high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(pixels, high_weights));
      }
    }
    if constexpr (R == 4) {
      const __m256i first = finish_two(join(low[0], high[0]), join(low[1], high[1]));
      const __m256i second = finish_two(join(low[2], high[2]), join(low[3], high[3]));
      const __m256i words = _mm256_packs_epi32(first, second);  // rows 0 and 2, 1 and 3
      const __m256i bytes = _mm256_packus_epi16(words, words);
      const int64_t even = _mm_cvtsi128_si64(_mm256_castsi256_si128(bytes));
      const int64_t odd = _mm_cvtsi128_si64(_mm256_extracti128_si256(bytes, 1));
      store4(rows.to[0] + i * channels, even);
      store4(rows.to[1] + i * channels, odd);
      store4(rows.to[2] + i * channels, even >> 32);
      store4(rows.to[3] + i * channels, odd >> 32);
    } else {
      const __m256i sum = finish_two(join(low[0], high[0]), join(low[0], high[0]));
      const __m256i words = _mm256_packs_epi32(sum, sum);
      store4(rows.to[0] + i * channels,
             _mm_cvtsi128_si64(_mm256_castsi256_si128(_mm256_packus_epi16(words, words))));
    }
  }
}

template <int R>
VG_AVX2 void horizontal_fixed(const Rows<uint8_t, int16_t>& rows,
                              const AxisWeights<int16_t>& weights, Run run, int channels) {
  const __m256i pairs = pair_pixels(channels), spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  for (int64_t i = run.begin; i < run.end; i++) {
    int64_t at = int64_t{weights.first[i]} * channels;
    const int16_t* k = weights.of(i);
    __m256i sum[R] = {};
    for (int j = 0; j < weights.count[i]; j += 4, at += 4 * channels) {
      const __m256i four =
          _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(load8(k + j)), spread);
      for (int r = 0; r < R; r++) {
        const __m256i pixels = _mm256_shuffle_epi8(load_twice(rows.from[r] + at), pairs);
        sum[r] = _mm256_add_epi32(sum[r], _mm256_madd_epi16(pixels, four));
      }
    }
    for (int r = 0; r < R; r++)
      store8(rows.to[r] + i * channels, finish_middle(add_halves(sum[r])));
  }
}

// Two taps: two outputs at a time, one in each half.
template <int R>
VG_AVX2 void horizontal_two_taps(const Rows<uint8_t, int16_t>& rows,
                                 const AxisWeights<int16_t>& weights, Run run, int channels) {
  const __m128i pair = _mm256_castsi256_si128(pair_pixels(channels));
  const __m256i pairs = _mm256_broadcastsi128_si256(pair),
                spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  constexpr int shift = kFixedBits - kMiddleBits;
  const __m256i half = _mm256_set1_epi32(1 << (shift - 1));
  int64_t i = run.begin;
  for (; i + 2 <= run.end; i += 2) {
    const int64_t a = int64_t{weights.first[i]} * channels,
                  b = int64_t{weights.first[i + 1]} * channels;
    const __m256i two =
        _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(load8(weights.of(i))), spread);
    for (int r = 0; r < R; r++) {
      const __m256i bytes = _mm256_inserti128_si256(_mm256_castsi128_si256(load8(rows.from[r] + a)),
                                                    load8(rows.from[r] + b), 1);
      const __m256i sum = _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, pairs), two);
      const __m256i rounded = _mm256_srai_epi32(_mm256_add_epi32(sum, half), shift);
      const __m256i packed = _mm256_packs_epi32(rounded, rounded);
      store8(rows.to[r] + i * channels, _mm256_castsi256_si128(packed));
      store8(rows.to[r] + (i + 1) * channels, _mm256_extracti128_si256(packed, 1));
    }
  }
  for (; i < run.end; i++) {
    const int16_t* k = weights.of(i);
    const __m128i two = _mm_set1_epi32((k[0] & 0xFFFF) | int32_t{k[1]} << 16);
    for (int r = 0; r < R; r++) {
      const __m128i bytes = load8(rows.from[r] + int64_t{weights.first[i]} * channels);
      store8(rows.to[r] + i * channels,
             finish_middle(_mm_madd_epi16(_mm_shuffle_epi8(bytes, pair), two)));
    }
  }
}

}  // namespace

bool available() { return has_avx2(); }

void horizontal(const Rows<uint8_t, uint8_t>& rows, const AxisWeights<int32_t>& weights, Run run,
                int channels) {
  rows.count == 4 ? horizontal_pillow<4>(rows, weights, run, channels)
                  : horizontal_pillow<1>(rows, weights, run, channels);
}

void horizontal(const Rows<uint8_t, int16_t>& rows, const AxisWeights<int16_t>& weights, Run run,
                int channels) {
  if (weights.stride == 2)
    rows.count == 4 ? horizontal_two_taps<4>(rows, weights, run, channels)
                    : horizontal_two_taps<1>(rows, weights, run, channels);
  else
    rows.count == 4 ? horizontal_fixed<4>(rows, weights, run, channels)
                    : horizontal_fixed<1>(rows, weights, run, channels);
}

VG_AVX2 int64_t vertical(const uint8_t** rows, const AxisWeights<int32_t>& weights, int64_t i,
                         int64_t begin, int64_t end, uint8_t* to) {
  const int taps = weights.count[i];
  const int16_t* parts = weights.parts.data() + 2 * i * weights.stride;
  rows[taps] = rows[taps - 1];  // an odd last tap has a partner of weight 0
  int64_t e = begin;
  for (; e + 16 <= end; e += 16) {
    __m256i low0 = _mm256_setzero_si256(), low1 = low0, high0 = low0, high1 = low0;
    for (int j = 0; j < taps; j += 2) {
      const int16_t* part = parts + j / 4 * 8 + j % 4;
      const __m256i low = broadcast_pair(part), high = broadcast_pair(part + 4);
      const __m128i a = load16(rows[j] + e), b = load16(rows[j + 1] + e);
      const __m256i first = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
      const __m256i second = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
      low0 = _mm256_add_epi32(low0, _mm256_madd_epi16(first, low));
      low1 = _mm256_add_epi32(low1, _mm256_madd_epi16(second, low));
      high0 = _mm256_add_epi32(high0, _mm256_madd_epi16(first, high));
      high1 = _mm256_add_epi32(high1, _mm256_madd_epi16(second, high));
    }
    const __m256i words = _mm256_packs_epi32(finish(join(low0, high0)), finish(join(low1, high1)));
    // packs works within halves of 128 bits: bring the quarters into order before the last packing.
    const __m256i ordered = _mm256_permute4x64_epi64(words, 0xD8);
    store16(to + e, _mm_packus_epi16(_mm256_castsi256_si128(ordered),
                                     _mm256_extracti128_si256(ordered, 1)));
  }
  return e - begin;
}

VG_AVX2 int64_t vertical(const int16_t** rows, const AxisWeights<int16_t>& weights, int64_t i,
                         int64_t begin, int64_t end, uint8_t* to) {
  const int taps = weights.count[i];
  const int16_t* k = weights.of(i);
  rows[taps] = rows[taps - 1];
  constexpr int shift = kFixedBits + kMiddleBits;
  const __m256i half = _mm256_set1_epi32(1 << (shift - 1));
  int64_t e = begin;
  for (; e + 16 <= end; e += 16) {
    __m256i sum0 = half, sum1 = half;
    for (int j = 0; j < taps; j += 2) {
      const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows[j] + e));
      const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows[j + 1] + e));
      const __m256i pair = broadcast_pair(k + j);
      sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), pair));
      sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), pair));
    }
    const __m256i words =
        _mm256_packs_epi32(_mm256_srai_epi32(sum0, shift), _mm256_srai_epi32(sum1, shift));
    store16(to + e,
            _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
  return e - begin;
}

#else

bool available() { return false; }
void horizontal(const Rows<uint8_t, uint8_t>&, const AxisWeights<int32_t>&, Run, int) {}
void horizontal(const Rows<uint8_t, int16_t>&, const AxisWeights<int16_t>&, Run, int) {}
int64_t vertical(const uint8_t**, const AxisWeights<int32_t>&, int64_t, int64_t, int64_t,
                 uint8_t*) {
  return 0;
}
int64_t vertical(const int16_t**, const AxisWeights<int16_t>&, int64_t, int64_t, int64_t,
                 uint8_t*) {
  return 0;
}

#endif

}  // namespace vg::cpu::simd
