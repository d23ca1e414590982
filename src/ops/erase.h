// Erase: fills boxes.
#pragma once

#include "ops/scatter.h"

namespace vg {

struct Erase {
  Regions regions;

  static Schema schema() {
    return Schema("erase",
                  "Fills one or several boxes, one after another. A box covers the elements from "
                  "trunc(anchor) to before trunc(anchor + shape) along the named axes, all of the "
                  "others, cut at the tensor's ends.")
        .input("data", "any shape and type")
        .tensor_arg("anchor", ArgType::Floats, "start of each box: a number per axis, box by box")
        .tensor_arg("shape", ArgType::Floats, "extent of each box: a number per axis, box by box")
        .arg("axes", ArgType::Ints, "axes that anchor and shape speak of; default: all but C")
        .arg("axis_names", ArgType::String,
             "the same by letters of the layout, such as \"HW\"; "
             "goes before axes")
        .tensor_arg("fill_value", ArgType::Floats, std::vector<double>{0.0},
                    "one number, or one per channel; fractions are cut off")
        .arg("normalized_anchor", ArgType::Bool, false, "anchor is in units of the extents")
        .arg("normalized_shape", ArgType::Bool, false, "shape is in units of the extents")
        .arg("normalized", ArgType::Bool, false,
             "both are; cannot be combined with normalized_anchor and normalized_shape")
        .arg("centered_anchor", ArgType::Bool, false, "anchor is the middle of a box");
  }

  static Outcome<Erase> plan(Plan& p);
};

}  // namespace vg
