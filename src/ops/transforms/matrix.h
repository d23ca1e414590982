// What the transforms.* operators share: affine matrices (n, n + 1), made on the host while a
// sample is planned.
#pragma once

#include <array>
#include <initializer_list>

#include "graph/op_def.h"

namespace vg {

/// n rows of n + 1 numbers, acting on points as M x + t.
struct AffineMatrix {
  static constexpr int kMaxDims = 6;
  int n = 0;
  double m[kMaxDims][kMaxDims + 1] = {};

  static AffineMatrix identity(int n);
  double& offset(int row) { return m[row][n]; }
  /// First `right`, then this.
  AffineMatrix after(const AffineMatrix& right) const;
};

/// A schema with the optional input, `reverse_order` and, if wanted, `center`.
Schema matrix_schema(std::string name, std::string doc, bool centered);

/// Number of axes: that of the input's matrix, else the longest of the list arguments, else 1.
int matrix_dims(Plan& p, std::initializer_list<ArgName> arguments);

/// `op` about the argument `center`, if given, combined with the input's matrix, if there is one.
/// This is the output.
Status matrix_result(Plan& p, AffineMatrix op);

/// Input `i` as a matrix.
Outcome<AffineMatrix> matrix_input(Plan& p, int i);

/// Gives the output: float32, (n, n + 1).
Status matrix_output(Plan& p, const AffineMatrix& matrix);

}  // namespace vg
