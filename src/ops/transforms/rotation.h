// transforms.rotation.
#pragma once

#include <cmath>

#include "core/math.h"
#include "ops/transforms/matrix.h"

namespace vg {

struct Rotation {
  static Schema schema() {
    return matrix_schema("transforms.rotation", "Matrix of a rotation about a center.", true)
        .required_tensor(
            "angle", ArgType::Float,
            "degrees; 2-d: from the x axis to the y axis; 3-d: right-handed about `axis`")
        .tensor_arg("axis", ArgType::Floats, "3-d only: a vector of any length but 0");
  }

  static Status plan(Plan& p) {
    const double angle = p.get<double>("angle");
    const double c = math::cos_degrees(angle), s = math::sin_degrees(angle);
    AffineMatrix a = AffineMatrix::identity(2);
    a.m[0][0] = a.m[1][1] = c;
    a.m[0][1] = -s, a.m[1][0] = s;
    if (!p.has("axis")) return matrix_result(p, a);
    const std::span<const double> axis = p.numbers("axis");
    if (axis.size() != 3) return p.bad("axis", "has {} elements; 3 are expected", axis.size());
    const double length = std::sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    if (!(length > 0)) return p.bad("axis", "has length {}; it must be above 0", length);
    // c I + (1 - c) u u^T + s [u]x, the formula of Rodrigues
    a.n = 3;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        const double uu =
            axis[static_cast<size_t>(i)] / length * axis[static_cast<size_t>(j)] / length;
        const double cross = i == j ? 0 : axis[static_cast<size_t>(3 - i - j)] / length;
        a.m[i][j] = (i == j ? c : 0) + (1 - c) * uu + ((j - i + 3) % 3 == 1 ? -s : s) * cross;
      }
    }
    a.m[0][3] = a.m[1][3] = a.m[2][3] = 0;
    return matrix_result(p, a);
  }
};

}  // namespace vg
