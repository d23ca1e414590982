// Composition of affine matrices, in double; rounded once, at the end.
#include "ops/transforms/matrix.h"

#include <algorithm>

namespace vg {

AffineMatrix AffineMatrix::identity(int n) {
  AffineMatrix a;
  a.n = n;
  for (int i = 0; i < n; i++) a.m[i][i] = 1;
  return a;
}

AffineMatrix AffineMatrix::after(const AffineMatrix& right) const {
  AffineMatrix a;
  a.n = n;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j <= n; j++) {
      a.m[i][j] = j == n ? m[i][n] : 0;
      for (int k = 0; k < n; k++) a.m[i][j] += m[i][k] * right.m[k][j];
    }
  }
  return a;
}

Schema matrix_schema(std::string name, std::string doc, bool centered) {
  Schema s(std::move(name), std::move(doc));
  s.optional_input("matrix", "an affine transform (n, n + 1) to combine with")
      .arg("reverse_order", ArgType::Bool, false,
           "the new transform is applied before that of the input; default: after it")
      .eager()
      .cpu_only();
  if (centered)
    s.tensor_arg("center", ArgType::Floats,
                 "the point that stays where it is; default: the origin");
  return s;
}

int matrix_dims(Plan& p, std::initializer_list<ArgName> arguments) {
  if (p.inputs() > 0)
    return std::min<int>(static_cast<int>(p.in().shape[0]), AffineMatrix::kMaxDims);
  size_t n = 1;
  for (ArgName name : arguments) n = std::max(n, p.numbers(name).size());
  return static_cast<int>(std::min<size_t>(n, AffineMatrix::kMaxDims));
}

Outcome<AffineMatrix> matrix_input(Plan& p, int i) {
  const TensorRef& t = p.input(i);
  const Shape& shape = t.desc.shape;
  const int64_t n = shape.ndim() == 2 ? shape[0] : 0;
  if (n < 1 || n > AffineMatrix::kMaxDims || shape[1] != n + 1)
    return p.bad(
        "", "needs affine transforms of shape (n, n + 1), n from 1 to {}; input {} has shape {}",
        AffineMatrix::kMaxDims, i, shape.text());
  AffineMatrix a;
  a.n = static_cast<int>(n);
  for (int r = 0; r < a.n; r++)
    for (int c = 0; c <= a.n; c++) a.m[r][c] = element(t, r * (n + 1) + c);
  return a;
}

Status matrix_output(Plan& p, const AffineMatrix& matrix) {
  p.out() = {DType::Float, {matrix.n, matrix.n + 1}, "**"};
  float* to = p.computed<float>();
  for (int i = 0; i < matrix.n; i++)
    for (int j = 0; j <= matrix.n; j++) *to++ = static_cast<float>(matrix.m[i][j]);
  return {};
}

Status matrix_result(Plan& p, AffineMatrix op) {
  if (p.has("center")) {
    const std::span<const double> center = p.numbers("center", op.n);
    for (int i = 0; i < op.n && p.status().ok(); i++) {
      op.offset(i) += center[static_cast<size_t>(i)];
      for (int j = 0; j < op.n; j++) op.offset(i) -= op.m[i][j] * center[static_cast<size_t>(j)];
    }
  }
  VG_TRY(p.status());
  if (p.inputs() == 0) return matrix_output(p, op);
  VG_ASSIGN(const AffineMatrix input, matrix_input(p, 0));
  if (input.n != op.n)
    return p.bad("", "transforms {} dimensions, but the input's shape is {}", op.n,
                 p.in().shape.text());
  return matrix_output(p, p.get<bool>("reverse_order") ? input.after(op) : op.after(input));
}

}  // namespace vg
