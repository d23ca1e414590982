// Extrema, sums and histograms of bytes.
#include "cpu/byte_statistics.h"

#include <algorithm>

#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu {
namespace {

constexpr int kBlock = kStatisticsBlock;

#if defined(__x86_64__)
VG_AVX2 void extrema_avx2(const uint8_t* data, int64_t blocks, uint8_t* low, uint8_t* high) {
  auto* lows = reinterpret_cast<__m256i*>(low);
  auto* highs = reinterpret_cast<__m256i*>(high);
  __m256i lo[3], hi[3];
  for (int k = 0; k < 3; k++) {
    lo[k] = _mm256_loadu_si256(lows + k);
    hi[k] = _mm256_loadu_si256(highs + k);
  }
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < 3; k++) {
      const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data) + k);
      lo[k] = _mm256_min_epu8(lo[k], v);
      hi[k] = _mm256_max_epu8(hi[k], v);
    }
  for (int k = 0; k < 3; k++) {
    _mm256_storeu_si256(lows + k, lo[k]);
    _mm256_storeu_si256(highs + k, hi[k]);
  }
}

VG_AVX2 void sums_avx2(const uint8_t* data, int64_t blocks, uint16_t* sums) {
  __m256i sum[6] = {};
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < 6; k++)
      sum[k] = _mm256_add_epi16(
          sum[k],
          _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + k)));
  for (int k = 0; k < 6; k++) _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums) + k, sum[k]);
}
#endif

/// Tables is 0 where the compiler need not know their number.
template <int Tables>
void count(const uint8_t* data, int64_t n, int tables, uint32_t* to) {
  const int step = Tables ? Tables : tables;
  int64_t i = 0;
  for (; i + step <= n; i += step)
    for (int t = 0; t < step; t++) to[256 * t + data[i + t]]++;
  for (int t = 0; i + t < n; t++) to[256 * t + data[i + t]]++;
}

}  // namespace

void block_extrema(const uint8_t* data, int64_t blocks, uint8_t* low, uint8_t* high) {
#if defined(__x86_64__)
  if (has_avx2()) return extrema_avx2(data, blocks, low, high);
#endif
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < kBlock; k++) {
      low[k] = std::min(low[k], data[k]);
      high[k] = std::max(high[k], data[k]);
    }
}

void block_sums(const uint8_t* data, int64_t blocks, uint16_t* sums) {
#if defined(__x86_64__)
  if (has_avx2()) return sums_avx2(data, blocks, sums);
#endif
  std::fill_n(sums, kBlock, uint16_t{0});
  for (int64_t b = 0; b < blocks; b++, data += kBlock)
    for (int k = 0; k < kBlock; k++) sums[k] = static_cast<uint16_t>(sums[k] + data[k]);
}

void count_bytes(const uint8_t* data, int64_t n, int tables, uint32_t* to) {
  if (tables == 4) return count<4>(data, n, tables, to);
  if (tables == 6) return count<6>(data, n, tables, to);
  count<0>(data, n, tables, to);
}

}  // namespace vg::cpu
