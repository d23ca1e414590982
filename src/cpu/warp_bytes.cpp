// Bilinear bytes: addresses and weights of a block of pixels first, then their products.
#include "cpu/warp_bytes.h"

#include <cstring>

#include "cpu/resample_simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/warp_bytes.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#ifndef VG_WARP_KERNELS
#define VG_WARP_KERNELS
namespace vg::cpu {
namespace {

struct WarpKernels {
  /// As warp_bytes, from a pixel on whose point is `start`: says how many of `n` pixels it made.
  int64_t (*run)(const WarpParams& p, const uint8_t* in, WarpPoint start, int64_t n, uint8_t* to);
};

constexpr int64_t kBlock = 64;  // pixels

/// Of the pixels of a block: where the upper left tap lies, and the weights of two rows of taps,
/// the left one in the low half.
struct Taps {
  alignas(64) int32_t offset[kBlock];
  alignas(64) int32_t upper[kBlock], lower[kBlock];
};

/// Which bytes of two pixels of a row make pairs of 16 bits. The lower row is loaded to its end, so
/// that nothing behind the last pixel of the image is read: its pairs begin two bytes later.
struct PairShuffles {
  alignas(16) uint8_t three[16], three_back[16], four[16], close[16];
  constexpr PairShuffles() : three(), three_back(), four(), close() {
    for (int i = 0; i < 16; i++) {
      const int channel = i / 4, from = i % 4 == 2;  // the second pixel
      const bool zero = i % 2;
      const auto at = [&](int byte, bool none) { return static_cast<uint8_t>(none ? 0x80 : byte); };
      three[i] = at(3 * from + channel, zero || channel == 3);
      three_back[i] = at(2 + 3 * from + channel, zero || channel == 3);
      four[i] = at(4 * from + channel, zero);
      close[i] = at(i + i / 3, i > 5);
    }
  }
};
inline constexpr PairShuffles kPairs;

}  // namespace
}  // namespace vg::cpu
#endif

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

using Longs = hn::ScalableTag<int64_t>;
constexpr int64_t kLanes = hn::MaxLanes(Ints());
constexpr int64_t kPixels = kBytes / 8;  // that are made at once, two to a block

/// A coordinate of kLanes pixels, 32 bits before and 32 after the point.
struct Coordinates {
  hn::Vec<Longs> even, odd, step;

  HWY_INLINE Coordinates(int64_t start, int64_t by)
      : even(hn::Zero(Longs())), odd(even), step(even) {
    alignas(64) uint64_t place[kLanes];  // what leaves 64 bits wraps
    for (uint64_t i = 0; i < kLanes; i++)
      place[i % 2 * kLanes / 2 + i / 2] =
          static_cast<uint64_t>(start) + i * static_cast<uint64_t>(by);
    const hn::RebindToUnsigned<Longs> u;
    even = hn::BitCast(Longs(), hn::Load(u, place));
    odd = hn::BitCast(Longs(), hn::Load(u, place + kLanes / 2));
    step = hn::Set(Longs(), static_cast<int64_t>(kLanes * static_cast<uint64_t>(by)));
  }
  HWY_INLINE void advance() {
    even = hn::Add(even, step);
    odd = hn::Add(odd, step);
  }
  HWY_INLINE hn::Vec<Ints> whole() const {
    return hn::OddEven(hn::BitCast(Ints(), odd), hn::BitCast(Ints(), hn::ShiftRight<32>(even)));
  }
  /// 14 bits.
  HWY_INLINE hn::Vec<Ints> fraction() const {
    const hn::RebindToUnsigned<Ints> u;
    const auto all = hn::OddEven(hn::BitCast(u, hn::ShiftLeft<32>(odd)), hn::BitCast(u, even));
    return hn::BitCast(Ints(), hn::ShiftRight<18>(all));
  }
};

