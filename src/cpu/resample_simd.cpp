// The passes of the integer modes, compiled for each target.
#include "cpu/resample_simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/resample_simd.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

constexpr int64_t kRows = kBytes;  // of a block: a byte of each fills a vector

/// Sums of 32 bits for the elements of a vector of bytes.
struct FourSums {
  PairSums a, b, c, d;
  HWY_INLINE FourSums() {}  // one that compilers make has no target
  HWY_INLINE void add(hn::Vec<Shorts> p, hn::Vec<Shorts> q, hn::Vec<Shorts> r, hn::Vec<Shorts> s,
                      hn::Vec<Shorts> weights) {
    a.add(p, weights);
    b.add(q, weights);
    c.add(r, weights);
    d.add(s, weights);
  }
};

/// high * 2^15 + low; what overflows on the way cancels, as the true sum fits 32 bits.
HWY_INLINE hn::Vec<Ints> join(const PairSums& low, const PairSums& high) {
  const auto half = hn::Set(Ints(), 1 << (kPillowBits - 1));
  return hn::ShiftRight<kPillowBits>(
      hn::Add(hn::ShiftLeft<kLowBits>(high.total()), hn::Add(low.total(), half)));
}

template <int kBits>
HWY_INLINE hn::Vec<Ints> rounded(const PairSums& sum) {
  return hn::ShiftRight<kBits>(hn::Add(sum.total(), hn::Set(Ints(), 1 << (kBits - 1))));
}

/// kBytes elements; at(j) is where those of tap j are. 16-bit results of bytes come out as the
/// first halves of all blocks, then the second ones.
template <class Weight, class From, class To, class At>
HWY_INLINE void weigh(At at, const int16_t* pairs, int taps, To* to) {
  constexpr bool kIsPillow = sizeof(Weight) == 4;
  FourSums low, high;
  for (int j = 0; j < taps; j += 2) {
    const From *first = at(j), *second = at(j + 1 < taps ? j + 1 : j);  // an odd one weighs 0
    hn::Vec<Shorts> p, q, r, s;
    if constexpr (sizeof(From) == 1) {
      const Bytes d;
      const auto v = hn::LoadU(d, first), w = hn::LoadU(d, second), zero = hn::Zero(d);
      const auto lower = hn::InterleaveLower(d, v, w), upper = hn::InterleaveUpper(d, v, w);
      p = hn::BitCast(Shorts(), hn::InterleaveLower(d, lower, zero));
      q = hn::BitCast(Shorts(), hn::InterleaveUpper(d, lower, zero));
      r = hn::BitCast(Shorts(), hn::InterleaveLower(d, upper, zero));
      s = hn::BitCast(Shorts(), hn::InterleaveUpper(d, upper, zero));
    } else {
      const Shorts d;
      const auto v = hn::LoadU(d, first), w = hn::LoadU(d, second);
      const auto x = hn::LoadU(d, first + kBytes / 2), y = hn::LoadU(d, second + kBytes / 2);
      p = hn::InterleaveLower(d, v, w);
      q = hn::InterleaveUpper(d, v, w);
      r = hn::InterleaveLower(d, x, y);
      s = hn::InterleaveUpper(d, x, y);
    }
    if constexpr (kIsPillow) {
      const int16_t* part = pairs + j / 4 * 8 + j % 4;
      low.add(p, q, r, s, all_pairs(part));
      high.add(p, q, r, s, all_pairs(part + 4));
    } else {
      low.add(p, q, r, s, all_pairs(pairs + j));
    }
  }
  hn::Vec<Shorts> one, two;
  if constexpr (kIsPillow) {
    one = hn::ReorderDemote2To(Shorts(), join(low.a, high.a), join(low.b, high.b));
    two = hn::ReorderDemote2To(Shorts(), join(low.c, high.c), join(low.d, high.d));
  } else {
    constexpr int kBits =
        kFixedBits + (sizeof(From) == 2 ? kMiddleBits : 0) - (sizeof(To) == 2 ? kMiddleBits : 0);
    one = hn::ReorderDemote2To(Shorts(), rounded<kBits>(low.a), rounded<kBits>(low.b));
    two = hn::ReorderDemote2To(Shorts(), rounded<kBits>(low.c), rounded<kBits>(low.d));
  }
  if constexpr (sizeof(To) == 2) {
    hn::StoreU(one, Shorts(), to);
    hn::StoreU(two, Shorts(), to + kBytes / 2);
  } else if constexpr (sizeof(From) == 2) {
    const hn::Half<Bytes> half;
    hn::StoreU(hn::DemoteTo(half, one), half, to);
    hn::StoreU(hn::DemoteTo(half, two), half, to + kBytes / 2);
  } else {
    hn::StoreU(pack(one, two), Bytes(), to);
  }
}

