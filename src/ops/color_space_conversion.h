// Conversion between RGB, BGR, grey and YCbCr.
#pragma once

#include "ops/color_map.h"

namespace vg {

/// Grey images are pixels of three equal values here: the driver repeats one value on the way in
/// and keeps the first on the way out.
struct ColorSpaceConversion : ColorMap {
  static Schema schema() {
    return Schema("color_space_conversion",
                  "Converts between colour spaces. Grey is .299 R + .587 G + .114 B; YCbCr is that "
                  "of ITU-R BT.601 with limited range (Y from 16 to 235).")
        .input("data", "uint8 image or sequence; 1 channel if grey, else 3", "HWC FHWC DHWC")
        .required("image_type", ArgType::ImageType,
                  "colour space of the input: RGB, BGR, GRAY, YCbCr")
        .required("output_type", ArgType::ImageType, "colour space of the output; another one");
  }

  static Outcome<ColorSpaceConversion> plan(Plan& p);
};

}  // namespace vg
