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
void horizontal_outputs(const From* row, const AxisWeights<typename A::Weight>& weights,
                        simd::Run run, int channels, To* to) {
  const int step = C ? C : channels;
  to += run.begin * step;
  for (int64_t i = run.begin; i < run.end; i++) {
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
void horizontal_run(const From* row, const AxisWeights<typename A::Weight>& weights, simd::Run run,
                    int channels, To* to) {
  switch (channels) {
    case 1:
      return horizontal_outputs<A, From, To, 1>(row, weights, run, channels, to);
    case 3:
      return horizontal_outputs<A, From, To, 3>(row, weights, run, channels, to);
    case 4:
      return horizontal_outputs<A, From, To, 4>(row, weights, run, channels, to);
    default:
      return horizontal_outputs<A, From, To, 0>(row, weights, run, channels, to);
  }
}

// The outputs that the fast loops may make; none if there are no such loops for the mode.
template <class A, class From, class To>
simd::Run fast_outputs(const ResampleAxis& axis, const AxisWeights<typename A::Weight>& weights,
                       int channels) {
  if constexpr (requires(simd::Rows<From, To> rows) {
                  simd::horizontal(rows, weights, {}, channels);
                })
    if ((channels == 3 || channels == 4) && simd::available())
      return simd::outputs_with_room(weights, axis.count, axis.in, channels);
  return {0, 0};
}

// Rows 0 ... n - 1; from_row(r) and to_row(r) are where row r is and goes. `fast` is from
// fast_outputs.
template <class A, class From, class To, class F, class G>
void horizontal(int64_t n, F&& from_row, G&& to_row, const AxisWeights<typename A::Weight>& weights,
                simd::Run fast, int64_t outputs, int channels) {
  int64_t row = 0;
  if constexpr (requires(simd::Rows<From, To> rows) {
                  simd::horizontal(rows, weights, fast, channels);
                }) {
    while (row < n && fast.begin < fast.end) {
      simd::Rows<From, To> rows{{}, {}, n - row >= 4 ? 4 : 1};
      for (int r = 0; r < rows.count; r++) {
        rows.from[r] = from_row(row + r);
        rows.to[r] = to_row(row + r);
        horizontal_run<A>(rows.from[r], weights, {0, fast.begin}, channels, rows.to[r]);
      }
      simd::horizontal(rows, weights, fast, channels);
      for (int r = 0; r < rows.count; r++)
        horizontal_run<A>(rows.from[r], weights, {fast.end, outputs}, channels, rows.to[r]);
      row += rows.count;
    }
  }
  for (; row < n; row++)
    horizontal_run<A>(static_cast<const From*>(from_row(row)), weights, {0, outputs}, channels,
                      static_cast<To*>(to_row(row)));
}

template <class A, class From, class To>
void vertical(const From** rows, const AxisWeights<typename A::Weight>& weights, int64_t i,
              int64_t begin, int64_t end, To* to) {
  using Sum = typename A::Sum;
  constexpr int64_t kBlock = 64;  // sums that stay in registers
  const auto* k = weights.of(i);
  const int taps = weights.count[i];
  int64_t e = begin;
  if constexpr (requires { simd::vertical(rows, weights, i, begin, end, to); })
    if (simd::available()) e += simd::vertical(rows, weights, i, begin, end, to);
  for (; e + kBlock <= end; e += kBlock) {
    Sum sum[kBlock] = {};
    for (int j = 0; j < taps; j++) {
      const From* row = rows[j] + e;
      const Sum weight = k[j];
      for (int64_t b = 0; b < kBlock; b++) sum[b] += term<Sum>(row[b]) * weight;
    }
    for (int64_t b = 0; b < kBlock; b++) to[e + b] = A::template finish<From, To>(sum[b]);
  }
  for (; e < end; e++) {
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
    const simd::Run fast = fast_outputs<A, In, Out>(x_, wx, channels_);
    for_units([&] {
      horizontal<A, In, Out>(
          y_.count, [&](int64_t y) { return in_row(y); }, [&](int64_t y) { return out_row(y); }, wx,
          fast, x_.count, channels_);
    });
  }

  void vertical_only() {
    const Weights& wy = recent_weights<typename A::Weight>(y_);
    const auto rows = scratch_.array<const In*>(static_cast<size_t>(wy.stride + 1));
    for_units([&] {
      for (int64_t i = 0; i < y_.count; i++) {
        for (int j = 0; j < wy.count[i]; j++) rows[j] = in_row(wy.first[i] + j);
        vertical<A>(rows.data(), wy, i, 0, out_width(), out_row(i));
      }
    });
  }

  // The s-th output in ascending order of the input, whichever way the axis runs.
  int64_t ascending(int64_t s) const { return y_.lo > y_.hi ? y_.count - 1 - s : s; }

  // How long the ring must be, if rows are made in order up to the last that an output reads, and
  // up to three more.
  int64_t ring_length(const Weights& wy) const {
    int64_t made = 0, alive = 0;
    for (int64_t s = 0; s < y_.count; s++) {
      const int64_t i = ascending(s);
      made = std::max<int64_t>(made, wy.first[i] + wy.count[i]);
      alive = std::max(alive, made - wy.first[i]);
    }
    return alive + 3;
  }

  void horizontal_then_vertical() {
    const Weights& wy = recent_weights<typename A::Weight>(y_);
    const Weights& wx = recent_weights<typename A::Weight>(x_);
    const simd::Run fast = fast_outputs<A, In, Mid>(x_, wx, channels_);
    const int64_t length = ring_length(wy);
    const auto ring = scratch_.array<Mid>(static_cast<size_t>(length * out_width()));
    const auto ring_row = [&](int64_t y) { return ring.data() + y % length * out_width(); };
    const auto rows = scratch_.array<const Mid*>(static_cast<size_t>(wy.stride + 1));
    int64_t last = 0;
    for (int64_t i = 0; i < y_.count; i++)
      last = std::max<int64_t>(last, wy.first[i] + wy.count[i]);
    for_units([&] {
      int64_t made = 0;
      for (int64_t s = 0; s < y_.count; s++) {
        const int64_t i = ascending(s), end = wy.first[i] + wy.count[i];
        made = std::max<int64_t>(made, wy.first[i]);
        if (made < end) {
          const int64_t n = std::min((end - made + 3) & ~int64_t{3}, last - made);
          horizontal<A, In, Mid>(
              n, [&](int64_t r) { return in_row(made + r); },
              [&](int64_t r) { return ring_row(made + r); }, wx, fast, x_.count, channels_);
          made += n;
        }
        for (int j = 0; j < wy.count[i]; j++) rows[j] = ring_row(wy.first[i] + j);
        vertical<A>(rows.data(), wy, i, 0, out_width(), out_row(i));
      }
    });
  }

  void vertical_then_horizontal() {
    const Weights& wy = recent_weights<typename A::Weight>(y_);
    const Weights& wx = recent_weights<typename A::Weight>(x_);
    const simd::Run fast = fast_outputs<A, Mid, Out>(x_, wx, channels_);
    const auto middle = scratch_.array<Mid>(static_cast<size_t>(x_.in * channels_));
    const auto rows = scratch_.array<const In*>(static_cast<size_t>(wy.stride + 1));
    int64_t begin = x_.in, end = 0;  // the columns that are read
    for (int64_t i = 0; i < x_.count; i++) {
      begin = std::min<int64_t>(begin, wx.first[i]);
      end = std::max<int64_t>(end, wx.first[i] + wx.count[i]);
    }
    begin *= channels_;
    end *= channels_;
    for_units([&] {
      for (int64_t i = 0; i < y_.count; i++) {
        for (int j = 0; j < wy.count[i]; j++) rows[j] = in_row(wy.first[i] + j);
        vertical<A>(rows.data(), wy, i, begin, end, middle.data());
        horizontal<A, Mid, Out>(
            1, [&](int64_t) { return middle.data(); }, [&](int64_t) { return out_row(i); }, wx,
            fast, x_.count, channels_);
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