template <class Weight, class From, class To>
int64_t down(const From* const* rows, const int16_t* pairs, int taps, int64_t n, To* to) {
  if (n < kBytes) return 0;
  for (int64_t i = 0; i < n; i += kBytes) {
    const int64_t e = i + kBytes <= n ? i : n - kBytes;  // the last vector begins early
    weigh<Weight, From, To>([=](int j) HWY_ATTR { return rows[j] + e; }, pairs, taps, to + e);
  }
  return n;
}

/// The lanes of each block of `n` vectors change places: lane i of vector j, lane j of vector i.
template <class D, class V, int n>
HWY_INLINE void transpose(D d, V (&v)[n]) {
  V w[n];
  for (int stage = 1; stage < n; stage *= 2) {
    for (int i = 0; i < n / 2; i++) {
      w[2 * i] = hn::InterleaveLower(d, v[i], v[i + n / 2]);
      w[2 * i + 1] = hn::InterleaveUpper(d, v[i], v[i + n / 2]);
    }
    for (int i = 0; i < n; i++) v[i] = w[i];
  }
}

/// A block of row 0, of row 16 and so on.
HWY_INLINE hn::Vec<Bytes> load_blocks(const uint8_t* const* rows, int64_t at) {
  return blocks_of(Bytes(),
                   [=](int b) HWY_ATTR { return hn::LoadU(Bytes16(), rows[16 * b] + at); });
}

/// n bytes of kRows rows as n times kRows bytes.
void to_columns(const uint8_t* const* rows, int64_t n, uint8_t* to) {
  uint8_t room[kRows][16];
  const uint8_t* padded[kRows];
  if (n < 16) {
    for (int64_t r = 0; r < kRows; r++) {
      __builtin_memcpy(room[r], rows[r], static_cast<size_t>(n));
      padded[r] = room[r];
    }
    rows = padded;
  }
  for (int64_t i = 0; i < n; i += 16) {
    const int64_t x = i + 16 <= n || n < 16 ? i : n - 16;
    hn::Vec<Bytes> v[16];
    for (int r = 0; r < 16; r++) v[r] = load_blocks(rows + r, x);
    transpose(Bytes(), v);
    for (int k = 0; k < 16 && x + k < n; k++) hn::StoreU(v[k], Bytes(), to + (x + k) * kRows);
  }
}

/// Where column k of the elements of some rows goes back to.
template <class To>
struct Back {
  To* const* rows;
  int64_t count, n;

  /// Block b of v[i] is part of row `first + i + 16 * b`.
  template <class V, int kLanes>
  HWY_INLINE void store(const V (&v)[kLanes], int64_t first, int64_t at) const {
    const hn::Repartition<To, Bytes> d;
    alignas(64) To lanes[kLanes][kRows / sizeof(To)];
    for (int i = 0; i < kLanes; i++) hn::Store(v[i], d, lanes[i]);
    const size_t bytes = static_cast<size_t>(n - at < kLanes ? n - at : kLanes) * sizeof(To);
    for (int64_t b = 0; b < kRows / 16; b++)
      for (int i = 0; i < kLanes && first + i + 16 * b < count; i++) {
        To* to = rows[first + i + 16 * b] + at;
        if (bytes == 16)
          __builtin_memcpy(to, lanes[i] + b * kLanes, 16);
        else
          __builtin_memcpy(to, lanes[i] + b * kLanes, bytes);
      }
  }
};

