// The argument `shape` of operators that make tensors.
#pragma once

#include <cmath>

#include "graph/plan.h"

namespace vg {

/// Argument `shape` as extents; none given: a scalar.
inline Outcome<Shape> shape_argument(Plan& p) {
  Shape shape;
  for (double extent : p.numbers("shape")) {
    if (!(extent >= 0) || extent != std::floor(extent))
      return p.bad("shape", "= {} is not an extent", extent);
    if (shape.ndim() == Shape::kMaxDims)
      return p.bad("shape", "has more than {} extents", Shape::kMaxDims);
    shape.push_back(static_cast<int64_t>(extent));
  }
  VG_TRY(p.status());
  return shape;
}

}  // namespace vg
