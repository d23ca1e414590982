// One channel of three as floats, and mirrored pixels, by shuffles of bytes.
#include "cpu/strided_bytes.h"

#include <cstring>

#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu {
namespace {

#if defined(__x86_64__)
/// Which of 48 bytes are the first ones of 16 pixels in order, or the last ones in reverse.
struct EveryThird {
  alignas(16) int8_t forward[3][16], backward[3][16];
  constexpr EveryThird() : forward(), backward() {
    for (int part = 0; part < 3; part++)
      for (int i = 0; i < 16; i++) {
        const int first = 3 * i, last = 47 - 3 * i;
        forward[part][i] = static_cast<int8_t>(first / 16 == part ? first % 16 : -1);
        backward[part][i] = static_cast<int8_t>(last / 16 == part ? last % 16 : -1);
      }
  }
};
constexpr EveryThird kEveryThird;

VG_AVX2 int64_t normalize_avx2(const uint8_t* from, int64_t step, const Affine& affine, float* to,
                               int64_t n) {
  const auto& how = step > 0 ? kEveryThird.forward : kEveryThird.backward;
  const __m256 mean = _mm256_set1_ps(affine.mean), factor = _mm256_set1_ps(affine.factor);
  const __m256 shift = _mm256_set1_ps(affine.shift);
  __m128i shuffle[3];
  for (int k = 0; k < 3; k++) shuffle[k] = _mm_load_si128(reinterpret_cast<const __m128i*>(how[k]));
  int64_t i = 0;
  for (; i + 16 < n; i += 16) {  // two bytes of the next pixel are read
    const uint8_t* p = from + i * step - (step > 0 ? 0 : 47);
    __m128i bytes = _mm_setzero_si128();
    for (int k = 0; k < 3; k++) {
      const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p) + k);
      bytes = _mm_or_si128(bytes, _mm_shuffle_epi8(v, shuffle[k]));
    }
    for (int half = 0; half < 2; half++) {
      const __m256 v =
          _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(half ? _mm_unpackhi_epi64(bytes, bytes) : bytes));
      _mm256_storeu_ps(to + i + 8 * half,
                       _mm256_add_ps(_mm256_mul_ps(_mm256_sub_ps(v, mean), factor), shift));
    }
  }
  return i;
}

/// Five pixels a turn; the sixth is there, for the bytes that are read and written too much.
VG_AVX2 int64_t reverse_avx2(const uint8_t* from, uint8_t* to, int64_t n) {
  const __m128i how = _mm_setr_epi8(13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, -1);
  int64_t i = 0;
  for (; i + 5 < n; i += 5) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from - 3 * i - 13));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 3 * i), _mm_shuffle_epi8(v, how));
  }
  return i;
}
#endif

}  // namespace

bool strides_are_fast() { return has_avx2(); }

void normalize_channel(const uint8_t* from, int64_t step, const Affine& affine, float* to,
                       int64_t n) {
  int64_t i = 0;
#if defined(__x86_64__)
  if (has_avx2()) i = normalize_avx2(from, step, affine, to, n);
#endif
  for (; i < n; i++)
    to[i] = (static_cast<float>(from[i * step]) - affine.mean) * affine.factor + affine.shift;
}

void reverse_pixels(const uint8_t* from, uint8_t* to, int64_t n) {
  int64_t i = 0;
#if defined(__x86_64__)
  if (has_avx2()) i = reverse_avx2(from, to, n);
#endif
  for (; i < n; i++) std::memcpy(to + 3 * i, from - 3 * i, 3);
}

}  // namespace vg::cpu
