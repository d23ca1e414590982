// One-hot: labels as rows that are "on" in one place.
#pragma once

#include "graph/batch_work.h"
#include "graph/op_def.h"

namespace vg {

struct OneHot {
  int64_t outer, classes, inner;  ///< labels before the new axis, its extent, labels after it
  double on, off;

  static Schema schema();
  static Outcome<OneHot> plan(Plan& p);
  /// `single`: a tensor of one element counts as a scalar, if no axis is given.
  static Outcome<OneHot> plan_as(Plan& p, bool single);
  /// Without an axis it depends on the others of a batch whether (1,) counts as a scalar.
  static bool needs_batch(const Node& node);
  static Status run_batch(BatchWork& work);
  static Status run(const Work& work);
};

}  // namespace vg
