// constant: a tensor written down in the program.
#pragma once

#include "core/cast.h"
#include "graph/op_def.h"
#include "ops/shape_argument.h"

namespace vg {

struct ConstantData {
  std::span<const double> values;

  static Schema schema() {
    return Schema("constant", "The same tensor for every sample.")
        .arg("fdata", ArgType::Floats,
             "elements in C order, or one for all; FLOAT if no dtype is given")
        .arg("idata", ArgType::Ints, "the same as integers; INT32 if no dtype is given")
        .arg("shape", ArgType::Ints, "extents; default: a list of the elements")
        .arg("dtype", ArgType::DType, "element type")
        .arg("layout", ArgType::String, "letters of the axes")
        .eager();
  }

  static Status check(const Node& node) {
    if (node.has("fdata") == node.has("idata"))
      return fail("[constant] exactly one of fdata and idata is expected");
    return {};
  }

  static Outcome<ConstantData> plan(Plan& p) {
    const bool floats = p.has("fdata");
    const ConstantData op{floats ? p.numbers("fdata") : p.numbers("idata")};
    const auto n = static_cast<int64_t>(op.values.size());
    VG_ASSIGN(const Shape shape, shape_argument(p));
    const Layout layout(p.get<std::string>("layout"));
    p.out() = TensorDesc{p.dtype(floats ? DType::Float : DType::Int32),
                         p.has("shape") ? shape : Shape{n}, layout};
    const Shape& extents = p.out().shape;
    if (n != extents.elements() && n != 1)
      return p.bad("shape", "= {} does not hold {} elements", extents.text(), n);
    if (!layout.empty() && layout.size() != extents.ndim())
      return p.bad("layout", "= \"{}\" does not name {} axes", layout.text(), extents.ndim());
    return op;
  }

  static Status run(const Work& work) {
    const std::span<const double> values = work.param<ConstantData>().values;
    const TensorRef& out = work.out[0];
    const int64_t n = out.desc.shape.elements(), size = size_of(out.desc.dtype);
    for (int64_t i = 0; i < n; i++)
      store_number(values[values.size() == 1 ? 0 : static_cast<size_t>(i)], out.desc.dtype,
                   out.data + i * size);
    return {};
  }
};

}  // namespace vg
