// Rows of bytes with their borders, and two taps at a time: sixteen-bit products are added in
// pairs.
#include "cpu/stencil_whole.h"

#include "cpu/row_cache.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/stencil_whole.cpp"
#include "cpu/each_target.h"
#include "cpu/vectors.h"

#ifndef VG_WHOLE_SUMS_KERNELS
#define VG_WHOLE_SUMS_KERNELS
namespace vg::cpu {
namespace {

/// Rows of bytes, one for each tap, shifted to where it reads; an even number of them.
struct Taps {
  const uint8_t* const* rows;
  const int16_t* weights;
  size_t count;
};

/// `n` is at least `block`.
struct WholeSumKernels {
  int64_t block;
  void (*sum)(const Taps& taps, int64_t n, uint8_t* out);
};

}  // namespace
}  // namespace vg::cpu
#endif

#if VG_HAS_VECTORS
HWY_BEFORE_NAMESPACE();
namespace vg::cpu::HWY_NAMESPACE {
namespace {

HWY_INLINE hn::Vec<Ints> rounded(const PairSums& sums) {
  const Ints d;
  const auto sum = sums.total();
  const auto odd = hn::And(hn::ShiftRight<WholeSum::kBits>(sum), hn::Set(d, 1));
  const auto below = hn::Set(d, (1 << (WholeSum::kBits - 1)) - 1);
  return hn::ShiftRight<WholeSum::kBits>(hn::Add(sum, hn::Add(below, odd)));
}

/// A block of sixteen elements has four in each of the sums: interleaving and packing both work
/// within blocks. What packing cuts off, the definition does.
HWY_INLINE void sum_block(const Taps& taps, int64_t i, uint8_t* out) {
  const Bytes bytes;
  const auto zero = hn::Zero(bytes);
  PairSums a, b, c, d;
  for (size_t t = 0; t < taps.count; t += 2) {
    const auto one = hn::LoadU(bytes, taps.rows[t] + i);
    const auto other = hn::LoadU(bytes, taps.rows[t + 1] + i);
    const auto weights = all_pairs(taps.weights + t);
    const auto low = hn::InterleaveLower(bytes, one, other);
    const auto high = hn::InterleaveUpper(bytes, one, other);
    a.add(hn::BitCast(Shorts(), hn::InterleaveLower(bytes, low, zero)), weights);
    b.add(hn::BitCast(Shorts(), hn::InterleaveUpper(bytes, low, zero)), weights);
    c.add(hn::BitCast(Shorts(), hn::InterleaveLower(bytes, high, zero)), weights);
    d.add(hn::BitCast(Shorts(), hn::InterleaveUpper(bytes, high, zero)), weights);
  }
  hn::StoreU(pack(hn::ReorderDemote2To(Shorts(), rounded(a), rounded(b)),
                  hn::ReorderDemote2To(Shorts(), rounded(c), rounded(d))),
             bytes, out + i);
}

void sum(const Taps& taps, int64_t n, uint8_t* out) {
  for (int64_t i = 0; i < n; i += kBytes)  // the last block begins early
    sum_block(taps, i + kBytes <= n ? i : n - kBytes, out);
}

}  // namespace

constexpr WholeSumKernels kWholeSums{kBytes, &sum};

}  // namespace vg::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace vg::cpu {
namespace {

const WholeSumKernels* kernels() { VG_RETURN_KERNELS(kWholeSums); }

void sum_row(const Taps& taps, int64_t n, uint8_t* out) {
  if (const WholeSumKernels* vectors = kernels(); vectors && n >= vectors->block)
    return vectors->sum(taps, n, out);
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
        lines_{s.border,
               static_cast<uint8_t>(s.fill),
               s.field.extents[2],
               s.field.inner,
               s.origin[1],
               s.out_extents[1] + s.kernel_extents[1] - 1 - s.origin[1] - s.field.extents[2]},
        window_(scratch.array<int64_t>(static_cast<size_t>(s.kernel_extents[0]))),
        rows_(scratch.array<const uint8_t*>(window_.size())),
        taps_(scratch.array<const uint8_t*>((s.whole.size() + 1) / 2 * 2)),
        weights_(scratch.array<int16_t>(taps_.size())),
        cache_(scratch, window_.size(), lines_.size()) {
    std::copy(s.whole.begin(), s.whole.end(), weights_.begin());  // a weight of 0 may be left over
  }

  void run(const uint8_t* in, uint8_t* out) {
    cache_.forget();
    const int64_t inner = lines_.inner, values = lines_.width * inner;
    const int64_t n = s_.out_extents[1] * inner;
    for (int64_t y = 0; y < s_.out_extents[0]; y++, out += n) {
      places_of_window(s_.border, y - s_.origin[0], s_.field.extents[1], window_);
      cache_.collect(window_, rows_.data(), [&](int64_t at, uint8_t* to) {
        lines_.make(at, to, [&](uint8_t* row) { std::copy_n(in + at * values, values, row); });
      });
      const uint8_t** tap = taps_.data();
      for (const uint8_t* row : rows_)
        for (int c = 0; c < s_.kernel_extents[1]; c++) *tap++ = row + c * inner;
      if (tap != taps_.data() + taps_.size()) *tap = rows_[0];
      sum_row({taps_.data(), weights_.data(), taps_.size()}, n, out);
    }
  }

 private:
  const StencilParams& s_;
  BorderedRows<uint8_t> lines_;
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
#endif
