// transforms.translation.
#pragma once

#include "ops/transforms/matrix.h"

namespace vg {

struct Translation {
  static Schema schema() {
    return matrix_schema("transforms.translation", "Matrix of a translation.", false)
        .required_tensor("offset", ArgType::Floats,
                         "the vector that is added, one number per axis");
  }

  static Status plan(Plan& p) {
    AffineMatrix a = AffineMatrix::identity(matrix_dims(p, {"offset"}));
    const std::span<const double> offset = p.numbers("offset", a.n);
    VG_TRY(p.status());
    for (int i = 0; i < a.n; i++) a.offset(i) = offset[static_cast<size_t>(i)];
    return matrix_result(p, a);
  }
};

}  // namespace vg
