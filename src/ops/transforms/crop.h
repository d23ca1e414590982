// transforms.crop: from one box to another.
#pragma once

#include "ops/transforms/matrix.h"

namespace vg {

struct CropTransform {
  static Schema schema() {
    return matrix_schema("transforms.crop",
                         "Matrix that maps the box from_start..from_end onto the "
                         "box to_start..to_end, axis by axis.",
                         false)
        .tensor_arg("from_start", ArgType::Floats, 0.0, "one number, or one per axis")
        .tensor_arg("from_end", ArgType::Floats, 1.0, "one number, or one per axis")
        .tensor_arg("to_start", ArgType::Floats, 0.0, "one number, or one per axis")
        .tensor_arg("to_end", ArgType::Floats, 1.0, "one number, or one per axis")
        .arg("absolute", ArgType::Bool, false, "a start above its end changes places with it");
  }

  static Status plan(Plan& p) {
    const ArgName names[] = {"from_start", "from_end", "to_start", "to_end"};
    AffineMatrix a =
        AffineMatrix::identity(matrix_dims(p, {names[0], names[1], names[2], names[3]}));
    std::span<const double> box[4];
    for (int i = 0; i < 4; i++) box[i] = p.numbers(names[i], a.n);
    VG_TRY(p.status());
    const bool absolute = p.get<bool>("absolute");
    for (int i = 0; i < a.n; i++) {
      double v[4];
      for (int k = 0; k < 4; k++) v[k] = box[k][static_cast<size_t>(i)];
      if (absolute && v[0] > v[1]) std::swap(v[0], v[1]);
      if (absolute && v[2] > v[3]) std::swap(v[2], v[3]);
      if (v[0] == v[1]) return p.bad("from_end", "= {} leaves no extent from from_start", v[1]);
      a.m[i][i] = (v[3] - v[2]) / (v[1] - v[0]);
      a.offset(i) = v[2] - a.m[i][i] * v[0];
    }
    return matrix_result(p, a);
  }
};

}  // namespace vg
