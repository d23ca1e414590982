// Conversions of the element type.
#pragma once

#include "ops/elementwise.h"

namespace vg {

inline Outcome<ElementwiseParams> cast_plan(Plan& p, DType dtype) {
  TensorDesc out = p.in();
  out.dtype = dtype;
  if (dtype == p.in().dtype) p.alias(0, 0);
  return conversion_plan(p, 0, out);
}

struct Cast {
  static Schema schema() {
    return Schema("cast",
                  "Converts elements to another type. Floats are rounded (ties away from "
                  "zero) and clamped to an integer type's range, integers are clamped; to "
                  "BOOL: not zero (after rounding); beyond 65504 FLOAT16 is infinite.")
        .input("data", "any tensor")
        .required("dtype", ArgType::DType, "element type of the output")
        .same_type();
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return cast_plan(p, p.get<DType>("dtype")); }
};

struct CastLike {
  static Schema schema() {
    return Schema("cast_like", "Converts elements to the type of another tensor, as `cast` does.")
        .input("data", "any tensor")
        .input("like", "its element type is taken, nothing else");
  }
  static void infer(const Node& node, std::vector<StaticType>& types) {
    types[0] = same_as_input(node);
    const Value& like = node.inputs[1];
    types[0].dtype = like.node()->types[static_cast<size_t>(like.output())].dtype;
  }
  static Outcome<ElementwiseParams> plan(Plan& p) { return cast_plan(p, p.in(1).dtype); }
};

}  // namespace vg
