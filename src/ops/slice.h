// Slice: a window of any tensor, given by its ends.
#pragma once

#include "ops/slice_args.h"

namespace vg {

struct Slice {
  static Schema schema() {
    return Schema("slice",
                  "Cuts a window out of a tensor, given by start and end or shape along some axes.")
        .input("data", "tensor")
        .optional_input("anchor", "start along each axis; floats are relative (normalized_anchor)")
        .optional_input("shape", "extents; floats are relative (normalized_shape)")
        .needs_data(1)
        .include(slice_args())
        .arg("out_of_bounds_policy", ArgType::String, "error",
             "a window that leaves the input: \"error\"; \"pad\" (\"constant\"): fill_values; "
             "\"trim_to_shape\": cut; \"edge\" (\"clamp\"), \"reflect_1001\" (\"reflect\"), "
             "\"reflect_101\", \"wrap\": the input continued")
        .arg("fill_values", ArgType::Floats, std::vector<double>{0.0},
             "for \"pad\": one value, or one per channel; fractions are cut off for integer types")
        .arg("dtype", ArgType::DType,
             "element type of the output; default: that of the input; floats lose their fraction "
             "in integers")
        .same_type();
  }

  static Status check(const Node& node) { return check_slice(node); }

  static Outcome<ViewParams> plan(Plan& p) {
    const TensorDesc& in = p.in();
    View view = view_of(in);
    VG_ASSIGN(const BoundsPolicy policy, bounds_policy(p.get<std::string>("out_of_bounds_policy")));
    VG_ASSIGN(const std::vector<Window> windows, slice_windows(p, in, 1));
    for (int i = 0; i < view.ndim; i++)
      VG_TRY(apply_window(p, view.axes[i], windows[i].start, windows[i].extent, policy));
    view.outside = policy.outside;
    view.channel_axis = in.layout.empty() ? view.ndim - 1 : in.layout.find('C');
    const int64_t channels = view.channel_axis < 0 ? 1 : view.axes[view.channel_axis].extent;
    if (policy.outside == Outside::Fill) {
      VG_ASSIGN(view.fill, fill_values(p, channels));
    }
    view.cut = true;
    return plan_view(p, view, p.dtype(in.dtype), in.layout);
  }
};

}  // namespace vg
