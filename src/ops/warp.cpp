// Planning of warps: sizes, fill, and the map from output to input.
#include "ops/warp.h"

namespace vg {
namespace {

constexpr double kMaxExtent = 1 << 20;

bool is_warped(DType t) {
  return t == DType::Uint8 || t == DType::Int16 || t == DType::Int32 || t == DType::Float;
}

double shift_of(const WarpParams& params, DType in, DType out) {
  if (params.nearest) return 0;
  return in == DType::Uint8 && out == DType::Uint8 ? Bilinear<uint8_t, uint8_t>::kShift : 0.5;
}

}  // namespace

Schema warp_arguments() {
  return Schema()
      .tensor_arg("size", ArgType::Floats, "output height and width in pixels, rounded")
      .arg(
          "fill_value", ArgType::Float,
          "value outside of the input, for all channels, rounded and clamped to the output's type; "
          "default: the nearest pixel of the input is repeated")
      .arg("dtype", ArgType::DType,
           "element type of the output: that of the input (default) or FLOAT")
      .arg("interp_type", ArgType::InterpType, static_cast<int64_t>(InterpType::Linear),
           "INTERP_LINEAR or INTERP_NN");
}

Outcome<WarpParams> warp_plan(Plan& p, int64_t height, int64_t width) {
  if (p.in().layout.find('D') >= 0)
    return p.bad("", "does not take volumes (layout \"{}\")", p.in().layout.text());
  VG_ASSIGN(const ImageDims dims, image_dims(p));
  const DType in = p.in().dtype, out = p.dtype(in);
  if (!is_warped(in))
    return p.bad("", "takes the types uint8, int16, int32 and float32; the input's type is {}",
                 name_of(in));
  if (out != in && out != DType::Float)
    return p.bad("dtype", "= {} is neither the input's type ({}) nor FLOAT", name_of(out),
                 name_of(in));
  const auto interp = p.get<InterpType>("interp_type");
  if (interp != InterpType::Nearest && interp != InterpType::Linear)
    return p.bad("interp_type", "must be nearest (INTERP_NN) or linear (INTERP_LINEAR)");
  if (p.has("size")) {
    const std::span<const double> size = p.numbers("size", 2);
    VG_TRY(p.status());
    for (double extent : size)
      if (!(extent >= 0.5 && extent <= kMaxExtent))
        return p.bad("size", "= ({}, {}) is not in [1, {}]", size[0], size[1], kMaxExtent);
    height = round_to<int64_t>(size[0]);
    width = round_to<int64_t>(size[1]);
  }
  VG_TRY(p.status());
  if (dims.frame_elements() == 0 && height * width * dims.channels > 0)
    return p.bad("", "cannot warp an empty image (shape {})", p.in().shape.text());
  p.out() = p.in();
  p.out().dtype = out;
  const int row_axis = p.in().shape.ndim() == 4 ? 1 : 0;
  p.out().shape[row_axis] = height;
  p.out().shape[row_axis + 1] = width;
  WarpParams w{};
  w.frames = dims.frames;
  w.in_height = dims.height, w.in_width = dims.width;
  w.out_height = height, w.out_width = width;
  w.channels = dims.channels;
  w.nearest = interp == InterpType::Nearest;
  w.clamp = !p.has("fill_value");
  w.fill = p.get<float>("fill_value");
  return w;
}

void warp_map(WarpParams& params, const double* matrix, DType in, DType out) {
  params.steps = warp_steps(matrix, shift_of(params, in, out), params.out_width, params.out_height);
}

}  // namespace vg