/// As Bilinear<uint8_t, uint8_t>, for the next pixels of a row; `n` is rounded up to whole vectors.
HWY_INLINE void find_taps(const WarpParams& p, Coordinates& u, Coordinates& v, int64_t n,
                          Taps& taps) {
  const Ints d;
  const auto below = hn::Set(d, static_cast<int32_t>(p.in_width * p.channels));
  const auto channels = hn::Set(d, p.channels);
  const auto half = hn::Set(d, 8192), one = hn::Set(d, 16384);
  for (int64_t i = 0; i < n; i += kLanes) {
    hn::Store(hn::Add(hn::Mul(v.whole(), below), hn::Mul(u.whole(), channels)), d, taps.offset + i);
    const auto fx = u.fraction(), fy = v.fraction();
    PairSums product;
    product.add(hn::BitCast(Shorts(), fx), hn::BitCast(Shorts(), fy));
    const auto last = hn::ShiftRight<14>(hn::Add(product.total(), half));
    const auto b = hn::Sub(fx, last), c = hn::Sub(fy, last);
    const auto a = hn::Sub(hn::Sub(one, fx), c);
    hn::Store(hn::Or(a, hn::ShiftLeft<16>(b)), d, taps.upper + i);
    hn::Store(hn::Or(c, hn::ShiftLeft<16>(last)), d, taps.lower + i);
    u.advance();
    v.advance();
  }
}

template <int kChannels>
struct Blender {
  static constexpr int kBack = kChannels == 3 ? 2 : 0;
  const uint8_t* in;
  int64_t below;
  hn::Vec<Bytes> upper_pairs, lower_pairs;

  HWY_INLINE Blender(const uint8_t* from, int64_t row)
      : in(from),
        below(row - kBack),
        upper_pairs(hn::LoadDup128(Bytes(), kChannels == 3 ? kPairs.three : kPairs.four)),
        lower_pairs(hn::LoadDup128(Bytes(), kChannels == 3 ? kPairs.three_back : kPairs.four)) {}

  HWY_INLINE hn::Vec<Shorts> pairs(const int32_t* offset, int64_t at,
                                   hn::Vec<Bytes> shuffle) const {
    const uint8_t* row = in + at;
    const auto two = blocks_of(Bytes(), [=](int b) HWY_ATTR {
      uint64_t eight;  // twice is one instruction, zeros behind them would be two
      __builtin_memcpy(&eight, row + offset[2 * b], 8);
      return hn::BitCast(Bytes16(), hn::Set(hn::FixedTag<uint64_t, 2>(), eight));
    });
    return hn::BitCast(Shorts(), hn::TableLookupBytesOr0(two, shuffle));
  }

  HWY_INLINE static hn::Vec<Shorts> weights(const int32_t* of) {
    return hn::BitCast(Shorts(), blocks_of(Ints(), [=](int b) HWY_ATTR {
                         return hn::Set(hn::FixedTag<int32_t, 4>(), of[2 * b]);
                       }));
  }

  /// Pixels i, i + 2, ..., one to a block, a channel in 32 bits.
  HWY_INLINE hn::Vec<Ints> pixels(const Taps& taps, int64_t i) const {
    PairSums sum;
    sum.add(pairs(taps.offset + i, 0, upper_pairs), weights(taps.upper + i));
    sum.add(pairs(taps.offset + i, below, lower_pairs), weights(taps.lower + i));
    return hn::ShiftRight<14>(hn::Add(sum.total(), hn::Set(Ints(), 8192)));
  }
};

