// random.choice: elements of a list, evenly or by given probabilities.
#pragma once

#include "ops/random.h"

namespace vg::random {

struct Choice {
  Draw draw;
  int64_t count;                  ///< of what is chosen from
  std::span<const double> until;  ///< running sums of the probabilities; empty: all alike

  static Schema schema() {
    return Schema("random.choice",
                  "Numbers 0 ... a-1 if `a` is a scalar, else slices of `a` along "
                  "its first axis; drawn with replacement.")
        .input("a", "a positive whole number, or a tensor")
        .optional_input("shape_like", "the result has as many choices as it has elements")
        .tensor_arg("p", ArgType::Floats, "a probability for each; they sum to 1 (within 1e-4)")
        .tensor_arg("shape", ArgType::Ints, "extents of the choices; default: one choice")
        .random()
        .eager();
  }

  static Outcome<Choice> plan(Plan& p);
  static Status run(const Work& work);
};

}  // namespace vg::random
