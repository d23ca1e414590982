// Which axes are reduced, and what is left.
#include "ops/reduce.h"

namespace vg {

Schema reduction_schema(std::string name, std::string doc) {
  return Schema(std::move(name), std::move(doc))
      .input("data", "numbers; BOOL is refused")
      .arg("axes", ArgType::Ints,
           "axes to reduce, negative ones from the end; an empty list reduces none; default: all")
      .arg("axis_names", ArgType::String, "the same as letters of the layout")
      .arg("keep_dims", ArgType::Bool, false, "keep reduced axes with extent 1");
}

Status check_axes(const Node& node) {
  if (node.has("axes") && node.has("axis_names"))
    return fail("[{}] axes and axis_names exclude each other", node.schema().name());
  return {};
}

Outcome<uint32_t> axes_argument(Plan& p) {
  const int ndim = p.in().shape.ndim();
  uint32_t mask = 0;
  if (p.has("axis_names")) {
    for (char name : p.get<std::string>("axis_names")) {
      const int axis = p.in().layout.find(name);
      if (axis < 0)
        return p.bad("axis_names", "has '{}', which is not in the layout \"{}\"", name,
                     p.in().layout.text());
      mask |= 1u << axis;
    }
  } else if (p.has("axes")) {
    for (double given : p.numbers("axes")) {
      const int axis = static_cast<int>(given < 0 ? given + ndim : given);
      if (axis < 0 || axis >= ndim)
        return p.problem(ErrorKind::Index, "axes",
                         fmt::format("= {} is out of range for {} dimensions", given, ndim));
      mask |= 1u << axis;
    }
  } else {
    mask = (1u << ndim) - 1;
  }
  VG_TRY(p.status());
  return mask;
}

ReduceParams group_axes(const Shape& shape, uint32_t reduced) {
  ReduceParams params;
  for (int axis = 0; axis < shape.ndim(); axis++) {
    const bool r = reduced >> axis & 1;
    (r ? params.count : params.outputs) *= shape[axis];
    if (shape[axis] == 1) continue;
    const int last = params.groups - 1;
    if (last >= 0 && params.reduced[last] == r) {
      params.extent[last] *= shape[axis];
    } else {
      params.extent[params.groups] = shape[axis];
      params.reduced[params.groups++] = r;
    }
  }
  return params;
}

Outcome<ReduceParams> reduce_plan(Plan& p, DType out) {
  if (p.in().dtype == DType::Bool) return p.bad("", "does not take bool data: cast it first");
  VG_ASSIGN(const uint32_t mask, axes_argument(p));
  const TensorDesc& in = p.in();
  const bool keep = p.get<bool>("keep_dims");
  Shape shape;
  std::string layout;
  for (int axis = 0; axis < in.shape.ndim(); axis++) {
    const bool reduced = mask >> axis & 1;
    if (reduced && !keep) continue;
    shape.push_back(reduced ? 1 : in.shape[axis]);
    if (axis < in.layout.size()) layout += in.layout[axis];
  }
  p.out() = TensorDesc{out, shape, Layout(layout)};
  return group_axes(in.shape, mask);
}

}  // namespace vg
