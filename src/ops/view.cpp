// Planning that the view operators share.
#include "ops/view.h"

#include <algorithm>

namespace vg {

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
