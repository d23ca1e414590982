// Pixels of three bytes as planes.
#include "cpu/three_channels.h"

namespace vg::cpu {
namespace {

#if defined(__x86_64__)
VG_AVX2 void split_avx2(const uint8_t* in, int64_t pixels, uint8_t* const (&planes)[3]) {
  for (int64_t i = 0; i < pixels; i += 32) {
    __m256i v[3];
    load_apart(in + 3 * i, v);
    for (int c = 0; c < 3; c++)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(planes[c] + i), v[c]);
  }
}

VG_AVX2 void join_avx2(const uint8_t* const (&planes)[3], int64_t pixels, uint8_t* out) {
  for (int64_t i = 0; i < pixels; i += 32) {
    __m256i v[3];
    for (int c = 0; c < 3; c++)
      v[c] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(planes[c] + i));
    store_together(v, out + 3 * i);
  }
}
#endif

}  // namespace

void split_channels(const uint8_t* in, int64_t pixels, uint8_t* const (&planes)[3]) {
  int64_t i = 0;
#if defined(__x86_64__)
  if (has_avx2()) split_avx2(in, i = pixels / 32 * 32, planes);
#endif
  for (; i < pixels; i++)
    for (int c = 0; c < 3; c++) planes[c][i] = in[3 * i + c];
}

void join_channels(const uint8_t* const (&planes)[3], int64_t pixels, uint8_t* out) {
  int64_t i = 0;
#if defined(__x86_64__)
  if (has_avx2()) join_avx2(planes, i = pixels / 32 * 32, out);
#endif
  for (; i < pixels; i++)
    for (int c = 0; c < 3; c++) out[3 * i + c] = planes[c][i];
}

}  // namespace vg::cpu
