// The point operators. Adding one: its file, and its line here.
#pragma once

#include "ops/brightness.h"
#include "ops/brightness_contrast.h"
#include "ops/color.h"
#include "ops/color_space_conversion.h"
#include "ops/color_twist.h"
#include "ops/contrast.h"
#include "ops/hsv.h"
#include "ops/hue.h"
#include "ops/invert.h"
#include "ops/lookup_table.h"
#include "ops/posterize.h"
#include "ops/saturation.h"
#include "ops/solarize.h"
#include "ops/solarize_add.h"

namespace vg {

using PointOps =
    TypeList<Brightness, BrightnessContrast, Color, ColorSpaceConversion, ColorTwist, Contrast, Hsv,
             Hue, Invert, LookupTable, Posterize, Saturation, Solarize, SolarizeAdd>;

}  // namespace vg
