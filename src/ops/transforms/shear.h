// transforms.shear.
#pragma once

#include <algorithm>

#include "core/math.h"
#include "ops/transforms/matrix.h"

namespace vg {

struct Shear {
  static Schema schema() {
    return matrix_schema("transforms.shear",
                         "Matrix of a shear: ones, and off the diagonal the "
                         "factors row by row (2-d: 2, 3-d: 6 of them).",
                         true)
        .tensor_arg("shear", ArgType::Floats, "factors; either these or `angles`")
        .tensor_arg("angles", ArgType::Floats,
                    "degrees in [-90, 90]; the factors are their tangents");
  }

  static Status check(const Node& node) {
    if (node.has("shear") != node.has("angles")) return {};
    return fail("[{}] needs exactly one of the arguments shear and angles", node.schema().name());
  }

  static Status plan(Plan& p) {
    const bool by_angle = p.has("angles");
    const ArgName name = by_angle ? ArgName("angles") : ArgName("shear");
    const std::span<const double> numbers = p.numbers(name);
    if (numbers.size() != 2 && numbers.size() != 6)
      return p.bad(name, "has {} elements; 2 or 6 are expected", numbers.size());
    AffineMatrix a = AffineMatrix::identity(numbers.size() == 2 ? 2 : 3);
    for (int k = 0; k < static_cast<int>(numbers.size()); k++) {
      const double x = numbers[static_cast<size_t>(k)];
      if (by_angle && !(x >= -90 && x <= 90)) return p.bad(name, "= {} is not in [-90, 90]", x);
      const int row = k / (a.n - 1), column = k % (a.n - 1);
      a.m[row][column + (column >= row)] =
          by_angle ? math::sin_degrees(x) / math::cos_degrees(x) : x;
    }
    return matrix_result(p, a);
  }
};

}  // namespace vg
