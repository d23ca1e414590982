// The warp driver of the host. A row of the output falls into three kinds of pixels: all taps
// inside (no tests), some taps inside, none (fill). The ends of the runs are found by division.
#include <algorithm>

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

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a ^ b) < 0); }

/// The x of [0, n) with low <= start + x * step < high. Nothing overflows within 2^62.
Run where(int64_t start, int64_t step, int64_t low, int64_t high, int64_t n) {
  if (step == 0) return low <= start && start < high ? Run{0, n} : Run{0, 0};
  // start + x * step >= bound from (for steps up) or until (for steps down) this x on.
  const auto first = [&](int64_t bound) { return -floor_div(start - bound, step); };
  const auto last = [&](int64_t bound) { return floor_div(bound - start, step) + 1; };
  const Run r = step > 0 ? Run{first(low), first(high)} : Run{last(high - 1), last(low)};
  return Run{0, n}.both({std::clamp(r.begin, int64_t{0}, n), std::clamp(r.end, int64_t{0}, n)});
}

constexpr int64_t units(int64_t pixels) { return pixels << 32; }

template <class In, class Out>
struct Frame {
  const WarpParams& p;
  const In* in;

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
      const WarpPoint start = warp_point(p.steps, 0, y), step = p.steps.dx;
      const int taps = p.nearest ? 0 : 1;  // neighbours to the right and below
      const auto within = [&](int64_t low, int64_t less) {
        return where(start.u, step.u, low, units(p.in_width - less), n)
            .both(where(start.v, step.v, low, units(p.in_height - less), n));
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
