// Bytes of three channels, side by side in memory and apart in registers or planes.
#pragma once

#include <cstdint>

#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu {

#if defined(__x86_64__)
/// Which byte of 48 goes where, as shuffles of three times 16: [to][from].
struct ThreeWays {
  alignas(16) int8_t apart[3][3][16], together[3][3][16];
  constexpr ThreeWays() : apart(), together() {
    for (int to = 0; to < 3; to++)
      for (int from = 0; from < 3; from++)
        for (int i = 0; i < 16; i++) {
          const int byte = 3 * i + to, place = 16 * to + i;
          apart[to][from][i] = static_cast<int8_t>(byte / 16 == from ? byte % 16 : -1);
          together[to][from][i] = static_cast<int8_t>(place % 3 == from ? place / 3 : -1);
        }
  }
};
inline constexpr ThreeWays kThreeWays;

VG_AVX2 VG_INLINE __m256i shuffled(const int8_t (&how)[16], __m256i v) {
  return _mm256_shuffle_epi8(
      v, _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(how))));
}

VG_AVX2 VG_INLINE void rearrange(const int8_t (&how)[3][3][16], const __m256i (&from)[3],
                                 __m256i (&to)[3]) {
  for (int t = 0; t < 3; t++)
    to[t] =
        _mm256_or_si256(_mm256_or_si256(shuffled(how[t][0], from[0]), shuffled(how[t][1], from[1])),
                        shuffled(how[t][2], from[2]));
}

/// 32 pixels, a vector per channel. Its low half holds those of the first 48 bytes.
VG_AVX2 VG_INLINE void load_apart(const uint8_t* in, __m256i (&channels)[3]) {
  __m256i mixed[3];
  for (int k = 0; k < 3; k++) {
    const auto* p = reinterpret_cast<const __m128i*>(in) + k;
    mixed[k] = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(p)),
                                       _mm_loadu_si128(p + 3), 1);
  }
  rearrange(kThreeWays.apart, mixed, channels);
}

VG_AVX2 VG_INLINE void store_together(const __m256i (&channels)[3], uint8_t* out) {
  __m256i mixed[3];
  rearrange(kThreeWays.together, channels, mixed);
  for (int k = 0; k < 3; k++) {
    auto* p = reinterpret_cast<__m128i*>(out) + k;
    _mm_storeu_si128(p, _mm256_castsi256_si128(mixed[k]));
    _mm_storeu_si128(p + 3, _mm256_extracti128_si256(mixed[k], 1));
  }
}
#endif

/// `pixels` pixels as three planes, and back.
void split_channels(const uint8_t* in, int64_t pixels, uint8_t* const (&planes)[3]);
void join_channels(const uint8_t* const (&planes)[3], int64_t pixels, uint8_t* out);

}  // namespace vg::cpu
