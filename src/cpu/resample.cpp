// The host driver of the resample family: rows stream through both passes, so that what lies
// between them stays in cache, and only the rows and columns that are read get made.
#include "cpu/resample.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <type_traits>

#include "cpu/drivers.h"
#include "cpu/resample_simd.h"
#include "ops/resample.h"
#include "ops/resample_arithmetic.h"

namespace vg::cpu {
namespace {

template <class A, class From, class To, int C>
void horizontal_outputs(const From* row, const AxisWeights<typename A::Weight>& weights, int64_t n,
                        int channels, To* to) {
  const int step = C ? C : channels;
  for (int64_t i = 0; i < n; i++) {
    const auto* k = weights.of(i);
    const From* from = row + int64_t{weights.first[i]} * step;
    const int taps = weights.count[i];
    if constexpr (C != 0) {
      typename A::Sum sum[C] = {};
      for (int j = 0; j < taps; j++, from += C)
        for (int c = 0; c < C; c++) sum[c] += term<typename A::Sum>(from[c]) * k[j];
      for (int c = 0; c < C; c++) *to++ = A::template finish<From, To>(sum[c]);
    } else {
      for (int c = 0; c < channels; c++) {
        typename A::Sum sum = 0;
        for (int j = 0; j < taps; j++) sum += term<typename A::Sum>(from[j * channels + c]) * k[j];
        *to++ = A::template finish<From, To>(sum);
      }
    }
  }
}

template <class A, class From, class To>
void horizontal_row(const From* row, const AxisWeights<typename A::Weight>& weights, int64_t n,
                    int channels, To* to) {
  switch (channels) {
    case 1:
      return horizontal_outputs<A, From, To, 1>(row, weights, n, channels, to);
    case 3:
      return horizontal_outputs<A, From, To, 3>(row, weights, n, channels, to);
    case 4:
      return horizontal_outputs<A, From, To, 4>(row, weights, n, channels, to);
    default:
      return horizontal_outputs<A, From, To, 0>(row, weights, n, channels, to);
  }
}

/// The vector loops of a pass, null if there are none for it.
template <class A, class From, class To>
const auto* fast_passes() {
  using Passes = simd::Passes<typename A::Weight, From, To>;
  if constexpr (std::is_base_of_v<Passes, simd::Kernels>)
    return static_cast<const Passes*>(simd::kernels());
  else
    return static_cast<const Passes*>(nullptr);
}

template <class T>
T* room_for(Arena& scratch, int64_t n) {
  return static_cast<T*>(scratch.allocate(static_cast<size_t>(n) * sizeof(T), 64));
}

/// A pass across rows that come a few at a time.
template <class A, class From, class To>
class Horizontal {
 public:
  using Weights = AxisWeights<typename A::Weight>;

  Horizontal(const Weights& weights, int64_t outputs, int channels, Arena& scratch)
      : weights_(weights),
        outputs_(outputs),
        channels_(channels),
        fast_(fast_passes<A, From, To>()) {
    if (fast_ && !fast_->across) fast_ = nullptr;
    if (!fast_) return;
    rows_ = simd::kernels()->rows;
    from_ = room_for<const From*>(scratch, rows_);
    to_ = room_for<To*>(scratch, rows_);
    if constexpr (kMayBeFast) {
      const simd::Pairs<typename A::Weight> pairs(weights);
      chunk_ = simd::chunk_of(channels);
      columns_ = room_for<From>(scratch, simd::span_of(pairs, outputs, chunk_) * channels * rows_);
      // The last columns of a chunk are turned back in blocks of 16.
      made_ = room_for<To>(scratch, (chunk_ * channels + 16) * rows_);
    }
  }

  /// Rows that are best made at once.
  int64_t rows() const { return rows_; }

  /// Rows 0 ... n - 1; from_row(r) and to_row(r) are where row r is and goes.
  template <class F, class G>
  void run(int64_t n, F&& from_row, G&& to_row) const {
    if constexpr (kMayBeFast) {
      for (int64_t row = 0; fast_ && row < n; row += rows_) {
        const int64_t m = std::min(rows_, n - row);
        for (int64_t r = 0; r < m; r++) {
          from_[r] = from_row(row + r);
          to_[r] = to_row(row + r);
        }
        fast_->across({simd::Pairs<typename A::Weight>(weights_), outputs_, channels_, chunk_,
                       columns_, made_, from_, to_, m});
      }
      if (fast_) return;
    }
    for (int64_t row = 0; row < n; row++)
      horizontal_row<A>(static_cast<const From*>(from_row(row)), weights_, outputs_, channels_,
                        static_cast<To*>(to_row(row)));
  }

 private:
  static constexpr bool kMayBeFast =
      std::is_base_of_v<simd::Passes<typename A::Weight, From, To>, simd::Kernels>;