/// Eight bytes of each block, `step` bytes apart.
HWY_INLINE void store_eights(hn::Vec<Bytes> v, int64_t step, uint8_t* to) {
  const hn::FixedTag<uint8_t, 8> eight;
#if HWY_TARGET == HWY_AVX3
  const hn::Half<Bytes> half;
  const auto low = hn::LowerHalf(half, v), high = hn::UpperHalf(half, v);
  hn::StoreU(hn::LowerHalf(hn::LowerHalf(low)), eight, to);
  hn::StoreU(hn::LowerHalf(hn::UpperHalf(Bytes16(), low)), eight, to + step);
  hn::StoreU(hn::LowerHalf(hn::LowerHalf(high)), eight, to + 2 * step);
  hn::StoreU(hn::LowerHalf(hn::UpperHalf(Bytes16(), high)), eight, to + 3 * step);
#elif HWY_TARGET == HWY_AVX2
  hn::StoreU(hn::LowerHalf(hn::LowerHalf(v)), eight, to);
  hn::StoreU(hn::LowerHalf(hn::UpperHalf(Bytes16(), v)), eight, to + step);
#else
  (void)step;
  hn::StoreU(hn::LowerHalf(v), eight, to);
#endif
}

/// Pixels of a block. For three channels two bytes behind each pair are written: the caller leaves
/// room.
template <int kChannels>
void blend(const uint8_t* in, int64_t below, const Taps& taps, int64_t n, uint8_t* to) {
  const Blender<kChannels> blender(in, below);
  const auto close = hn::LoadDup128(Bytes(), kPairs.close);
  for (int64_t i = 0; i < n; i += kPixels, to += kPixels * kChannels) {
    const auto words =
        hn::ReorderDemote2To(Shorts(), blender.pixels(taps, i), blender.pixels(taps, i + 1));
    auto bytes = pack(words, words);
    if (kChannels == 3) bytes = hn::TableLookupBytesOr0(bytes, close);
    store_eights(bytes, 2 * kChannels, to);
  }
}

int64_t run(const WarpParams& p, const uint8_t* in, WarpPoint start, int64_t n, uint8_t* to) {
  const int64_t below = p.in_width * p.channels;
  int64_t done = 0;
  if (n <= kPixels) return done;
  Coordinates u(start.u, p.steps.dx.u), v(start.v, p.steps.dx.v);
  while (n - done > kPixels) {
    // Two bytes may be written behind a block: there is a pixel more.
    const int64_t whole = (n - done - 1) / kPixels * kPixels, m = whole < kBlock ? whole : kBlock;
    Taps taps;
    find_taps(p, u, v, m, taps);
    p.channels == 3 ? blend<3>(in, below, taps, m, to) : blend<4>(in, below, taps, m, to);
    done += m;
    to += m * p.channels;
  }
  return done;
}

}  // namespace

constexpr WarpKernels kWarp{&run};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu {
namespace {

const WarpKernels* kernels() { VG_RETURN_KERNELS(kWarp); }

}  // namespace

int64_t warp_bytes(const WarpParams& p, const uint8_t* in, int64_t y, int64_t begin, int64_t end,
                   uint8_t* row) {
  if (const WarpKernels* vectors = kernels())
    begin +=
        vectors->run(p, in, warp_point(p.steps, begin, y), end - begin, row + begin * p.channels);
  return begin;
}

void blend_rows(const uint8_t* upper, const uint8_t* lower, int channels,
                const Bilinear<uint8_t, uint8_t>& blend, int64_t n, uint8_t* out) {
  if (blend.wa == 16384) {
    std::memcpy(out, upper, static_cast<size_t>(n));
    return;
  }
  int64_t done = 0;
  if (const simd::Kernels* vectors = simd::kernels()) {
    // As a resize without antialias sums rows: the same weights of 14 bits, the same rounding.
    static_assert(kFixedBits == 14);
    const simd::Passes<int16_t, uint8_t, uint8_t>& passes = *vectors;
    const uint8_t* rows[] = {upper, upper + channels, lower, lower + channels};
    const int16_t weights[] = {static_cast<int16_t>(blend.wa), static_cast<int16_t>(blend.wb),
                               static_cast<int16_t>(blend.wc), static_cast<int16_t>(blend.wd)};
    done = passes.down(rows, weights, blend.wc == 0 && blend.wd == 0 ? 2 : 4, n, out);
  }
  for (int64_t i = done; i < n; i++)
    out[i] = blend(upper[i], upper[i + channels], lower[i], lower[i + channels]);
}

}  // namespace vg::cpu
#endif
