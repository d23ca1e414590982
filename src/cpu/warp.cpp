// The warp driver of the host. A row of the output falls into three kinds of pixels: all taps
// inside (no tests), some taps inside, none (fill). The ends of the runs are found by one
// multiplication each.
#include <algorithm>
#include <cmath>

#include "cpu/drivers.h"
#include "cpu/warp_row.h"
#include "ops/warp_pixel.h"

namespace vg::cpu {
namespace {

struct Run {
  int64_t begin, end;
  Run both(Run other) const {
    const int64_t b = std::max(begin, other.begin);
    return {b, std::max(b, std::min(end, other.end))};
  }
};

/// Where a coordinate that goes on by `step` from pixel to pixel lies within bounds, over `n`
/// pixels. Nothing overflows within 2^62.
class Coordinate {
 public:
  Coordinate(int64_t step, int64_t n)
      : step_(step), n_(n), size_(std::abs(step)), inverse_(1.0 / static_cast<double>(size_)) {}

  /// The x of [0, n) with low <= start + x * step < high.
  Run where(int64_t start, int64_t low, int64_t high) const {
    if (step_ == 0) return low <= start && start < high ? Run{0, n_} : Run{0, 0};
    const Run r = step_ > 0 ? Run{count(low - start), count(high - start)}
                            : Run{count(start - high + 1), count(start - low + 1)};
    return {r.begin, std::max(r.begin, r.end)};
  }

 private:
  /// Steps that it takes to cover `distance`, within [0, n]. The product with the reciprocal is off
  /// by far less than one step there; a division would cost more than the rest of a row's ends.
  int64_t count(int64_t distance) const {
    const double guess = std::ceil(static_cast<double>(distance) * inverse_);
    if (!(guess > 0)) return 0;
    if (guess > static_cast<double>(n_)) return n_;
    const auto k = static_cast<int64_t>(guess);
    if (k * size_ < distance) return std::min(k + 1, n_);
    return (k - 1) * size_ >= distance ? k - 1 : k;
  }

  int64_t step_, n_, size_;
  double inverse_;
};

constexpr int64_t units(int64_t pixels) { return pixels << 32; }

template <class In, class Out>
struct Frame {
  const WarpParams& p;
  const In* in;
  Coordinate u{p.steps.dx.u, p.out_width}, v{p.steps.dx.v, p.out_width};

  void fill(Run run, Out* row, Out value) const {
    std::fill(row + run.begin * p.channels, row + run.end * p.channels, value);
  }

  /// Any pixel, with tests at every tap.
  void careful(Run run, int64_t y, Out* row, Out fill_value) const {
    for (int64_t x = run.begin; x < run.end; x++)
      warp_pixel(p, in, x, y, fill_value, row + x * p.channels);
  }

  void row(int64_t y, Out* row, Out fill_value) const {
    const int64_t n = p.out_width;
    Run safe{0, 0}, near{0, n};
    if (!p.steps.far) {
      const WarpPoint start = warp_point(p.steps, 0, y);
      const int taps = p.nearest ? 0 : 1;  // neighbours to the right and below
      const auto within = [&](int64_t low, int64_t less) {
        return u.where(start.u, low, units(p.in_width - less))
            .both(v.where(start.v, low, units(p.in_height - less)));
      };
      safe = within(0, taps);
      if (!p.clamp) near = within(units(-taps), 0);
      if (safe.begin == safe.end) safe = {near.begin, near.begin};
    }
    if (!p.clamp) {
      fill({0, near.begin}, row, fill_value);
      fill({near.end, n}, row, fill_value);
    }
    careful({near.begin, safe.begin}, y, row, fill_value);
    warp_row<In, Out>(p, in, y, safe.begin, safe.end, row);
    careful({safe.end, near.end}, y, row, fill_value);
  }
};

template <class In, class Out>
Status run_frames(const WarpParams& p, const Work& work) {
  const Out fill_value = round_to<Out>(p.fill);
  const int64_t in_size = p.in_height * p.in_width * p.channels;
  const int64_t row_size = p.out_width * p.channels;
  for (int64_t f = 0; f < p.frames; f++) {
    const Frame<In, Out> frame{p, work.in[0].as<In>() + f * in_size};
    Out* out = work.out[0].as<Out>() + f * p.out_height * row_size;
    for (int64_t y = 0; y < p.out_height; y++) frame.row(y, out + y * row_size, fill_value);
  }
  return {};
}

template <class In>
Status run_type(const WarpParams& p, const Work& work) {
  if (work.out[0].desc.dtype == DType::Float) return run_frames<In, float>(p, work);
  return run_frames<In, In>(p, work);
}

}  // namespace

Status run_warp(const OpDef&, const Work& work) {
  const WarpParams& p = work.param<WarpParams>();
  if (work.out[0].desc.shape.elements() == 0) return {};
  switch (work.in[0].desc.dtype) {
    case DType::Uint8:
      return run_type<uint8_t>(p, work);
    case DType::Int16:
      return run_type<int16_t>(p, work);
    case DType::Int32:
      return run_type<int32_t>(p, work);
    default:
      return run_type<float>(p, work);
  }
}

}  // namespace vg::cpu
