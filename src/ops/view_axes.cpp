// Views brought to few, long axes: what every driver does first.
#include <algorithm>

#include "ops/view.h"

namespace vg {
namespace {

void remove_axis(View& v, int d) {
  for (int i = d; i + 1 < v.ndim; i++) v.axes[i] = v.axes[i + 1];
  v.ndim--;
  if (v.channel_axis > d) v.channel_axis--;
}

}  // namespace

Inside inside_of(const ViewAxis& a) {
  // start + i * step is in [0, size): solved for i, rounding up.
  const auto up = [](int64_t x, int64_t y) { return x <= 0 ? 0 : (x + y - 1) / y; };
  const int64_t low = a.step > 0 ? up(-a.start, a.step) : up(a.start - a.size + 1, -a.step);
  const int64_t high = a.step > 0 ? up(a.size - a.start, a.step) : up(a.start + 1, -a.step);
  return {std::min(low, a.extent), std::clamp(high, std::min(low, a.extent), a.extent)};
}

bool is_inside(const ViewAxis& a) {
  const Inside i = inside_of(a);
  return i.low == 0 && i.high == a.extent;
}

int64_t simplify(View& v) {
  if (v.fill.size() <= 1 && v.affine.size() <= 1) v.channel_axis = -1;
  int64_t skipped = 0;
  for (int d = v.ndim - 1; d >= 0; d--) {
    if (v.axes[d].extent != 1 || !is_inside(v.axes[d])) continue;
    skipped += v.axes[d].start * v.axes[d].stride;
    if (d == v.channel_axis) v.channel_axis = -1;  // the first value serves
    remove_axis(v, d);
  }
  for (int d = v.ndim - 2; d >= 0; d--) {
    ViewAxis &a = v.axes[d], &b = v.axes[d + 1];
    const bool whole = b.start == 0 && b.step == 1 && b.extent == b.size;
    const bool one_line =
        a.step == 1 && a.stride == b.stride * b.size && a.out_stride == b.out_stride * b.extent;
    if (!whole || !one_line || v.channel_axis == d || v.channel_axis == d + 1) continue;
    if (v.outside != Outside::Fill && !is_inside(a)) continue;
    a = {a.extent * b.extent, a.start * b.size, 1, a.size * b.size, b.stride, b.out_stride};
    remove_axis(v, d + 1);
  }
  return skipped;
}

}  // namespace vg
