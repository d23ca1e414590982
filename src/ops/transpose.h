// Transpose: axes in another order.
#pragma once

#include "ops/view.h"

namespace vg {

struct Transpose {
  static Schema schema() {
    return Schema("transpose",
                  "Reorders the axes: axis i of the output is axis perm[i] of the input.")
        .input("data", "tensor")
        .tensor_arg("perm", ArgType::Ints, "order of the axes, none negative; default: reversed")
        .arg("transpose_layout", ArgType::Bool, true,
             "the letters of the layout move with their axes")
        .arg("output_layout", ArgType::String, "layout of the output; wins over transpose_layout");
  }

  static Outcome<ViewParams> plan(Plan& p) {
    const TensorDesc& in = p.in();
    const View whole = view_of(in);
    View view = whole;
    const std::span<const double> perm = p.numbers("perm");
    if (p.has("perm") && static_cast<int>(perm.size()) != whole.ndim)
      return p.bad("perm", "has {} elements for {} dimensions", perm.size(), whole.ndim);
    std::string letters;
    uint32_t seen = 0;
    for (int i = 0; i < whole.ndim; i++) {
      const int from = p.has("perm") ? static_cast<int>(perm[i]) : whole.ndim - 1 - i;
      if (from < 0 || from >= whole.ndim || (seen >> from & 1))
        return p.bad("perm", "is not a permutation of the axes 0 to {}", whole.ndim - 1);
      seen |= 1u << from;
      view.axes[i] = whole.axes[from];
      if (!in.layout.empty()) letters += in.layout[from];
    }
    Layout layout = p.get<bool>("transpose_layout") ? Layout(letters) : in.layout;
    if (p.has("output_layout")) layout = Layout(p.get<std::string>("output_layout"));
    if (!layout.empty() && layout.size() != whole.ndim)
      return p.bad("output_layout", "= \"{}\" does not name {} dimensions", layout.text(),
                   whole.ndim);
    return plan_view(p, view, in.dtype, layout);
  }
};

}  // namespace vg
