// transforms.scale.
#pragma once

#include "ops/transforms/matrix.h"

namespace vg {

struct Scale {
  static Schema schema() {
    return matrix_schema("transforms.scale", "Matrix that scales about a center.", true)
        .required_tensor("scale", ArgType::Floats, "factor of each axis, or one for all")
        .arg("ndim", ArgType::Int,
             "number of axes, where `scale` is one number and there is no input");
  }

  static Status plan(Plan& p) {
    int n = matrix_dims(p, {"scale", "center"});
    if (p.has("ndim")) {
      const auto given = p.get<int64_t>("ndim");
      if (given < 1 || given > AffineMatrix::kMaxDims)
        return p.bad("ndim", "= {} is not in [1, {}]", given, AffineMatrix::kMaxDims);
      n = static_cast<int>(given);
    }
    AffineMatrix a = AffineMatrix::identity(n);
    const std::span<const double> scale = p.numbers("scale", n);
    VG_TRY(p.status());
    for (int i = 0; i < n; i++) a.m[i][i] = scale[static_cast<size_t>(i)];
    return matrix_result(p, a);
  }
};

}  // namespace vg