void to_rows(const uint8_t* columns, const Back<uint8_t>& back) {
  for (int64_t k = 0; k < back.n; k += 16) {
    hn::Vec<Bytes> v[16];
    for (int i = 0; i < 16; i++) v[i] = hn::LoadU(Bytes(), columns + (k + i) * kRows);
    transpose(Bytes(), v);
    back.store(v, 0, k);
  }
}

void to_rows(const int16_t* columns, const Back<int16_t>& back) {
  for (int64_t k = 0; k < back.n; k += 8)
    for (int half = 0; half < 2; half++) {
      hn::Vec<Shorts> v[8];
      for (int i = 0; i < 8; i++)
        v[i] = hn::LoadU(Shorts(), columns + (k + i) * kRows + half * kRows / 2);
      transpose(Shorts(), v);
      back.store(v, half * 8, k);
    }
}

template <class Weight, class From, class To>
void across(const simd::Across<Weight, From, To>& pass) {
  const int64_t channels = pass.channels, step = channels * kRows;
  const From* from[kRows];
  To* to[kRows];
  for (int64_t begin = 0; begin < pass.outputs; begin += pass.chunk) {
    const int64_t end = begin + pass.chunk < pass.outputs ? begin + pass.chunk : pass.outputs;
    const int32_t *first = pass.weights.first, *count = pass.weights.count;
    int64_t low = first[begin], high = low;
    for (int64_t i = begin; i < end; i++) {
      low = first[i] < low ? first[i] : low;
      high = first[i] + count[i] > high ? first[i] + count[i] : high;
    }
    for (int64_t r = 0; r < kRows; r++) {  // the last block may have fewer rows
      const int64_t row = r < pass.rows ? r : pass.rows - 1;
      from[r] = pass.from[row] + low * channels;
      to[r] = pass.to[row] + begin * channels;
    }
    to_columns(from, (high - low) * channels, pass.columns);
    for (int64_t i = begin; i < end; i++) {
      const From* taps = pass.columns + (first[i] - low) * step;
      To* made = pass.made + (i - begin) * step;
      for (int64_t e = 0; e < step; e += kRows)
        weigh<Weight, From, To>([=](int j) HWY_ATTR { return taps + j * step + e; },
                                pass.weights.of(i), count[i], made + e);
    }
    to_rows(pass.made, {to, pass.rows, (end - begin) * channels});
  }
}

}  // namespace

constexpr simd::Kernels kResample{
    {&down<int32_t, uint8_t, uint8_t>, &across<int32_t, uint8_t, uint8_t>},
    {&down<int16_t, uint8_t, uint8_t>, &across<int16_t, uint8_t, uint8_t>},
    {nullptr, &across<int16_t, uint8_t, int16_t>},
    {&down<int16_t, int16_t, uint8_t>, nullptr},
    kRows};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu::simd {

const Kernels* kernels() { VG_RETURN_KERNELS(kResample); }

template <class Weight>
int64_t span_of(const Pairs<Weight>& weights, int64_t outputs, int64_t chunk) {
  int64_t span = 0;
  for (int64_t begin = 0; begin < outputs; begin += chunk) {
    int64_t low = weights.first[begin], high = low;
    for (int64_t i = begin; i < outputs && i < begin + chunk; i++) {
      low = weights.first[i] < low ? weights.first[i] : low;
      high =
          weights.first[i] + weights.count[i] > high ? weights.first[i] + weights.count[i] : high;
    }
    span = high - low > span ? high - low : span;
  }
  return span;
}
template int64_t span_of(const Pairs<int32_t>&, int64_t, int64_t);
template int64_t span_of(const Pairs<int16_t>&, int64_t, int64_t);

}  // namespace vg::cpu::simd
#endif
