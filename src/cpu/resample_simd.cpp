// The inner loops of the integer modes with AVX2: products of 16-bit pairs (pmaddwd).
#include "cpu/resample_simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define VG_AVX2 __attribute__((target("avx2")))
#endif

namespace vg::cpu::simd {

template <class Weight>
Run outputs_with_room(const AxisWeights<Weight>& weights, int64_t n, int64_t in, int channels) {
  const auto fits = [&](int64_t i) {
    const bool two = sizeof(Weight) == 2 && weights.stride == 2;
    const int64_t loads = two ? 8 : (weights.count[i] - 1) / 4 * (4 * channels) + 16;
    return int64_t{weights.first[i]} * channels + loads <= in * channels;
  };
  Run run{0, n - 1};
  while (run.begin < run.end && !fits(run.end - 1)) run.end--;
  while (run.begin < run.end && !fits(run.begin)) run.begin++;
  return run;
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

// Two taps: two outputs at a time, one in each half.
VG_AVX2 void horizontal_two_taps(const uint8_t* row, const AxisWeights<int16_t>& weights, Run run,
                                 int channels, int16_t* to) {
  const __m256i both = channels == 3
                           ? _mm256_broadcastsi128_si256(_mm256_castsi256_si128(pair_pixels(3)))
                           : _mm256_broadcastsi128_si256(_mm256_castsi256_si128(pair_pixels(4)));
  const __m256i spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  constexpr int shift = kFixedBits - kMiddleBits;
  const __m256i half = _mm256_set1_epi32(1 << (shift - 1));
  int64_t i = run.begin;
  for (; i + 2 <= run.end; i += 2) {
    const __m128i a = _mm_loadl_epi64(
        reinterpret_cast<const __m128i*>(row + int64_t{weights.first[i]} * channels));
    const __m128i b = _mm_loadl_epi64(
        reinterpret_cast<const __m128i*>(row + int64_t{weights.first[i + 1]} * channels));
    const __m256i pixels =
        _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1), both);
    const __m128i k = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(weights.of(i)));
    const __m256i sum =
        _mm256_madd_epi16(pixels, _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(k), spread));
    const __m256i rounded = _mm256_srai_epi32(_mm256_add_epi32(sum, half), shift);
    const __m256i packed = _mm256_packs_epi32(rounded, rounded);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + i * channels), _mm256_castsi256_si128(packed));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + (i + 1) * channels),
                     _mm256_extracti128_si256(packed, 1));
  }
  for (; i < run.end; i++) {
    const __m128i a = _mm_loadl_epi64(
        reinterpret_cast<const __m128i*>(row + int64_t{weights.first[i]} * channels));
    const __m128i k = _mm_set1_epi32(*reinterpret_cast<const int32_t*>(weights.of(i)));
    const __m128i sum = _mm_madd_epi16(_mm_shuffle_epi8(a, _mm256_castsi256_si128(both)), k);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + i * channels), finish_middle(sum));
  }
}

}  // namespace

bool available() {
  static const bool yes = __builtin_cpu_supports("avx2");
  return yes;
}

VG_AVX2 void horizontal(const uint8_t* row, const AxisWeights<int32_t>& weights, Run run,
                        int channels, uint8_t* to) {
  const __m256i pairs = pair_pixels(channels);
  const __m256i low_parts = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1),
                high_parts = _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3);
  const __m128i half = _mm_set1_epi32(1 << (kPillowBits - 1));
  for (int64_t i = run.begin; i < run.end; i++) {
    const uint8_t* from = row + int64_t{weights.first[i]} * channels;
    const auto* k = reinterpret_cast<const __m128i*>(weights.parts.data() + 2 * i * weights.stride);
    __m256i low = _mm256_setzero_si256(), high = low;
    for (int j = 0; j < weights.count[i]; j += 4, from += 4 * channels) {
      const __m256i pixels = _mm256_shuffle_epi8(load_twice(from), pairs);
      const __m256i parts = _mm256_castsi128_si256(_mm_loadu_si128(k++));
      low = _mm256_add_epi32(
          low, _mm256_madd_epi16(pixels, _mm256_permutevar8x32_epi32(parts, low_parts)));
      high = _mm256_add_epi32(
          high, _mm256_madd_epi16(pixels, _mm256_permutevar8x32_epi32(parts, high_parts)));
    }
    const __m128i sum =
        _mm_srai_epi32(_mm_add_epi32(add_halves(join(low, high)), half), kPillowBits);
    const __m128i words = _mm_packs_epi32(sum, sum);
    const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    __builtin_memcpy(to + i * channels, &bytes, 4);
  }
}

