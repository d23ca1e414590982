// Rows of bytes with their borders, and two taps at a time: sixteen-bit products are added in
// pairs.
#include "cpu/stencil_whole.h"

#include <cstring>

#include "cpu/row_cache.h"
#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu {
namespace {

/// Rows of bytes, one for each tap, shifted to where it reads; an even number of them.
struct Taps {
  const uint8_t* const* rows;
  const int16_t* weights;
  size_t count;
};

#if defined(__x86_64__)
constexpr int64_t kBlock = 16;

VG_AVX2 VG_INLINE __m256i rounded(__m256i sum) {
  const __m256i odd =
      _mm256_and_si256(_mm256_srli_epi32(sum, WholeSum::kBits), _mm256_set1_epi32(1));
  const __m256i below = _mm256_set1_epi32((1 << (WholeSum::kBits - 1)) - 1);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_add_epi32(below, odd)), WholeSum::kBits);
}

VG_AVX2 void sum_block(const Taps& taps, int64_t i, uint8_t* out) {
  __m256i low = _mm256_setzero_si256(), high = low;
  for (size_t t = 0; t < taps.count; t += 2) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(taps.rows[t] + i));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(taps.rows[t + 1] + i));
    int32_t both;
    std::memcpy(&both, taps.weights + t, sizeof both);
    const __m256i weights = _mm256_set1_epi32(both);
    const __m256i first = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
    const __m256i second = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
    low = _mm256_add_epi32(low, _mm256_madd_epi16(first, weights));
    high = _mm256_add_epi32(high, _mm256_madd_epi16(second, weights));
  }
  // Both packings work on halves of the registers; what they saturate, the definition cuts off.
  const __m256i words = _mm256_packs_epi32(rounded(low), rounded(high));
  const __m256i bytes = _mm256_packus_epi16(words, words);
  const __m256i in_order =
      _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm256_castsi256_si128(in_order));
}

VG_AVX2 void sum_blocks(const Taps& taps, int64_t n, uint8_t* out) {
  for (int64_t i = 0; i < n; i += kBlock)  // the last block begins early
    sum_block(taps, std::min(i, n - kBlock), out);
}
#endif

void sum_row(const Taps& taps, int64_t n, uint8_t* out) {
#if defined(__x86_64__)
  if (has_avx2() && n >= kBlock) return sum_blocks(taps, n, out);
#endif
  for (int64_t i = 0; i < n; i++) {
    int32_t sum = 0;
    for (size_t t = 0; t < taps.count; t++) sum += taps.weights[t] * taps.rows[t][i];
    out[i] = WholeSum::finish(sum);
  }
}

class WholeStencil {
 public:
  WholeStencil(const StencilParams& s, Arena& scratch)
      : s_(s),
        inner_(s.field.inner),
        height_(s.field.extents[1]),
        width_(s.field.extents[2]),
        left_(s.origin[1]),
        right_(s.out_extents[1] + s.kernel_extents[1] - 1 - left_ - width_),
        fill_(static_cast<uint8_t>(s.fill)),
        window_(scratch.array<int64_t>(static_cast<size_t>(s.kernel_extents[0]))),
        rows_(scratch.array<const uint8_t*>(window_.size())),
        taps_(scratch.array<const uint8_t*>((s.whole.size() + 1) / 2 * 2)),
        weights_(scratch.array<int16_t>(taps_.size())),
        cache_(scratch, window_.size(), (left_ + width_ + right_) * inner_) {
    std::copy(s.whole.begin(), s.whole.end(), weights_.begin());  // a weight of 0 may be left over
  }

  void run(const uint8_t* in, uint8_t* out) {
    cache_.forget();
    const int64_t n = s_.out_extents[1] * inner_;
    for (int64_t y = 0; y < s_.out_extents[0]; y++, out += n) {
      for (size_t i = 0; i < window_.size(); i++)
        window_[i] = border_index(s_.border, y - s_.origin[0] + static_cast<int64_t>(i), height_);
      cache_.collect(window_, rows_.data(), [&](int64_t row, uint8_t* to) { load(in, row, to); });
      const uint8_t** tap = taps_.data();
      for (const uint8_t* row : rows_)
        for (int c = 0; c < s_.kernel_extents[1]; c++) *tap++ = row + c * inner_;
      if (tap != taps_.data() + taps_.size()) *tap = rows_[0];
      sum_row({taps_.data(), weights_.data(), taps_.size()}, n, out);
    }
  }

 private:
  /// Row `y` (-1: the constant) with its borders.
  void load(const uint8_t* in, int64_t y, uint8_t* to) const {
    uint8_t* row = to + left_ * inner_;
    if (y < 0) {
      std::fill(to, row + (width_ + right_) * inner_, fill_);
      return;
    }
    std::copy_n(in + y * width_ * inner_, width_ * inner_, row);
    const auto outside = [&](int64_t x) {
      const int64_t from = border_index(s_.border, x, width_);
      if (from < 0)
        std::fill_n(row + x * inner_, inner_, fill_);
      else
        std::copy_n(row + from * inner_, inner_, row + x * inner_);
    };
    for (int64_t x = -left_; x < 0; x++) outside(x);
    for (int64_t x = width_; x < width_ + right_; x++) outside(x);
  }

  const StencilParams& s_;
  int64_t inner_, height_, width_, left_, right_;
  uint8_t fill_;
  std::span<int64_t> window_;
  std::span<const uint8_t*> rows_, taps_;
  std::span<int16_t> weights_;
  RowCache<uint8_t> cache_;
};

}  // namespace

void run_whole_stencil(const StencilParams& s, const Work& work) {
  const TensorRef &in = work.in[0], &out = work.out[0];
  const int64_t in_step = in.desc.bytes() / s.field.outer,
                out_step = out.desc.bytes() / s.field.outer;
  WholeStencil stencil(s, work.scratch);
  for (int64_t f = 0; f < s.field.outer; f++)
    stencil.run(in.as<uint8_t>() + f * in_step, out.as<uint8_t>() + f * out_step);
}

}  // namespace vg::cpu
