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

  static Outcome<> plan(Plan& p) {
    p.out() = p.tensor("value")->desc;
    return {};
  }

  static Status run(const Work& work) {
    const Tensor& value = std::get<Tensor>(work.node.args[0]);
    std::memcpy(work.out[0].data, value.data.get(), static_cast<size_t>(value.bytes()));
    return {};
  }
};

}  // namespace vg
