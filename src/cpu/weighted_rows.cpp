// Sums of weighted rows, four vectors at a time: each sum waits for the one before.
#include "cpu/weighted_rows.h"

#include "cpu/convert.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/weighted_rows.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#ifndef VG_WEIGHTED_ROWS_KERNELS
#define VG_WEIGHTED_ROWS_KERNELS
namespace vg::cpu {
namespace {

/// `n` is at least `block`.
struct RowKernels {
  int64_t block;
  void (*sum)(const float* const* rows, const float* weights, size_t taps, int64_t n, float* out);
  void (*even_bytes)(const float* const* rows, const float* weights, size_t taps, int64_t n,
                     uint8_t* out);
  void (*bytes)(const float* const* rows, const float* weights, size_t taps, int64_t n,
                uint8_t* out);
};

}  // namespace
}  // namespace vg::cpu
#endif

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

using FloatVector = hn::Vec<Floats>;
constexpr int64_t kLanes = hn::MaxLanes(Floats());

struct Sums {
  FloatVector a, b, c, d;
  HWY_INLINE Sums(const float* const* rows, const float* weights, size_t taps, int64_t i)
      : a(hn::Zero(Floats())), b(a), c(a), d(a) {
    const Floats f;
    for (size_t t = 0; t < taps; t++) {
      const float* row = rows[t] + i;
      const auto w = hn::Set(f, weights[t]);
      a = hn::Add(a, hn::Mul(w, hn::LoadU(f, row)));
      b = hn::Add(b, hn::Mul(w, hn::LoadU(f, row + kLanes)));
      c = hn::Add(c, hn::Mul(w, hn::LoadU(f, row + 2 * kLanes)));
      d = hn::Add(d, hn::Mul(w, hn::LoadU(f, row + 3 * kLanes)));
    }
  }
};

/// Calls f(i) for blocks of kBytes elements; the last one begins early.
template <class F>
HWY_INLINE void each_block(int64_t n, F f) {
  for (int64_t i = 0; i < n; i += kBytes) f(i + kBytes <= n ? i : n - kBytes);
}

void sum(const float* const* rows, const float* weights, size_t taps, int64_t n, float* out) {
  each_block(n, [=](int64_t i) HWY_ATTR {
    const Sums s(rows, weights, taps, i);
    hn::StoreU(s.a, Floats(), out + i);
    hn::StoreU(s.b, Floats(), out + i + kLanes);
    hn::StoreU(s.c, Floats(), out + i + 2 * kLanes);
    hn::StoreU(s.d, Floats(), out + i + 3 * kLanes);
  });
}

/// As whole_byte: bounds are whole, so cutting off first is the same. A maximum with NaN gives the
/// second operand, or what converts to 0.
template <bool kEven>
HWY_INLINE hn::Vec<Ints> whole(FloatVector v) {
  const Floats d;
  v = hn::Min(hn::Max(v, hn::Zero(d)), hn::Set(d, 255.0f));
  if constexpr (kEven) return hn::NearestInt(v);
  return hn::ConvertTo(Ints(), hn::Add(v, hn::Set(d, 0x1.fffffep-2f)));
}

template <bool kEven>
void sum_bytes(const float* const* rows, const float* weights, size_t taps, int64_t n,
               uint8_t* out) {
  const hn::Repartition<uint32_t, Bytes> words;
  // Packing works within blocks: word k of block b belongs to vector k.
  alignas(64) uint32_t places[kBytes / 4];
  for (uint32_t i = 0; i < kBytes / 4; i++) places[i] = i % (kBytes / 16) * 4 + i / (kBytes / 16);
  const auto order = hn::SetTableIndices(words, places);
  each_block(n, [=](int64_t i) HWY_ATTR {
    const Sums s(rows, weights, taps, i);
    const auto bytes = pack(hn::ReorderDemote2To(Shorts(), whole<kEven>(s.a), whole<kEven>(s.b)),
                            hn::ReorderDemote2To(Shorts(), whole<kEven>(s.c), whole<kEven>(s.d)));
    const auto in_order = hn::TableLookupLanes(hn::BitCast(words, bytes), order);
    hn::StoreU(hn::BitCast(Bytes(), in_order), Bytes(), out + i);
  });
}

}  // namespace

constexpr RowKernels kWeightedRows{kBytes, &sum, &sum_bytes<true>, &sum_bytes<false>};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu {
namespace {

const RowKernels* kernels() { VG_RETURN_KERNELS(kWeightedRows); }

constexpr int64_t kBlock = 16;  // sums that stay in registers

/// Calls store(i, sum) for each element.
template <class Store>
void plain_sums(std::span<const float* const> rows, std::span<const float> weights, int64_t n,
                Store store) {
  int64_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    float sum[kBlock] = {};
    for (size_t t = 0; t < weights.size(); t++) {
      const float* row = rows[t] + i;
      const float w = weights[t];
      for (int64_t j = 0; j < kBlock; j++) sum[j] += w * row[j];
    }
    for (int64_t j = 0; j < kBlock; j++) store(i + j, sum[j]);
  }
  for (; i < n; i++) {
    float sum = 0;
    for (size_t t = 0; t < weights.size(); t++) sum += weights[t] * rows[t][i];
    store(i, sum);
  }
}

}  // namespace

void weighted_sum(std::span<const float* const> rows, std::span<const float> weights, int64_t n,
                  float* out) {
  if (const RowKernels* vectors = kernels(); vectors && n >= vectors->block)
    return vectors->sum(rows.data(), weights.data(), weights.size(), n, out);
  plain_sums(rows, weights, n, [=](int64_t i, float sum) { out[i] = sum; });
}

void weighted_bytes(std::span<const float* const> rows, std::span<const float> weights,
                    bool halves_to_even, int64_t n, uint8_t* out) {
  if (const RowKernels* vectors = kernels(); vectors && n >= vectors->block)
    return (halves_to_even ? vectors->even_bytes : vectors->bytes)(rows.data(), weights.data(),
                                                                   weights.size(), n, out);
  if (!halves_to_even)
    return plain_sums(rows, weights, n, [=](int64_t i, float sum) { out[i] = round_byte(sum); });
  plain_sums(rows, weights, n, [=](int64_t i, float sum) {
    float x = sum > 0 ? sum : 0;  // NaN as well
    x = x < 255 ? x : 255;
    // Within these bounds the addition of 2^23 rounds.
    out[i] = static_cast<uint8_t>(static_cast<int32_t>((x + 0x1p23f) - 0x1p23f));
  });
}

}  // namespace vg::cpu
#endif
