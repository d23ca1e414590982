// Pad: a tensor enlarged at the ends of its axes.
#pragma once

#include <algorithm>

#include "graph/batch_work.h"
#include "ops/view.h"

namespace vg {

struct Pad {
  static Schema schema() {
    return Schema("pad", "Enlarges a tensor at the end of its axes and fills what is new.")
        .input("data", "tensor")
        .tensor_arg("fill_value", ArgType::Float, 0.0,
                    "of the new elements; fractions are cut off for integer types")
        .arg("axes", ArgType::Ints, "axes to pad; negative: from the end; default: all")
        .arg("axis_names", ArgType::String, "the same by letters of the layout")
        .tensor_arg("shape", ArgType::Ints,
                    "extents for `axes`; -1 (default): the largest of the batch; a smaller one "
                    "changes nothing")
        .tensor_arg("align", ArgType::Ints,
                    "extents are rounded up to multiples of it; one for all or one per axis")
        .same_type();
  }

  /// Extents that a sample asks for. `largest`: extents of its batch's largest.
  static Outcome<Shape> target(Plan& p, const Shape& largest) {
    Shape shape = p.in().shape;
    std::vector<int> all(static_cast<size_t>(shape.ndim()));
    for (size_t i = 0; i < all.size(); i++) all[i] = static_cast<int>(i);
    VG_ASSIGN(const std::vector<int> axes, axes_of(p, p.in(), "", all));
    const int n = static_cast<int>(axes.size());
    const auto wanted = p.has("shape") ? p.numbers("shape", n) : std::span<const double>();
    const auto align = p.has("align") ? p.numbers("align", n) : std::span<const double>();
    VG_TRY(p.status());
    for (std::span<const double> list : {wanted, align})
      for (double x : list)
        if (!(x < kMaxElements)) return p.bad("", "cannot make an extent of {}", x);
    for (int i = 0; i < n; i++) {
      const int64_t given = wanted.empty() ? -1 : static_cast<int64_t>(wanted[i]);
      int64_t& extent = shape[axes[i]];
      extent = std::max(extent, given < 0 ? largest[axes[i]] : given);
      const int64_t a = align.empty() ? 1 : static_cast<int64_t>(align[i]);
      if (a < 1) return p.bad("align", "= {} is not positive", a);
      extent = (extent + a - 1) / a * a;
    }
    return shape;
  }

  static Outcome<ViewParams> plan_to(Plan& p, const Shape& largest) {
    VG_ASSIGN(const Shape shape, target(p, largest));
    View view = view_of(p.in());
    for (int i = 0; i < view.ndim; i++) view.axes[i].extent = shape[i];
    view.fill = p.numbers("fill_value", 1);
    return plan_view(p, view, p.in().dtype, p.in().layout);
  }

  static Outcome<ViewParams> plan(Plan& p) { return plan_to(p, p.in().shape); }

  /// Extents that are given for all axes make every sample independent of the others.
  static bool needs_batch(const Node& node);
  static Status run_batch(BatchWork& work);
};

}  // namespace vg
