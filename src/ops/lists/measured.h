// The measured operators. Adding one: its file, and its line here.
#pragma once

#include "ops/auto_contrast.h"
#include "ops/equalize.h"
#include "ops/mean_contrast.h"

namespace vg {

using MeasuredOps = TypeList<AutoContrast, Equalize, MeanContrast>;

}  // namespace vg
