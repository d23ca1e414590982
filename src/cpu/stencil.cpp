// The stencil driver of the host: rows of floats with their borders, held only as long as a window
// needs them, and one loop that sums weighted rows.
#include "ops/stencil.h"

#include <algorithm>

#include "core/lane.h"
#include "cpu/convert.h"
#include "cpu/drivers.h"
#include "cpu/row_cache.h"
#include "cpu/stencil_whole.h"
#include "cpu/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vg::cpu {
namespace {

constexpr int64_t kBlock = 32;  // sums that stay in registers

#if defined(__x86_64__)
VG_AVX2 VG_INLINE void sum_vectors(const float* const* rows, const float* weights, size_t taps,
                                   int64_t i, __m256 (&sum)[kBlock / 8]) {
  for (__m256& s : sum) s = _mm256_setzero_ps();
  for (size_t t = 0; t < taps; t++) {
    const float* row = rows[t] + i;
    const __m256 w = _mm256_set1_ps(weights[t]);
    for (int k = 0; k < kBlock / 8; k++)
      sum[k] = _mm256_add_ps(sum[k], _mm256_mul_ps(w, _mm256_loadu_ps(row + 8 * k)));
  }
}

VG_AVX2 void sum_block_avx2(const float* const* rows, const float* weights, size_t taps, int64_t i,
                            float* out) {
  __m256 sum[kBlock / 8];
  sum_vectors(rows, weights, taps, i, sum);
  for (int k = 0; k < kBlock / 8; k++) _mm256_storeu_ps(out + i + 8 * k, sum[k]);
}

/// Rounded (ties to even) and cut off to bytes.
VG_AVX2 void sum_block_bytes(const float* const* rows, const float* weights, size_t taps, int64_t i,
                             uint8_t* out) {
  __m256 sum[kBlock / 8];
  sum_vectors(rows, weights, taps, i, sum);
  const __m256 low = _mm256_setzero_ps(), high = _mm256_set1_ps(255);
  __m256i whole[kBlock / 8];
  for (int k = 0; k < kBlock / 8; k++)  // NaN becomes 0: a maximum gives its second operand then
    whole[k] = _mm256_cvtps_epi32(_mm256_min_ps(_mm256_max_ps(sum[k], low), high));
  const __m256i bytes = _mm256_packus_epi16(_mm256_packus_epi32(whole[0], whole[1]),
                                            _mm256_packus_epi32(whole[2], whole[3]));
  _mm256_storeu_si256(
      reinterpret_cast<__m256i*>(out + i),
      _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
}
#endif

void sum_block_portable(const float* const* rows, const float* weights, size_t taps, int64_t i,
                        float* out) {
  for (int64_t from = i; from < i + kBlock; from += kBlock / 2) {
    float sum[kBlock / 2] = {};
    for (size_t t = 0; t < taps; t++) {
      const float* row = rows[t] + from;
      const float w = weights[t];
      for (int64_t j = 0; j < kBlock / 2; j++) sum[j] += w * row[j];
    }
    for (int64_t j = 0; j < kBlock / 2; j++) out[from + j] = sum[j];
  }
}

/// out[i] = sum of weights[t] * rows[t][i], taps in order.
void weighted_sum(std::span<const float* const> rows, std::span<const float> weights, int64_t n,
                  float* out) {
  auto* block = &sum_block_portable;
#if defined(__x86_64__)
  if (has_avx2()) block = &sum_block_avx2;
#endif
  int64_t i = 0;
  for (; i + kBlock <= n; i += kBlock) block(rows.data(), weights.data(), weights.size(), i, out);
  for (; i < n; i++) {
    float sum = 0;
    for (size_t t = 0; t < weights.size(); t++) sum += weights[t] * rows[t][i];
    out[i] = sum;
  }
}

/// Sums rounded to bytes, if there is a fast way.
bool weighted_bytes(std::span<const float* const> rows, std::span<const float> weights, int64_t n,
                    uint8_t* out) {
#if defined(__x86_64__)
  if (has_avx2() && n >= kBlock) {
    for (int64_t i = 0; i < n; i += kBlock)  // the last block begins early
      sum_block_bytes(rows.data(), weights.data(), weights.size(), std::min(i, n - kBlock), out);
    return true;
  }
#else
  (void)rows, (void)weights, (void)n, (void)out;
#endif
  return false;
}

float* floats(Arena& scratch, int64_t n) {
  return static_cast<float*>(scratch.allocate(static_cast<size_t>(n) * sizeof(float), 64));
}

/// A plane of the input (height x width pixels of `inner` channels) as rows of floats.
struct Plane {
  DType dtype;
  int64_t height, width, inner;
  Border border;
  float fill;
  const std::byte* data;

  /// Row `y` (-1: the constant) with `left` and `right` pixels of border.
  void load(int64_t y, int64_t left, int64_t right, float* to) const {
    float* row = to + left * inner;
    if (y < 0) {
      std::fill(to, row + (width + right) * inner, fill);
      return;
    }
    load_tile(dtype, data + y * width * inner * size_of(dtype), row, width * inner);
    const auto outside = [&](int64_t x) {
      const int64_t from = border_index(border, x, width);
      if (from < 0)
        std::fill_n(row + x * inner, inner, fill);
      else
        std::copy_n(row + from * inner, inner, row + x * inner);
    };
    for (int64_t x = -left; x < 0; x++) outside(x);
    for (int64_t x = width; x < width + right; x++) outside(x);
  }
};

void indices(Border border, int64_t first, int64_t n, std::span<int64_t> to) {
  for (size_t i = 0; i < to.size(); i++)
    to[i] = border_index(border, first + static_cast<int64_t>(i), n);
}

/// Bounds are whole: cutting off first is the same, and then the addition of 2^23 rounds.
void store_even_bytes(const float* sums, uint8_t* out, int64_t n) {
  on_target([=]() VG_LAMBDA_INLINE {
    for (int64_t i = 0; i < n; i++) {
      float x = sums[i] > 0 ? sums[i] : 0;  // NaN as well
      x = x < 255 ? x : 255;
      out[i] = static_cast<uint8_t>(static_cast<int32_t>((x + 0x1p23f) - 0x1p23f));
    }
  });
}

/// Rounds `n` sums and stores them.
void store(bool halves_to_even, const TensorRef& out, int64_t at, float* sums, int64_t n) {
  const DType dtype = out.desc.dtype;
  if (halves_to_even && dtype == DType::Uint8)
    return store_even_bytes(sums, out.as<uint8_t>() + at, n);
  if (halves_to_even && dtype != DType::Float)
    for (int64_t i = 0; i < n; i++) sums[i] = round_even(sums[i]);
  round_tile(dtype, sums, n);
  store_tile(dtype, sums, out.data + at * size_of(dtype), n);
}

/// A kernel in the plane: all its taps are shifted rows.
class Dense {
 public:
  Dense(const StencilParams& s, const Plane& plane, Arena& scratch)
      : s_(s),
        left_(s.origin[1]),
        right_(s.out_extents[1] + s.kernel_extents[1] - 1 - left_ - plane.width),
        n_(s.out_extents[1] * plane.inner),
        height_(static_cast<size_t>(s.kernel_extents[0])),
        cache_(scratch, height_, (left_ + plane.width + right_) * plane.inner),
        window_(scratch.array<int64_t>(height_)),
        rows_(scratch.array<const float*>(height_)),
        taps_(scratch.array<const float*>(s.kernel.size())),
        sums_(floats(scratch, n_)) {}

  void run(const Plane& plane, const TensorRef& out, int64_t at) {
    cache_.forget();
    const int columns = s_.kernel_extents[1];
    for (int64_t y = 0; y < s_.out_extents[0]; y++) {
      indices(plane.border, y - s_.origin[0], plane.height, window_);
      cache_.collect(window_, rows_.data(),
                     [&](int64_t row, float* to) { plane.load(row, left_, right_, to); });
      const float** tap = taps_.data();
      for (const float* row : rows_)
        for (int c = 0; c < columns; c++) *tap++ = row + c * plane.inner;
      const int64_t to = at + y * n_;
      const bool even_bytes = s_.halves_to_even && out.desc.dtype == DType::Uint8;
      if (even_bytes && weighted_bytes(taps_, s_.kernel, n_, out.as<uint8_t>() + to)) continue;
      weighted_sum(taps_, s_.kernel, n_, sums_);
      store(s_.halves_to_even, out, to, sums_, n_);
    }
  }

 private:
  const StencilParams& s_;
  int64_t left_, right_, n_;
  size_t height_;
  RowCache<float> cache_;
  std::span<int64_t> window_;
  std::span<const float*> rows_, taps_;
  float* sums_;
};

/// Windows across and down of one plane: rows filtered across are kept, and summed down into each
/// output row.
class AcrossAndDown {
 public:
  AcrossAndDown(const StencilTerm& term, const Plane& plane, Arena& scratch)
      : down_(term.windows[1]),
        across_(term.windows[2]),
        n_(plane.width * plane.inner),
        cache_(scratch, down_.size(), n_),
        window_(scratch.array<int64_t>(down_.size())),
        rows_(scratch.array<const float*>(down_.size())),
        taps_(scratch.array<const float*>(across_.size())),
        sums_(floats(scratch, n_)) {
    const int64_t side = static_cast<int64_t>(across_.size()) / 2;
    line_ = floats(scratch, (plane.width + 2 * side) * plane.inner);
    for (size_t t = 0; t < taps_.size(); t++)
      taps_[t] = line_ + static_cast<int64_t>(t) * plane.inner;
  }

  void forget() { cache_.forget(); }
  const float* sums() const { return sums_; }

  void run(const Plane& plane, int64_t y) {
    const int64_t side = static_cast<int64_t>(across_.size()) / 2;
    indices(plane.border, y - static_cast<int64_t>(down_.size()) / 2, plane.height, window_);
    cache_.collect(window_, rows_.data(), [&](int64_t row, float* to) {
      plane.load(row, side, side, line_);
      weighted_sum(taps_, across_, n_, to);
    });
    weighted_sum(rows_, down_, n_, sums_);
  }

 private:
  std::span<const float> down_, across_;
  int64_t n_;
  RowCache<float> cache_;
  std::span<int64_t> window_;
  std::span<const float*> rows_, taps_;
  float *sums_, *line_;
};

/// The sum of separable terms. A row of all planes is made before the windows through them.
class Separable {
 public:
  Separable(const StencilParams& s, const Plane& plane, Arena& scratch)
      : s_(s),
        depth_(s.field.extents[0]),
        n_(plane.width * plane.inner),
        sums_(floats(scratch, depth_ * n_)),
        line_(floats(scratch, n_)) {
    for (int i = 0; i < s.terms; i++) {
      const StencilTerm& term = s.term[static_cast<size_t>(i)];
      Term t{scratch.array<AcrossAndDown*>(static_cast<size_t>(depth_)),
             scratch.array<int64_t>(term.windows[0].size()),
             scratch.array<const float*>(term.windows[0].size())};
      for (AcrossAndDown*& planes : t.planes)
        planes = scratch.make<AcrossAndDown>(term, plane, scratch);
      terms_[static_cast<size_t>(i)] = t;
    }
  }

  void run(const Plane& first, const TensorRef& out, int64_t at) {
    for (Term& term : terms_)
      for (AcrossAndDown* plane : term.planes) plane->forget();
    for (int64_t y = 0; y < first.height; y++) {
      for (int i = 0; i < s_.terms; i++) add(i, first, y);
      for (int64_t z = 0; z < depth_; z++)
        store(s_.halves_to_even, out, at + (z * first.height + y) * n_, sums_ + z * n_, n_);
    }
  }

 private:
  struct Term {
    std::span<AcrossAndDown*> planes;
    std::span<int64_t> window;
    std::span<const float*> rows;
  };

  void add(int i, const Plane& first, int64_t y) {
    Term& t = terms_[static_cast<size_t>(i)];
    const StencilTerm& term = s_.term[static_cast<size_t>(i)];
    Plane plane = first;
    for (AcrossAndDown* planes : t.planes) {
      planes->run(plane, y);
      plane.data += plane.height * n_ * size_of(plane.dtype);
    }
    for (int64_t z = 0; z < depth_; z++) {
      indices(s_.border, z - static_cast<int64_t>(t.window.size()) / 2, depth_, t.window);
      for (size_t k = 0; k < t.rows.size(); k++)
        t.rows[k] = t.planes[static_cast<size_t>(t.window[k])]->sums();
      weighted_sum(t.rows, term.windows[0], n_, line_);
      float* sums = sums_ + z * n_;
      for (int64_t j = 0; j < n_; j++)
        sums[j] = i == 0 ? term.scale * line_[j] : sums[j] + term.scale * line_[j];
    }
  }

  const StencilParams& s_;
  int64_t depth_, n_;
  float *sums_, *line_;
  std::array<Term, 3> terms_;
};

template <class Method>
void run_fields(const StencilParams& s, const Work& work) {
  const TensorRef &in = work.in[0], &out = work.out[0];
  const auto [depth, height, width] = s.field.extents;
  const int64_t in_step = in.desc.bytes() / s.field.outer;
  const int64_t out_step = out.desc.shape.elements() / s.field.outer;
  Plane plane{in.desc.dtype, height, width, s.field.inner, s.border, s.fill, in.data};
  Method method(s, plane, work.scratch);
  for (int64_t f = 0; f < s.field.outer; f++, plane.data += in_step)
    method.run(plane, out, f * out_step);
}

}  // namespace

Status run_stencil(const OpDef&, const Work& work) {
  const auto& s = work.param<StencilParams>();
  if (work.out[0].desc.shape.elements() == 0) return {};
  if (!s.whole.empty())
    run_whole_stencil(s, work);
  else if (s.dense)
    run_fields<Dense>(s, work);
  else
    run_fields<Separable>(s, work);
  return {};
}

}  // namespace vg::cpu
