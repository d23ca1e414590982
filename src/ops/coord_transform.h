// coord_transform: a linear map of points.
#pragma once

#include "graph/op_def.h"

namespace vg {

struct CoordTransform {
  std::span<const double> m, t;  ///< (to, from) row by row; (to)
  int64_t points;
  int from, to;

  static Schema schema() {
    return Schema("coord_transform", "Maps points: out = M in + T, along the last axis.")
        .input("data", "points, the components along the last axis")
        .tensor_arg("M", ArgType::Floats,
                    "matrix, row by row, a row for each output component; one number: that number "
                    "on the diagonal; default: identity")
        .tensor_arg("T", ArgType::Floats, "vector, or one number for all components; default: 0")
        .tensor_arg("MT", ArgType::Floats,
                    "both side by side: a row of M, then its number of T; "
                    "excludes M and T")
        .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Float),
             "element type of the output; integers are rounded and clamped");
  }

  static Outcome<CoordTransform> plan(Plan& p);
  static Status run(const Work& work);
};

}  // namespace vg
