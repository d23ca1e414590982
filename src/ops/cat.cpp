// Planning of cat and stack: one view per input, each into its part of the output.
#include "ops/cat.h"

namespace vg {

Outcome<Layout> common_layout(const Plan& p) {
  Layout layout;
  for (int i = 0; i < p.inputs(); i++) {
    const TensorDesc& in = p.in(i);
    if (in.dtype != p.in().dtype)
      return p.problem(ErrorKind::Runtime, "",
                       fmt::format("needs inputs of one type; got {} and {}", name_of(p.in().dtype),
                                   name_of(in.dtype)));
    if (in.shape.ndim() != p.in().shape.ndim())
      return p.problem(
          ErrorKind::Runtime, "",
          fmt::format("needs inputs of one number of dimensions; got the shapes {} and {}",
                      p.in().shape.text(), in.shape.text()));
    if (!in.layout.empty() && !layout.empty() && !(in.layout == layout))
      return p.problem(ErrorKind::Runtime, "",
                       fmt::format("needs inputs of one layout; got \"{}\" and \"{}\"",
                                   layout.text(), in.layout.text()));
    if (!in.layout.empty()) layout = in.layout;
  }
  return layout;
}

Outcome<ViewParams> Cat::plan(Plan& p) {
  VG_ASSIGN(const Layout layout, common_layout(p));
  const int ndim = p.in().shape.ndim();
  const std::string name = p.get<std::string>("axis_name");
  int axis = p.get<int>("axis");
  if (axis < 0) axis += ndim;
  if (!name.empty() && p.has("axis")) return p.bad("axis", "and axis_name exclude each other");
  if (!name.empty()) axis = name.size() == 1 ? layout.find(name[0]) : -1;
  if (axis < 0 || axis >= ndim)
    return p.bad(name.empty() ? "axis" : "axis_name", "= {} is not an axis of the shape {}{}",
                 name.empty() ? std::to_string(p.get<int>("axis")) : name, p.in().shape.text(),
                 layout.empty() ? "" : fmt::format(" with the layout \"{}\"", layout.text()));
  TensorDesc out = p.in();
  out.layout = layout;
  out.shape[axis] = 0;
  for (int i = 0; i < p.inputs(); i++) {
    for (int d = 0; d < ndim; d++)
      if (d != axis && p.in(i).shape[d] != out.shape[d])
        return p.bad("", "needs equal extents besides axis {}; got the shapes {} and {}", axis,
                     p.in().shape.text(), p.in(i).shape.text());
    out.shape[axis] += p.in(i).shape[axis];
  }
  p.out() = out;
  std::vector<View> views;
  int64_t at = 0;
  for (int i = 0; i < p.inputs(); i++) {
    View view = view_of(p.in(i), i);
    place(view, out.shape);
    view.offset = at * view.axes[axis].out_stride;
    at += p.in(i).shape[axis];
    views.push_back(view);
  }
  return plan_views(p, views);
}

Outcome<ViewParams> Stack::plan(Plan& p) {
  VG_ASSIGN(const Layout layout, common_layout(p));
  const int ndim = p.in().shape.ndim();
  int axis = p.get<int>("axis");
  if (axis < 0) axis += ndim + 1;
  if (axis < 0 || axis > ndim || ndim >= Shape::kMaxDims)
    return p.bad("axis", "= {} is not a place in {} dimensions", p.get<int>("axis"), ndim + 1);
  const std::string name = p.get<std::string>("axis_name");
  if (name.size() > 1) return p.bad("axis_name", "= \"{}\" is not one letter", name);
  if (!name.empty() && layout.empty() && ndim > 0)
    return p.bad("axis_name", "= \"{}\" needs inputs that have a layout", name);
  std::string letters(layout.text());
  if (!name.empty()) letters.insert(static_cast<size_t>(axis), name);
  TensorDesc out;
  out.dtype = p.in().dtype;
  out.layout = Layout(name.empty() ? std::string_view() : letters);
  for (int d = 0; d <= ndim; d++)
    out.shape.push_back(d == axis ? p.inputs() : p.in().shape[d < axis ? d : d - 1]);
  p.out() = out;
  std::vector<View> views;
  for (int i = 0; i < p.inputs(); i++) {
    if (!(p.in(i).shape == p.in().shape))
      return p.bad("", "needs inputs of one shape; got {} and {}", p.in().shape.text(),
                   p.in(i).shape.text());
    View view = view_of(p.in(i), i);
    for (int d = ndim; d > axis; d--) view.axes[d] = view.axes[d - 1];
    view.axes[axis] = {};
    view.ndim = ndim + 1;
    place(view, out.shape);
    view.offset = i * view.axes[axis].out_stride;
    views.push_back(view);
  }
  return plan_views(p, views);
}

}  // namespace vg
