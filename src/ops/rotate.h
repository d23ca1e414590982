// rotate: about the centre of the image, onto a canvas that holds all of it or one of a given size.
#pragma once

#include "core/math.h"
#include "ops/warp.h"

namespace vg {

struct Rotate {
  static Schema schema() {
    return Schema("rotate", "Turns an image about its centre.")
        .input("data", "image or sequence: uint8, int16, int32 or float", "HWC FHWC DHWC")
        .required_tensor("angle", ArgType::Float, "degrees, counter-clockwise as seen on a screen")
        .tensor_arg("axis", ArgType::Floats, "for volumes, which are not supported; ignored")
        .arg("keep_size", ArgType::Bool, false,
             "the output has the input's size; else that of a canvas which holds the whole image. "
             "`size` wins over both")
        .include(warp_arguments());
  }

  /// Extent of the canvas. Equal parity of `extent` and the canvas avoids half-pixel shifts.
  static int64_t canvas(double own, double extent, double across, double other, int64_t parity) {
    const auto n = static_cast<int64_t>(std::ceil(own * extent + across * other - 0.01));
    return n + ((n ^ parity) & 1);
  }

  static Outcome<WarpParams> plan(Plan& p) {
    VG_ASSIGN(const ImageDims dims, image_dims(p));
    const double angle = p.get<float>("angle");
    if (!std::isfinite(angle)) return p.bad("angle", "= {} is not finite", angle);
    const double c = math::cos_degrees(angle), s = math::sin_degrees(angle);
    const double h = static_cast<double>(dims.height), w = static_cast<double>(dims.width);
    const double ac = std::fabs(c), as = std::fabs(s);
    const bool turned = as > ac;
    int64_t out_h = dims.height, out_w = dims.width;
    if (!p.get<bool>("keep_size")) {
      out_h = canvas(ac, h, as, w, turned ? dims.width : dims.height);
      out_w = canvas(ac, w, as, h, turned ? dims.height : dims.width);
    }
    VG_ASSIGN(WarpParams params, warp_plan(p, out_h, out_w));
    const double x = 0.5 * static_cast<double>(params.out_width);
    const double y = 0.5 * static_cast<double>(params.out_height);
    const double matrix[6] = {c, -s, 0.5 * w - c * x + s * y, s, c, 0.5 * h - s * x - c * y};
    warp_map(params, matrix, p.in().dtype, p.out().dtype);
    return params;
  }
};

}  // namespace vg
