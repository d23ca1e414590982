// Words for vectors that Highway lacks, and the choice among what was compiled. Included after
// cpu/each_target.h, once for each target; in between:
//
//   #if VG_HAS_VECTORS
//   HWY_BEFORE_NAMESPACE();
//   namespace vg::cpu::HWY_NAMESPACE { ... }
//   HWY_AFTER_NAMESPACE();
//   #endif
//
// Functions of the standard library are not called there: the linker might keep their copies for
// the best target, and machines without it would run them.
#include <hwy/highway.h>

// Not where Highway would count lane by lane.
#undef VG_HAS_VECTORS
#define VG_HAS_VECTORS                                                           \
  (HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || \
   HWY_TARGET == HWY_NEON)

#ifndef VG_RETURN_KERNELS
#include "cpu/target.h"
#if HWY_TARGETS & HWY_AVX3
#define VG_IF_AVX3(k) \
  if (::vg::cpu::target() == ::vg::cpu::Target::Avx512) return &N_AVX3::k;
#else
#define VG_IF_AVX3(k)
#endif
#if HWY_TARGETS & HWY_AVX2
#define VG_IF_AVX2(k) \
  if (::vg::cpu::target() >= ::vg::cpu::Target::Avx2) return &N_AVX2::k;
#else
#define VG_IF_AVX2(k)
#endif
#if HWY_TARGETS & HWY_SSE4
#define VG_IF_SSE4(k) \
  if (::vg::cpu::target() >= ::vg::cpu::Target::Sse4) return &N_SSE4::k;
#else
#define VG_IF_SSE4(k)
#endif
#if HWY_TARGETS & HWY_NEON
#define VG_IF_NEON(k) \
  if (::vg::cpu::target() == ::vg::cpu::Target::Neon) return &N_NEON::k;
#else
#define VG_IF_NEON(k)
#endif
/// Ends a function with the address of the target's `k`; null for plain loops.
#define VG_RETURN_KERNELS(k) \
  VG_IF_AVX3(k)              \
  VG_IF_AVX2(k)              \
  VG_IF_SSE4(k)              \
  VG_IF_NEON(k)              \
  return nullptr
#endif

#if VG_HAS_VECTORS
#if defined(VG_VECTORS_H) == defined(HWY_TARGET_TOGGLE)
#ifdef VG_VECTORS_H
#undef VG_VECTORS_H
#else
#define VG_VECTORS_H
#endif

HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace hn = ::hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<uint8_t>;
using Shorts = hn::ScalableTag<int16_t>;
using Ints = hn::ScalableTag<int32_t>;
using Floats = hn::ScalableTag<float>;
using Bytes16 = hn::FixedTag<uint8_t, 16>;  // a block, within which instructions shuffle

/// Lanes of bytes.
constexpr int64_t kBytes = hn::MaxLanes(Bytes());

/// Cut off to bytes, block by block: eight of `a`, then eight of `b`.
HWY_INLINE hn::Vec<Bytes> pack(hn::Vec<Shorts> a, hn::Vec<Shorts> b) {
#if HWY_TARGET == HWY_SSE4
  return hn::Vec<Bytes>{_mm_packus_epi16(a.raw, b.raw)};
#elif HWY_TARGET == HWY_AVX2
  return hn::Vec<Bytes>{_mm256_packus_epi16(a.raw, b.raw)};
#elif HWY_TARGET == HWY_AVX3
  return hn::Vec<Bytes>{_mm512_packus_epi16(a.raw, b.raw)};
#else
  const hn::Half<Bytes> half;
  return hn::Combine(Bytes(), hn::DemoteTo(half, b), hn::DemoteTo(half, a));
#endif
}

/// A vector of integers from blocks of 16 bytes: load(b) gives block b. Highway's Combine zeroes
/// first what it then overwrites.
template <class D, class F>
HWY_INLINE hn::Vec<D> blocks_of(D, F load) {
#if HWY_TARGET == HWY_AVX3
  const auto half = [&](int b) HWY_ATTR {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load(b).raw), load(b + 1).raw, 1);
  };
  return hn::Vec<D>{_mm512_inserti64x4(_mm512_castsi256_si512(half(0)), half(2), 1)};
#elif HWY_TARGET == HWY_AVX2
  return hn::Vec<D>{_mm256_inserti128_si256(_mm256_castsi128_si256(load(0).raw), load(1).raw, 1)};
#else
  return load(0);
#endif
}

/// Two 16-bit numbers, again and again.
HWY_INLINE hn::Vec<Shorts> all_pairs(const int16_t* pair) {
  int32_t both;
  __builtin_memcpy(&both, pair, 4);
  return hn::BitCast(Shorts(), hn::Set(Ints(), both));
}

/// Sums of products of neighbouring 16-bit lanes.
struct PairSums {
  hn::Vec<Ints> sum, more;
  HWY_INLINE PairSums() : sum(hn::Zero(Ints())), more(hn::Zero(Ints())) {}
  HWY_INLINE void add(hn::Vec<Shorts> a, hn::Vec<Shorts> b) {
    sum = hn::ReorderWidenMulAccumulate(Ints(), a, b, sum, more);
  }
  HWY_INLINE hn::Vec<Ints> total() const { return hn::RearrangeToOddPlusEven(sum, more); }
};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
#endif
