// Matrices of `coord_transform`, and the loop over its points.
#include "ops/coord_transform.h"

namespace vg {

Outcome<CoordTransform> CoordTransform::plan(Plan& p) {
  const Shape& shape = p.in().shape;
  if (shape.ndim() < 1) return p.bad("", "needs points along the last axis; the input is a scalar");
  const int64_t from = shape[shape.ndim() - 1];
  const bool both = p.has("MT");
  if (both && (p.has("M") || p.has("T"))) return p.bad("MT", "cannot be given with M or T");
  const std::span<const double> given = both ? p.numbers("MT") : p.numbers("M");
  const int64_t columns = both ? from + 1 : from, n = static_cast<int64_t>(given.size());
  const bool diagonal = !both && n <= 1;
  if (from < 1 || from > 256 || (!diagonal && (n == 0 || n % columns != 0)))
    return p.bad(both ? "MT" : "M", "has {} elements, which is no matrix with {} columns", n,
                 columns);
  const int64_t to = diagonal ? from : n / columns;
  const std::span<double> m = p.arena().array<double>(static_cast<size_t>(to * from));
  const std::span<double> t = p.arena().array<double>(static_cast<size_t>(to));
  for (int64_t i = 0; i < to; i++) {
    for (int64_t j = 0; j < from; j++)
      m[static_cast<size_t>(i * from + j)] = !diagonal ? given[static_cast<size_t>(i * columns + j)]
                                             : i != j  ? 0
                                             : n       ? given[0]
                                                       : 1;
    if (both) t[static_cast<size_t>(i)] = given[static_cast<size_t>(i * columns + from)];
  }
  if (p.has("T")) {
    const std::span<const double> offset = p.numbers("T", static_cast<int>(to));
    for (size_t i = 0; i < t.size(); i++) t[i] = offset[i];
  }
  VG_TRY(p.status());
  p.out() = p.in();
  p.out().dtype = p.get<DType>("dtype");
  p.out().shape[shape.ndim() - 1] = to;
  return CoordTransform{m, t, shape.elements() / from, static_cast<int>(from),
                        static_cast<int>(to)};
}

Status CoordTransform::run(const Work& work) {
  const auto& a = work.param<CoordTransform>();
  const TensorRef &in = work.in[0], &out = work.out[0];
  for (int64_t i = 0; i < a.points; i++) {
    for (int r = 0; r < a.to; r++) {
      double sum = a.t[static_cast<size_t>(r)];
      for (int c = 0; c < a.from; c++)
        sum += a.m[static_cast<size_t>(r * a.from + c)] * element(in, i * a.from + c);
      set_element(out, i * a.to + r, sum);
    }
  }
  return {};
}

}  // namespace vg
