// One-hot: labels as rows that are "on" in one place.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct OneHot {
  int64_t outer, classes, inner;  ///< labels before the new axis, its extent, labels after it
  double on, off;

  static Schema schema();
  static Outcome<OneHot> plan(Plan& p);
  static Status run(const Work& work);
};

}  // namespace vg
