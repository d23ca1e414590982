// Arguments and planning that all resample operators share.
#include "ops/resample.h"

#include <cmath>

namespace vg {
namespace {

struct Axes {
  int height;  ///< position of H; W follows
};

Outcome<Axes> find_axes(Plan& p) {
  const Layout& layout = p.in().layout;
  const int h = layout.find('H');
  if (h < 0 || layout.find('W') != h + 1 || layout.size() != p.in().shape.ndim())
    return p.problem(
        ErrorKind::Value, "",
        fmt::format("needs an image with one of the layouts {}; got shape {} and layout \"{}\"",
                    kResampleLayouts, p.in().shape.text(), layout.text()));
  return Axes{h};
}

Outcome<Filter> filter(Plan& p, ArgName argument) {
  const int64_t number = p.get<int64_t>(argument);
  if (number < 0 || number > static_cast<int64_t>(Filter::Gaussian))
    return p.bad(argument, "= {} is no interpolation type", number);
  return static_cast<Filter>(number);
}

Outcome<ResizeMode> mode(Plan& p) {
  const auto text = p.get<std::string_view>("mode");
  if (text == "default") return ResizeMode::Default;
  if (text == "stretch") return ResizeMode::Stretch;
  if (text == "not_larger") return ResizeMode::NotLarger;
  if (text == "not_smaller") return ResizeMode::NotSmaller;
  return p.bad("mode",
               "= \"{}\" is none of \"default\", \"stretch\", \"not_larger\", \"not_smaller\"",
               text);
}

bool can_resample(DType dtype) {
  switch (dtype) {
    case DType::Uint8:
    case DType::Int8:
    case DType::Uint16:
    case DType::Int16:
    case DType::Uint32:
    case DType::Int32:
    case DType::Float16:
    case DType::Float:
      return true;
    default:
      return false;
  }
}

}  // namespace

Schema resample_args() {
  return Schema()
      .tensor_arg("interp_type", ArgType::InterpType, static_cast<int64_t>(InterpType::Linear),
                  "filter for enlarging and reducing: NN, LINEAR, CUBIC (a = -0.5), LANCZOS3, "
                  "TRIANGULAR or GAUSSIAN")
      .tensor_arg("mag_filter", ArgType::InterpType, "filter for enlarging; default: interp_type")
      .tensor_arg("min_filter", ArgType::InterpType, "filter for reducing; default: interp_type")
      .arg("antialias", ArgType::Bool, true,
           "widens the filter by the factor of reduction. Images of uint8 are then equal to "
           "Pillow's")
      .arg("dtype", ArgType::DType,
           "element type of the output: that of the input (default) or FLOAT")
      .arg("temp_buffer_hint", ArgType::Int, int64_t{0}, "accepted, without effect")
      .arg("minibatch_size", ArgType::Int, int64_t{32}, "accepted, without effect");
}

Schema resize_args() {
  return Schema()
      .tensor_arg("size", ArgType::Floats,
                  "extents of the output in pixels, (y, x) or one for both; 0: not given, "
                  "negative: flipped")
      .tensor_arg("resize_x", ArgType::Float,
                  "width of the output in pixels; 0: not given, negative: flipped")
      .tensor_arg("resize_y", ArgType::Float,
                  "height of the output in pixels; 0: not given, negative: flipped")
      .tensor_arg("resize_shorter", ArgType::Float,
                  "extent of the shorter side; keeps the aspect ratio")
      .tensor_arg("resize_longer", ArgType::Float,
                  "extent of the longer side; keeps the aspect ratio")
      .arg("mode", ArgType::String, std::string("default"),
           "\"default\": missing extents follow the geometric mean of the given scales; "
           "\"stretch\": they stay; "
           "\"not_larger\", \"not_smaller\": the smallest or largest given scale for all axes")
      .arg("max_size", ArgType::Floats, "limit of the output's extents, (y, x) or one for both")
      .arg("subpixel_scale", ArgType::Bool, true,
           "where the output's extent had to be rounded, adjusts the region so that the scale "
           "stays exact")
      .tensor_arg("roi_start", ArgType::Floats,
                  "first corner (y, x) of the region to show, in pixels")
      .tensor_arg("roi_end", ArgType::Floats, "other corner (y, x); a start beyond the end flips")
      .arg("roi_relative", ArgType::Bool, false, "corners are shares of the input's extents");
}

Outcome<ResizeArgs> read_resize_args(Plan& p) {
  const auto number = [&](ArgName name) {
    return p.has(name) ? std::optional<double>(p.get<double>(name)) : std::nullopt;
  };
  ResizeArgs a;
  a.size = p.numbers("size");
  a.resize_y = number("resize_y");
  a.resize_x = number("resize_x");
  a.resize_shorter = number("resize_shorter");
  a.resize_longer = number("resize_longer");
  if (p.has("mode")) {
    VG_ASSIGN(a.mode, mode(p));
  }
  a.max_size = p.numbers("max_size");
  a.subpixel_scale = p.get<bool>("subpixel_scale");
  a.roi_start = p.numbers("roi_start");
  a.roi_end = p.numbers("roi_end");
  a.roi_relative = p.get<bool>("roi_relative");
  return a;
}

Outcome<std::array<int64_t, 2>> image_extents(Plan& p) {
  VG_ASSIGN(const Axes axes, find_axes(p));
  return std::array<int64_t, 2>{p.in().shape[axes.height], p.in().shape[axes.height + 1]};
}

Outcome<ResampleParams> resample_params(Plan& p, const ResizeArgs& args) {
  VG_TRY(p.status());
  VG_ASSIGN(const auto extents, image_extents(p));
  const auto axes = resize_size(args, extents[0], extents[1]);
  if (!axes.ok()) return p.bad("", "{}", axes.failure().message);
  VG_ASSIGN(const Filter both, filter(p, "interp_type"));
  Filter larger = both, smaller = both;
  if (p.has("mag_filter")) {
    VG_ASSIGN(larger, filter(p, "mag_filter"));
  }
  if (p.has("min_filter")) {
    VG_ASSIGN(smaller, filter(p, "min_filter"));
  }
  const bool antialias = p.get<bool>("antialias");
  const auto axis = [&](int d) {
    const ResizedAxis& a = (*axes)[static_cast<size_t>(d)];
    const bool reduces = static_cast<double>(a.out) < std::fabs(a.hi - a.lo);
    return resample_axis(extents[static_cast<size_t>(d)], a.lo, a.hi, a.out,
                         reduces ? smaller : larger, antialias);
  };
  return ResampleParams{axis(0), axis(1)};
}

Outcome<ResampleUnits> resample_plan(Plan& p, const ResampleParams& params) {
  VG_ASSIGN(const Axes axes, find_axes(p));
  const TensorDesc& in = p.in();
  const DType dtype = p.dtype(in.dtype);
  if (!can_resample(in.dtype))
    return p.bad("", "does not support the type {} of its input", name_of(in.dtype));
  if (dtype != in.dtype && dtype != DType::Float)
    return p.bad("dtype", "= {}: the output type must be that of the input ({}) or FLOAT",
                 name_of(dtype), name_of(in.dtype));
  ResampleUnits units{params, 1, 1};
  for (int i = 0; i < axes.height; i++) units.units *= in.shape[i];
  for (int i = axes.height + 2; i < in.shape.ndim(); i++)
    units.channels *= static_cast<int>(in.shape[i]);
  p.out() = in;
  p.out().dtype = dtype;
  p.out().shape[axes.height] = params.y.count;
  p.out().shape[axes.height + 1] = params.x.count;
  if (p.outputs() == 1 && dtype == in.dtype && params.y.identity() && params.x.identity())
    p.alias(0, 0);
  if (p.outputs() > 1) p.out(1) = TensorDesc{DType::Int32, {2}, {}};
  return units;
}

}  // namespace vg
