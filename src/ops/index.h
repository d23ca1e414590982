// Indexing of a value in user code: x[1:5, ::2, -1, newaxis], with NumPy's meaning.
#pragma once

#include "ops/view.h"

namespace vg {

struct Index {
  /// An item of the index is a kind plus flags: what a range has, and what inputs give.
  enum Item : int {
    At = 0,
    Range = 1,
    NewAxis = 2,
    kKindMask = 3,
    HasStart = 4,
    HasStop = 8,
    HasStep = 16,
    StartInput = 32,
    StopInput = 64,
    StepInput = 128,
  };

  static Schema schema() {
    return Schema("_index",
                  "Part of a tensor by indices and ranges, as NumPy counts them. Axes that "
                  "no item stands for are whole.")
        .inputs(1, 1 + 3 * Shape::kMaxDims, "data, numbers",
                "the tensor, then scalar integers for items")
        .needs_data(1)
        .required(
            "kind", ArgType::Ints,
            "per item 0: one index (`start`), 1: a range, 2: a new axis; plus 4, 8, 16 if a range "
            "has a start, stop, step; plus 32, 64, 128 if start, stop, step is the next input")
        .arg("start", ArgType::Ints, "index, or first index of the range, per item")
        .arg("stop", ArgType::Ints, "index after the last, per item")
        .arg("step", ArgType::Ints, "step of the range, per item, not 0")
        .arg("names", ArgType::String, "a letter per new axis for the layout; blank: none")
        .hidden();
  }
  static Outcome<ViewParams> plan(Plan& p);
};

}  // namespace vg
