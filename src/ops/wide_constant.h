// A Python integer that no constant holds: an error when, and only when, a sample reaches it.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct WideConstant {
  static Schema schema() {
    return Schema("_wide_constant", "An integer outside 32 bits.")
        .required("value", ArgType::Float, "the number")
        .hidden()
        .eager();
  }
  static Outcome<> plan(Plan& p) {
    return p.problem(ErrorKind::Overflow, "",
                     fmt::format("the constant {:.0f} does not fit in 32 bits; give it a type with "
                                 "types.Constant",
                                 p.get<double>("value")));
  }
  static Status run(const Work&) { return {}; }
};

}  // namespace vg
