// Select: the branch of a sample. The planner evaluates the index and follows one alternative.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct Select {
  static Schema schema() {
    return Schema("_select", "Per sample the alternative whose number the first input holds.")
        .inputs(2, 1 << 20, "index, alternatives", "a scalar, then the alternatives")
        .hidden();
  }
  static Outcome<> plan(Plan&) { return {}; }
};

}  // namespace vg