  const Weights& weights_;
  const int64_t outputs_;
  const int channels_;
  const simd::Passes<typename A::Weight, From, To>* fast_;
  int64_t rows_ = 1, chunk_ = 0;
  From* columns_ = nullptr;
  To* made_ = nullptr;
  const From** from_ = nullptr;
  To** to_ = nullptr;
};

/// Output i of a pass down: `n` elements.
template <class A, class From, class To>
void vertical(const From* const* rows, const AxisWeights<typename A::Weight>& weights, int64_t i,
              int64_t n, To* to) {
  using Sum = typename A::Sum;
  constexpr int64_t kBlock = 64;  // sums that stay in registers
  const auto* k = weights.of(i);
  const int taps = weights.count[i];
  int64_t e = 0;
  if constexpr (std::is_base_of_v<simd::Passes<typename A::Weight, From, To>, simd::Kernels>)
    if (const auto* fast = fast_passes<A, From, To>(); fast && fast->down)
      e = fast->down(rows, simd::Pairs<typename A::Weight>(weights).of(i), taps, n, to);
  for (; e + kBlock <= n; e += kBlock) {
    Sum sum[kBlock] = {};
    for (int j = 0; j < taps; j++) {
      const From* row = rows[j] + e;
      const Sum weight = k[j];
      for (int64_t b = 0; b < kBlock; b++) sum[b] += term<Sum>(row[b]) * weight;
    }
    for (int64_t b = 0; b < kBlock; b++) to[e + b] = A::template finish<From, To>(sum[b]);
  }
  for (; e < n; e++) {
    Sum sum = 0;
    for (int j = 0; j < taps; j++) sum += term<Sum>(rows[j][e]) * Sum{k[j]};
    to[e] = A::template finish<From, To>(sum);
  }
}

template <class A>
class Resampler {
 public:
  Resampler(const ResampleJob& job, Arena& scratch)
      : y_(job.params.y),
        x_(job.params.x),
        channels_(job.channels),
        units_(job.units),
        scratch_(scratch),
        src_(reinterpret_cast<const In*>(job.src)),
        dst_(reinterpret_cast<Out*>(job.dst)) {}

  void run(bool vertical_first) {
    if (y_.identity()) return horizontal_only();
    if (x_.identity()) return vertical_only();
    if (vertical_first)
      vertical_then_horizontal();
    else
      horizontal_then_vertical();
  }

 private:
  using In = typename A::In;
  using Mid = typename A::Mid;
  using Out = typename A::Out;
  using Weights = AxisWeights<typename A::Weight>;

  template <class F>
  void for_units(F&& f) {
    for (int64_t unit = 0; unit < units_; unit++) {
      f();
      src_ += y_.in * x_.in * channels_;
      dst_ += y_.count * out_width();
    }
  }
  const In* in_row(int64_t y) const { return src_ + y * x_.in * channels_; }
  Out* out_row(int64_t y) const { return dst_ + y * out_width(); }
  int64_t out_width() const { return x_.count * channels_; }

  void horizontal_only() {
    const Weights& wx = recent_weights<typename A::Weight>(x_);
    const Horizontal<A, In, Out> across(wx, x_.count, channels_, scratch_);
    for_units([&] {
      across.run(
          y_.count, [&](int64_t y) { return in_row(y); }, [&](int64_t y) { return out_row(y); });
    });
  }

  void vertical_only() {
    const Weights& wy = recent_weights<typename A::Weight>(y_);
    const In** rows = room_for<const In*>(scratch_, wy.stride);
    for_units([&] {
      for (int64_t i = 0; i < y_.count; i++) {
        for (int j = 0; j < wy.count[i]; j++) rows[j] = in_row(wy.first[i] + j);
        vertical<A>(rows, wy, i, out_width(), out_row(i));
      }
    });
  }

  // The s-th output in ascending order of the input, whichever way the axis runs.
  int64_t ascending(int64_t s) const { return y_.lo > y_.hi ? y_.count - 1 - s : s; }

  // How many rows must be kept, if rows are made in order up to the last that an output reads.
  int64_t rows_alive(const Weights& wy) const {
    int64_t made = 0, alive = 0;
    for (int64_t s = 0; s < y_.count; s++) {
      const int64_t i = ascending(s);
      made = std::max<int64_t>(made, wy.first[i] + wy.count[i]);
      alive = std::max(alive, made - wy.first[i]);
    }
    return alive;
  }

