// Planning of crop_mirror_normalize: a cropped view with its axes in another order, and an affine
// map per channel in its store.
#include "ops/crop_mirror_normalize.h"

#include <algorithm>
#include <bit>

namespace vg {
namespace {

/// Channels first, after the frames if there are any.
std::string planar(const Layout& in) {
  std::string out;
  for (char c : std::string_view("FCDHW"))
    if (in.find(c) >= 0) out += c;
  return out;
}

Outcome<std::span<const Affine>> affine_of(Plan& p, int64_t channels) {
  const std::span<const double> mean = p.numbers("mean"), std = p.numbers("std");
  if (mean.size() != std.size() && mean.size() != 1 && std.size() != 1)
    return p.bad("", "mean has {} values and std {}: the same number, or one, is expected",
                 mean.size(), std.size());
  const size_t n = std::max(mean.size(), std.size());
  if (mean.empty() || std.empty() || (n > 1 && static_cast<int64_t>(n) != channels))
    return p.bad("", "mean and std need one value, or one per channel ({}); there are {}", channels,
                 n);
  const double scale = p.get<double>("scale");
  std::span<Affine> affine = p.arena().array<Affine>(n);
  for (size_t i = 0; i < n; i++) {
    const double divisor = std[std.size() == 1 ? 0 : i];
    affine[i] = {static_cast<float>(mean[mean.size() == 1 ? 0 : i]),
                 static_cast<float>(scale / divisor), p.get<float>("shift")};
  }
  return std::span<const Affine>(affine);
}

}  // namespace

Schema CropMirrorNormalize::schema() {
  return Schema("crop_mirror_normalize",
                "Cuts a window, mirrors it, normalises it per channel and reorders the axes: "
                "out = scale * (in - mean) / std + shift.")
      .input("data", "image or sequence", kImageLayouts)
      .include(crop_args())
      .include(bounds_args())
      .arg("dtype", ArgType::DType, int64_t{static_cast<int64_t>(DType::Float)},
           "element type of the output: FLOAT, FLOAT16, UINT8 or INT8; integers are rounded and "
           "clamped")
      .arg("output_layout", ArgType::String,
           "order of the axes of the output, any permutation of the input's; \"\": as the input; "
           "default: channels first (CHW, FCHW)")
      .tensor_arg("mirror", ArgType::Int, int64_t{0}, "not 0: exchanges left and right")
      .tensor_arg("mean", ArgType::Floats, std::vector<double>{0.0},
                  "subtracted; one value or one per channel, in units of the input")
      .tensor_arg("std", ArgType::Floats, std::vector<double>{1.0},
                  "divides; one value or one per channel, in units of the input")
      .arg("scale", ArgType::Float, 1.0, "multiplies the normalised value")
      .arg("shift", ArgType::Float, 0.0, "is added in the end")
      .arg("pad_output", ArgType::Bool, false,
           "adds channels up to the next power of two, filled with fill_values if "
           "out_of_bounds_policy is \"pad\", else with 0")
      .deprecated("output_dtype", "dtype");
}

Outcome<ViewParams> CropMirrorNormalize::plan(Plan& p) {
  const TensorDesc in = p.in();
  const DType dtype = p.get<DType>("dtype");
  if (dtype != DType::Float && dtype != DType::Float16 && dtype != DType::Uint8 &&
      dtype != DType::Int8)
    return p.bad("dtype", "= {} is not FLOAT, FLOAT16, UINT8 or INT8", name_of(dtype));
  View view = view_of(in);
  VG_TRY(crop_view(p, view));
  mirror(view, in.layout.find('W'), p.get<bool>("mirror"));

  const int channel = in.layout.find('C');
  int64_t channels = channel < 0 ? 1 : view.axes[channel].size;
  VG_ASSIGN(view.affine, affine_of(p, channels));
  if (channel >= 0 && p.get<bool>("pad_output")) {
    channels = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(channels)));
    view.axes[channel].extent = channels;
  }
  const std::string policy = p.get<std::string>("out_of_bounds_policy");
  if (policy == "pad" || policy == "constant") {
    VG_ASSIGN(view.fill, fill_values(p, channels));
  }

  const std::string order =
      !p.has("output_layout") ? planar(in.layout) : p.get<std::string>("output_layout");
  if (order.empty()) {
    view.channel_axis = channel;
    return plan_view(p, view, dtype, in.layout);
  }
  std::string letters(in.layout.text()), wanted = order;
  std::sort(letters.begin(), letters.end());
  std::sort(wanted.begin(), wanted.end());
  if (letters != wanted)
    return p.bad("output_layout", "= \"{}\" is not a permutation of the input's layout \"{}\"",
                 order, in.layout.text());
  View turned = view;
  for (int i = 0; i < view.ndim; i++) turned.axes[i] = view.axes[in.layout.find(order[i])];
  turned.channel_axis = Layout(order).find('C');
  return plan_view(p, turned, dtype, Layout(order));
}

}  // namespace vg
