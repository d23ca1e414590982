// From anchors and shapes to boxes of whole elements.
#include "ops/erase.h"

#include <cmath>

namespace vg {
namespace {

Outcome<std::vector<int>> axes_of(Plan& p) {
  const TensorDesc& in = p.in();
  std::vector<int> axes;
  if (p.has("axis_names")) {
    for (char name : p.get<std::string>("axis_names")) {
      axes.push_back(in.layout.find(name));
      if (axes.back() < 0)
        return p.bad("axis_names", "contains '{}', which the layout \"{}\" lacks", name,
                     in.layout.text());
    }
  } else if (p.has("axes")) {
    for (double axis : p.numbers("axes")) {
      axes.push_back(static_cast<int>(axis));
      if (axis < 0 || axis >= in.shape.ndim())
        return p.bad("axes", "contains {}, which is not in [0, {}]", axis, in.shape.ndim() - 1);
    }
  } else {
    const int channel =
        in.layout.empty() && in.shape.ndim() >= 3 ? in.shape.ndim() - 1 : in.layout.find('C');
    for (int i = 0; i < in.shape.ndim(); i++)
      if (i != channel) axes.push_back(i);
  }
  for (size_t i = 0; i < axes.size(); i++)
    for (size_t j = 0; j < i; j++)
      if (axes[i] == axes[j]) return p.bad("axes", "name axis {} twice", axes[i]);
  return axes;
}

Outcome<std::span<const Element>> fill_of(Plan& p) {
  const auto values = p.numbers("fill_value");
  const auto channels = static_cast<size_t>(channel_axis(p.in()).channels);
  if (values.size() != 1 && values.size() != channels)
    return p.bad("fill_value", "has {} elements; 1 or {}, one per channel, are expected",
                 values.size(), channels);
  const auto fill = p.arena().array<Element>(values.size());
  for (size_t i = 0; i < fill.size(); i++)
    fill[i] = is_float(p.in().dtype) ? element_of(p.in().dtype, values[i])
                                     : element_of(p.in().dtype, std::trunc(values[i]));
  return std::span<const Element>(fill);
}

int64_t clip(float x, int64_t extent) {
  const float whole = std::trunc(x);
  if (!(whole > 0)) return 0;
  return whole >= static_cast<float>(extent) ? extent : static_cast<int64_t>(whole);
}

}  // namespace

Outcome<Erase> Erase::plan(Plan& p) {
  if (p.get<bool>("normalized") && (p.has("normalized_anchor") || p.has("normalized_shape")))
    return p.bad("normalized", "cannot be combined with normalized_anchor or normalized_shape");
  const bool relative_anchor = p.get<bool>("normalized") || p.get<bool>("normalized_anchor");
  const bool relative_shape = p.get<bool>("normalized") || p.get<bool>("normalized_shape");
  const bool centered = p.get<bool>("centered_anchor");
  for (ArgName name : {ArgName("anchor"), ArgName("shape")})
    if (!p.has(name)) return p.bad(name, "is missing; erase needs both anchor and shape");
  const auto anchor = p.numbers("anchor"), shape = p.numbers("shape");
  VG_ASSIGN(const std::vector<int> axes, axes_of(p));
  VG_TRY(p.status());
  if (anchor.size() != shape.size())
    return p.bad("anchor", "has {} elements and shape has {}; they go together", anchor.size(),
                 shape.size());
  if (axes.empty() ? !anchor.empty() : anchor.size() % axes.size() != 0)
    return p.bad("anchor", "has {} elements, which is no multiple of the {} axes", anchor.size(),
                 axes.size());
  const auto boxes = p.arena().array<Box>(axes.empty() ? 0 : anchor.size() / axes.size());
  size_t next = 0;
  for (Box& box : boxes) {
    for (int i = 0; i < p.in().shape.ndim(); i++) box.high[i] = p.in().shape[i];
    for (const int axis : axes) {
      const int64_t extent = p.in().shape[axis];
      const auto size = static_cast<float>(extent);
      float start = static_cast<float>(anchor[next]), length = static_cast<float>(shape[next]);
      if (relative_anchor) start *= size;
      if (relative_shape) length *= size;
      if (centered) start -= length * 0.5f;
      box.low[axis] = clip(start, extent);
      box.high[axis] = clip(start + length, extent);
      next++;
    }
  }
  VG_ASSIGN(const auto fill, fill_of(p));
  return scatter_plan(p, Erase{{boxes, fill}});
}

}  // namespace vg
