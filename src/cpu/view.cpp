// The view driver of the host: brings a view to few, long axes, walks the outer ones and hands
// rows to the inner loops.
#include <algorithm>

#include "cpu/drivers.h"
#include "cpu/view_rows.h"

namespace vg::cpu {
namespace {

constexpr int64_t kMaxUnit = 16;  // elements: what is longer is a row of its own

/// The last axis as part of every step along the row, if that is better than a row of its own.
Unit take_unit(View& v, int64_t in_size) {
  if (v.ndim == 0) return {};
  const ViewAxis a = v.axes[v.ndim - 1];
  const bool is_channels = v.channel_axis == v.ndim - 1;
  // Along a row the channel stays the same.
  const bool fits = v.ndim > 1 && v.channel_axis != v.ndim - 2 && a.extent <= kMaxUnit &&
                    a.out_stride == 1 && (v.outside == Outside::Fill || is_inside(a));
  if (!is_channels && !fits) return {};
  const Inside inside = inside_of(a);
  v.ndim--;
  if (is_channels) v.channel_axis = -1;
  return {a.extent, inside.low, inside.high, a.step * a.stride * in_size, is_channels};
}

class Walk {
 public:
  Walk(const View& view, const Row& row, int64_t in_size, int64_t out_size)
      : view_(view), row_(row), in_size_(in_size), out_size_(out_size) {}

  /// `from` is where index 0 of the axes from `d` on lies; null: outside of the input.
  void run(int d, const std::byte* from, std::byte* to, int64_t channel) const {
    if (d >= view_.ndim - 1) return row(from, to, channel);
    const ViewAxis& a = view_.axes[d];
    for (int64_t i = 0; i < a.extent; i++) {
      const int64_t index = index_inside(view_.outside, a.start + i * a.step, a.size);
      run(d + 1, from && index >= 0 ? from + index * a.stride * in_size_ : nullptr,
          to + i * a.out_stride * out_size_, d == view_.channel_axis ? i : channel);
    }
  }

 private:
  void row(const std::byte* from, std::byte* to, int64_t channel) const {
    const ViewAxis a = view_.ndim > 0 ? view_.axes[view_.ndim - 1] : ViewAxis{};
    if (!from) return row_.fill(to, a.extent, channel);
    const Inside inside = inside_of(a);
    border(a, from, to, 0, inside.low, channel);
    if (inside.high > inside.low)
      row_.copy(from + (a.start + inside.low * a.step) * a.stride * in_size_,
                to + inside.low * a.out_stride * out_size_, inside.high - inside.low, channel);
    border(a, from, to, inside.high, a.extent, channel);
  }

  void border(const ViewAxis& a, const std::byte* from, std::byte* to, int64_t low, int64_t high,
              int64_t channel) const {
    const int64_t out_step = a.out_stride * out_size_;
    if (view_.outside == Outside::Fill || a.size == 0)
      return row_.fill(to + low * out_step, high - low, channel);
    for (int64_t i = low; i < high; i++) {
      const int64_t index = index_inside(view_.outside, a.start + i * a.step, a.size);
      row_.copy(from + index * a.stride * in_size_, to + i * out_step, 1, channel);
    }
  }

  const View& view_;
  const Row& row_;
  int64_t in_size_, out_size_;
};

void run_one(View v, const TensorRef& in, const TensorRef& out, Arena& scratch) {
  int64_t elements = 1;
  for (int d = 0; d < v.ndim; d++) elements *= v.axes[d].extent;
  if (elements == 0) return;
  const int64_t in_size = size_of(in.desc.dtype), out_size = size_of(out.desc.dtype);
  const std::byte* from = in.data + (v.origin + simplify(v)) * in_size;
  std::byte* to = out.data + v.offset * out_size;
  const Unit unit = take_unit(v, in_size);
  // The unit's own start is part of the address; where it lies outside, the row leaves it out.
  const ViewAxis taken = unit.in_step ? v.axes[v.ndim] : ViewAxis{};
  const ViewAxis row = v.ndim > 0 ? v.axes[v.ndim - 1] : ViewAxis{};
  const Row rows(v, unit, in.desc.dtype, out.desc.dtype, row.step * row.stride * in_size,
                 std::max<int64_t>(row.out_stride, 1) * out_size, elements, scratch);
  Walk(v, rows, in_size, out_size).run(0, from + taken.start * taken.stride * in_size, to, 0);
}

}  // namespace

Status run_view(const OpDef&, const Work& work) {
  for (const View& v : work.param<ViewParams>().views)
    run_one(v, work.in[v.input], work.out[v.output], work.scratch);
  return {};
}

}  // namespace vg::cpu
