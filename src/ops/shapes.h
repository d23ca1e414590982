// Shapes: the extents of a tensor, known before its elements.
#pragma once

#include "core/cast.h"
#include "graph/op_def.h"

namespace vg {

struct Shapes {
  Shape shape;

  static Schema schema() {
    return Schema(
               "shapes",
               "The extents of the input, a 1-d tensor. The input itself is not computed for it.")
        .input("data", "tensor")
        .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Int64),
             "element type of the output")
        .needs_shape_only()
        .alias("_shape");
  }

  static Outcome<Shapes> plan(Plan& p) {
    p.out() = {p.get<DType>("dtype"), Shape{p.in().shape.ndim()}, {}};
    return Shapes{p.in().shape};
  }

  static Status run(const Work& work) {
    const Shape& shape = work.param<Shapes>().shape;
    cast_elements(DType::Int64, reinterpret_cast<const std::byte*>(shape.begin()),
                  work.out[0].desc.dtype, work.out[0].data, shape.ndim());
    return {};
  }
};

}  // namespace vg
