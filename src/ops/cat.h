// Cat and stack: tensors side by side, along an axis that they have or a new one.
#pragma once

#include "ops/view.h"

namespace vg {

/// Inputs of one type whose layouts do not contradict each other; gives that layout.
Outcome<Layout> common_layout(const Plan& p);

struct Cat {
  static Schema schema() {
    return Schema("cat", "Joins tensors along an axis; the other extents must be equal.")
        .inputs(1, 999, "data", "tensors of one type and number of dimensions")
        .arg("axis", ArgType::Int, int64_t{0}, "axis to join along; negative: from the end")
        .arg("axis_name", ArgType::String, "the same as a letter of the layout");
  }
  static Outcome<ViewParams> plan(Plan& p);
};

struct Stack {
  static Schema schema() {
    return Schema("stack", "Joins tensors of one shape along a new axis.")
        .inputs(1, 999, "data", "tensors of one type and shape")
        .arg("axis", ArgType::Int, int64_t{0},
             "place of the new axis in the output; negative: from the end")
        .arg("axis_name", ArgType::String,
             "letter of the new axis in the layout; without it the layout is cleared");
  }
  static Outcome<ViewParams> plan(Plan& p);
};

}  // namespace vg
