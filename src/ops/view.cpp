// Planning that the view operators share.
#include "ops/view.h"

#include <algorithm>

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

View view_of(const TensorDesc& desc, int input) {
  View v;
  v.input = input;
  v.ndim = desc.shape.ndim();
  int64_t stride = 1;
  for (int i = v.ndim - 1; i >= 0; i--) {
    v.axes[i] = {desc.shape[i], 0, 1, desc.shape[i], stride, 0};
    stride *= desc.shape[i];
  }
  return v;
}

void mirror(View& view, int axis, bool wanted) {
  if (axis < 0 || !wanted) return;
  ViewAxis& a = view.axes[axis];
  a.start += (a.extent - 1) * a.step;
  a.step = -a.step;
}

Outcome<ViewParams> plan_view(Plan& p, View view, DType dtype, Layout layout) {
  TensorDesc& out = p.out(view.output);
  out.dtype = dtype;
  out.layout = layout;
  out.shape = {};
  double elements = 1;
  for (int i = 0; i < view.ndim; i++) {
    out.shape.push_back(view.axes[i].extent);
    elements *= static_cast<double>(view.axes[i].extent);
  }
  if (elements > kMaxElements)
    return p.bad("", "makes a tensor that is too large: {}", out.shape.text());
  place(view, out.shape);
  return plan_views(p, {&view, 1});
}

ViewParams plan_views(Plan& p, std::span<const View> views) {
  return ViewParams{p.arena().copy(views)};
}

void place(View& view, const Shape& out) {
  int64_t stride = 1;
  for (int i = view.ndim - 1; i >= 0; i--) {
    view.axes[i].out_stride = stride;
    stride *= out[i];
  }
}

Outcome<BoundsPolicy> bounds_policy(std::string_view name) {
  if (name == "error") return BoundsPolicy{false, true, Outside::Fill};
  if (name == "trim_to_shape") return BoundsPolicy{true, false, Outside::Fill};
  static constexpr std::pair<std::string_view, Outside> kNames[] = {
      {"pad", Outside::Fill},
      {"constant", Outside::Fill},
      {"edge", Outside::Edge},
      {"clamp", Outside::Edge},
      {"reflect", Outside::Reflect1001},
      {"reflect_1001", Outside::Reflect1001},
      {"reflect_101", Outside::Reflect101},
      {"wrap", Outside::Wrap}};
  for (auto [known, outside] : kNames)
    if (name == known) return BoundsPolicy{false, false, outside};
  return fail("= \"{}\" is not a known policy", name);
}

Status apply_window(const Plan& p, ViewAxis& axis, int64_t start, int64_t extent,
                    const BoundsPolicy& policy) {
  int64_t end = start + extent;
  if (policy.error && (start < 0 || end > axis.size))
    return p.problem(
        ErrorKind::Runtime, "",
        fmt::format("the window [{}, {}) is out of bounds of an axis of extent {}; see "
                    "out_of_bounds_policy",
                    start, end, axis.size));
  if (policy.trim) {
    start = std::clamp<int64_t>(start, 0, axis.size);
    end = std::clamp(end, start, axis.size);
  }
  axis.start = start;
  axis.extent = end - start;
  return {};
}

Outcome<std::vector<int>> axes_of(Plan& p, const TensorDesc& desc, std::string_view default_names,
                                  std::span<const int> default_axes) {
  const int ndim = desc.shape.ndim();
  const Layout& layout = desc.layout;
  std::vector<int> axes;
  if (p.has("axis_names") || (!p.has("axes") && !default_names.empty() && !layout.empty())) {
    const std::string names =
        p.has("axis_names") ? p.get<std::string>("axis_names") : std::string(default_names);
    for (char name : names) {
      axes.push_back(layout.find(name));
      if (axes.back() < 0)
        return p.bad("axis_names", "= \"{}\": there is no axis '{}' in the layout \"{}\"", names,
                     name, layout.text());
    }
  } else if (p.has("axes")) {
    for (double a : p.numbers("axes")) {
      int axis = static_cast<int>(a);
      if (axis < 0) axis += ndim;
      if (axis < 0 || axis >= ndim)
        return p.bad("axes", "= {} is out of range for {} dimensions", static_cast<int>(a), ndim);
      axes.push_back(axis);
    }
  } else {
    for (int a : default_axes) axes.push_back(a);
    for (int a : axes)
      if (a >= ndim) return p.bad("axes", "= {} is out of range for {} dimensions", a, ndim);
  }
  for (size_t i = 0; i < axes.size(); i++)
    if (std::find(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(i), axes[i]) !=
        axes.begin() + static_cast<std::ptrdiff_t>(i))
      return p.bad("axes", "has axis {} twice: Duplicate axes are not allowed", axes[i]);
  return axes;
}

}  // namespace vg
