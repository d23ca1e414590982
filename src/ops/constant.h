// A constant: the same tensor for every sample. The planner hands out the tensor itself.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct Constant {
  static Schema schema() {
    return Schema("_constant", "The same tensor for every sample.")
        .required("value", ArgType::Any, "the tensor")
        .hidden()
        .eager();
  }

  static void infer(const Node& node, std::vector<StaticType>& types) {
    const Tensor& value = std::get<Tensor>(node.args[0]);
    types[0] = {value.dtype, value.shape.ndim(), value.layout};
  }

  static Outcome<> plan(Plan& p) {
    const TensorRef value = *p.tensor("value");
    p.out() = value.desc;
    p.provide(0, value.data);
    return {};
  }
};

}  // namespace vg