VG_AVX2 void horizontal(const uint8_t* row, const AxisWeights<int16_t>& weights, Run run,
                        int channels, int16_t* to) {
  if (weights.stride == 2) return horizontal_two_taps(row, weights, run, channels, to);
  const __m256i pairs = pair_pixels(channels), spread = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  for (int64_t i = run.begin; i < run.end; i++) {
    const uint8_t* from = row + int64_t{weights.first[i]} * channels;
    const int16_t* k = weights.of(i);
    __m256i sum = _mm256_setzero_si256();
    for (int j = 0; j < weights.count[i]; j += 4, from += 4 * channels) {
      const __m256i pixels = _mm256_shuffle_epi8(load_twice(from), pairs);
      const __m128i w = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(k + j));
      sum = _mm256_add_epi32(
          sum, _mm256_madd_epi16(pixels,
                                 _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(w), spread)));
    }
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + i * channels), finish_middle(add_halves(sum)));
  }
}

VG_AVX2 int64_t vertical(const uint8_t** rows, const int32_t* k, int taps, int64_t begin,
                         int64_t end, uint8_t* to) {
  rows[taps] = rows[taps - 1];  // an odd last tap has a partner of weight 0
  int64_t e = begin;
  for (; e + 16 <= end; e += 16) {
    __m256i low0 = _mm256_setzero_si256(), low1 = low0, high0 = low0, high1 = low0;
    for (int j = 0; j < taps; j += 2) {
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows[j] + e));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows[j + 1] + e));
      const __m256i first = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b)),
                    second = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
      constexpr int32_t mask = (1 << kLowBits) - 1;
      const __m256i low = _mm256_set1_epi32((k[j] & mask) | (k[j + 1] & mask) << 16);
      const __m256i high =
          _mm256_set1_epi32(((k[j] >> kLowBits) & 0xFFFF) | (k[j + 1] >> kLowBits) << 16);
      low0 = _mm256_add_epi32(low0, _mm256_madd_epi16(first, low));
      low1 = _mm256_add_epi32(low1, _mm256_madd_epi16(second, low));
      high0 = _mm256_add_epi32(high0, _mm256_madd_epi16(first, high));
      high1 = _mm256_add_epi32(high1, _mm256_madd_epi16(second, high));
    }
    // packs works within halves of 128 bits: bring the quarters into order before the last packing.
    const __m256i words = _mm256_permute4x64_epi64(
        _mm256_packs_epi32(finish(join(low0, high0)), finish(join(low1, high1))), 0xD8);
    const __m128i bytes =
        _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + e), bytes);
  }
  return e - begin;
}

VG_AVX2 int64_t vertical(const int16_t** rows, const int16_t* k, int taps, int64_t begin,
                         int64_t end, uint8_t* to) {
  rows[taps] = rows[taps - 1];
  constexpr int shift = kFixedBits + kMiddleBits;
  const __m256i half = _mm256_set1_epi32(1 << (shift - 1));
  int64_t e = begin;
  for (; e + 16 <= end; e += 16) {
    __m256i sum0 = half, sum1 = half;
    for (int j = 0; j < taps; j += 2) {
      const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows[j] + e));
      const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows[j + 1] + e));
      const __m256i weights = _mm256_set1_epi32((k[j] & 0xFFFF) | int32_t{k[j + 1]} << 16);
      sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), weights));
      sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), weights));
    }
    const __m256i words =
        _mm256_packs_epi32(_mm256_srai_epi32(sum0, shift), _mm256_srai_epi32(sum1, shift));
    const __m128i bytes =
        _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + e), bytes);
  }
  return e - begin;
}

#else

bool available() { return false; }
void horizontal(const uint8_t*, const AxisWeights<int32_t>&, Run, int, uint8_t*) {}
void horizontal(const uint8_t*, const AxisWeights<int16_t>&, Run, int, int16_t*) {}
int64_t vertical(const uint8_t**, const int32_t*, int, int64_t, int64_t, uint8_t*) { return 0; }
int64_t vertical(const int16_t**, const int16_t*, int, int64_t, int64_t, uint8_t*) { return 0; }

#endif

}  // namespace vg::cpu::simd
