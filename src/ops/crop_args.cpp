// From crop arguments to windows.
#include "ops/crop_args.h"

#include <cmath>

namespace vg {

Schema crop_args() {
  return Schema()
      .tensor_arg("crop", ArgType::Floats,
                  "extents of the window in pixels: (H, W) or (D, H, W); fractions are cut off; "
                  "default: the whole image")
      .tensor_arg("crop_h", ArgType::Float, 0.0, "height of the window in pixels; 0: not given")
      .tensor_arg("crop_w", ArgType::Float, 0.0, "width of the window in pixels; 0: not given")
      .tensor_arg("crop_d", ArgType::Float, 0.0, "depth of the window in voxels; 0: not given")
      .tensor_arg("crop_pos_x", ArgType::Float, 0.5,
                  "place of the window, 0 (left) to 1 (right): start = pos * (width - crop_w)")
      .tensor_arg("crop_pos_y", ArgType::Float, 0.5, "place of the window, 0 (top) to 1 (bottom)")
      .tensor_arg("crop_pos_z", ArgType::Float, 0.5, "place of the window, 0 (front) to 1 (back)")
      .arg("rounding", ArgType::String, "round",
           "of the window's start: \"round\" (half away from zero) or \"truncate\"");
}

Schema bounds_args() {
  return Schema()
      .arg("out_of_bounds_policy", ArgType::String, "error",
           "a window that leaves the image: \"error\", \"pad\" (also \"constant\"): filled with "
           "fill_values, or \"trim_to_shape\": cut to the image")
      .arg("fill_values", ArgType::Floats, std::vector<double>{0.0},
           "for \"pad\": one value, or one per channel; fractions are cut off for integer types");
}

Status check_crop(const Node& node) {
  const auto wrong = [&](std::string_view argument, std::string_view what) {
    return node.problem(ErrorKind::Runtime, argument, what);
  };
  const std::string_view rounding = node.text("rounding");
  if (rounding != "round" && rounding != "truncate")
    return wrong("rounding",
                 fmt::format("= \"{}\" is neither \"round\" nor \"truncate\"", rounding));
  const bool single = node.has("crop_h") || node.has("crop_w") || node.has("crop_d");
  if (node.has("crop") && single) return wrong("crop", "excludes crop_h, crop_w and crop_d");
  if (node.has("crop_h") != node.has("crop_w") || (node.has("crop_d") && !node.has("crop_h")))
    return wrong("crop_h", "and crop_w must be given together");
  if (node.schema().index_of("out_of_bounds_policy") >= 0)
    if (auto policy = bounds_policy(node.text("out_of_bounds_policy")); !policy.ok())
      return wrong("out_of_bounds_policy", policy.failure().message);
  return {};
}

Outcome<std::array<Window, 3>> crop_windows(Plan& p, const std::array<int64_t, 3>& extents) {
  std::array<double, 3> crop{-1, -1, -1};  // D, H, W; negative: whole
  if (p.has("crop")) {
    const std::span<const double> given = p.numbers("crop");
    if (given.size() != 2 && given.size() != 3)
      return p.bad("crop", "has {} elements; (H, W) or (D, H, W) is expected", given.size());
    for (size_t i = 0; i < given.size(); i++) crop[3 - given.size() + i] = given[i];
  } else if (p.has("crop_h")) {
    crop[1] = p.get<double>("crop_h");
    crop[2] = p.get<double>("crop_w");
    if (p.has("crop_d")) crop[0] = p.get<double>("crop_d");
    if (crop[1] == 0 && crop[2] == 0) crop = {-1, -1, -1};
  }
  static constexpr ArgName kPositions[] = {"crop_pos_z", "crop_pos_y", "crop_pos_x"};
  const bool round = p.get<std::string>("rounding") == "round";
  std::array<Window, 3> windows;
  for (int i = 0; i < 3; i++) {
    const float pos = p.get<float>(kPositions[i]);
    if (!(pos >= 0 && pos <= 1)) return p.bad(kPositions[i], "= {} is not in [0.0, 1.0]", pos);
    if (!(crop[i] <= 1e9)) return p.bad("crop", "= {} is not an extent of an image", crop[i]);
    const int64_t extent = crop[i] < 0 ? extents[i] : static_cast<int64_t>(crop[i]);
    const float start = pos * static_cast<float>(extents[i] - extent);
    windows[i] = {static_cast<int64_t>(round ? std::round(start) : std::trunc(start)), extent};
  }
  VG_TRY(p.status());
  return windows;
}

Outcome<std::span<const double>> fill_values(Plan& p, int64_t channels) {
  const std::span<const double> fill = p.numbers("fill_values");
  if (fill.size() > 1 && static_cast<int64_t>(fill.size()) != channels)
    return p.bad("fill_values", "has {} values for {} channels", fill.size(), channels);
  return fill;
}

Status crop_view(Plan& p, View& view) {
  const Layout& layout = p.in().layout;
  const std::array<int, 3> axes{layout.find('D'), layout.find('H'), layout.find('W')};
  std::array<int64_t, 3> extents{1, 1, 1};
  for (int i = 0; i < 3; i++)
    if (axes[i] >= 0) extents[i] = view.axes[axes[i]].size;
  VG_ASSIGN(const auto windows, crop_windows(p, extents));
  VG_ASSIGN(const BoundsPolicy policy, bounds_policy(p.get<std::string>("out_of_bounds_policy")));
  if (policy.outside != Outside::Fill)
    return p.bad("out_of_bounds_policy",
                 "must be \"error\", \"pad\", \"constant\" or \"trim_to_shape\"");
  for (int i = 0; i < 3; i++)
    if (axes[i] >= 0)
      VG_TRY(apply_window(p, view.axes[axes[i]], windows[i].start, windows[i].extent, policy));
  return {};
}

}  // namespace vg