  void horizontal_then_vertical() {
    const Weights& wy = recent_weights<typename A::Weight>(y_);
    const Weights& wx = recent_weights<typename A::Weight>(x_);
    const Horizontal<A, In, Mid> across(wx, x_.count, channels_, scratch_);
    const int64_t length = rows_alive(wy) + across.rows() - 1;
    Mid* ring = room_for<Mid>(scratch_, length * out_width());
    const auto ring_row = [&](int64_t y) { return ring + y % length * out_width(); };
    const Mid** rows = room_for<const Mid*>(scratch_, wy.stride);
    int64_t last = 0;
    for (int64_t i = 0; i < y_.count; i++)
      last = std::max<int64_t>(last, wy.first[i] + wy.count[i]);
    for_units([&] {
      int64_t made = 0;
      for (int64_t s = 0; s < y_.count; s++) {
        const int64_t i = ascending(s), end = wy.first[i] + wy.count[i];
        made = std::max<int64_t>(made, wy.first[i]);
        while (made < end) {
          const int64_t n = std::min(across.rows(), last - made);
          across.run(
              n, [&](int64_t r) { return in_row(made + r); },
              [&](int64_t r) { return ring_row(made + r); });
          made += n;
        }
        for (int j = 0; j < wy.count[i]; j++) rows[j] = ring_row(wy.first[i] + j);
        vertical<A>(rows, wy, i, out_width(), out_row(i));
      }
    });
  }

  void vertical_then_horizontal() {
    const Weights& wy = recent_weights<typename A::Weight>(y_);
    const Weights& wx = recent_weights<typename A::Weight>(x_);
    const Horizontal<A, Mid, Out> across(wx, x_.count, channels_, scratch_);
    const int64_t width = x_.in * channels_;
    Mid* middle = room_for<Mid>(scratch_, across.rows() * width);
    const In** rows = room_for<const In*>(scratch_, wy.stride);
    int64_t begin = x_.in, end = 0;  // the columns that are read
    for (int64_t i = 0; i < x_.count; i++) {
      begin = std::min<int64_t>(begin, wx.first[i]);
      end = std::max<int64_t>(end, wx.first[i] + wx.count[i]);
    }
    begin *= channels_;
    end *= channels_;
    for_units([&] {
      for (int64_t i = 0; i < y_.count; i += across.rows()) {
        const int64_t n = std::min(across.rows(), y_.count - i);
        for (int64_t r = i; r < i + n; r++) {
          for (int j = 0; j < wy.count[r]; j++) rows[j] = in_row(wy.first[r] + j) + begin;
          vertical<A>(rows, wy, r, end - begin, middle + (r - i) * width + begin);
        }
        across.run(
            n, [&](int64_t r) { return middle + r * width; },
            [&](int64_t r) { return out_row(i + r); });
      }
    });
  }

  const ResampleAxis &y_, &x_;
  int channels_;
  int64_t units_;
  Arena& scratch_;
  const In* src_;
  Out* dst_;
};

template <size_t N>
void gather_row(const std::byte* row, std::span<const int32_t> index, size_t pixel, std::byte* to) {
  const size_t size = N ? N : pixel;
  for (int32_t i : index) {
    std::memcpy(to, row + static_cast<size_t>(i) * size, size);
    to += size;
  }
}

void gather(const ResampleJob& job) {
  thread_local std::vector<int32_t> xs, ys;
  make_nearest(job.params.y, ys);
  make_nearest(job.params.x, xs);
  const size_t pixel = static_cast<size_t>(size_of(job.in) * job.channels);
  const size_t in_row = pixel * static_cast<size_t>(job.params.x.in), out_row = pixel * xs.size();
  const auto row_of = pixel == 1   ? gather_row<1>
                      : pixel == 3 ? gather_row<3>
                      : pixel == 4 ? gather_row<4>
                                   : gather_row<0>;
  const std::byte* from = job.src;
  std::byte* to = job.dst;
  for (int64_t unit = 0; unit < job.units; unit++) {
    for (int32_t y : ys) {
      row_of(from + static_cast<size_t>(y) * in_row, xs, pixel, to);
      to += out_row;
    }
    from += in_row * static_cast<size_t>(job.params.y.in);
  }
}

}  // namespace

Status run_resample(const OpDef&, const Work& work) {
  const auto& job = work.param<ResampleUnits>();
  const TensorRef &in = work.in[0], &out = work.out[0];
  resample({job.params, job.channels, job.units, in.desc.dtype, out.desc.dtype, in.data, out.data},
           work.scratch);
  if (work.out.size() > 1) {
    work.out[1].as<int32_t>()[0] = static_cast<int32_t>(job.params.y.in);
    work.out[1].as<int32_t>()[1] = static_cast<int32_t>(job.params.x.in);
  }
  return {};
}

void resample(const ResampleJob& job, Arena& scratch) {
  if (is_gather(job.params, job.in, job.out)) return gather(job);
  with_arithmetic(job.in, job.out, job.params,
                  [&]<class A>(A) { Resampler<A>(job, scratch).run(vertical_first(job.params)); });
}

}  // namespace vg::cpu
