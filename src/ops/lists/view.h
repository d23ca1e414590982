// The view operators. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"
#include "ops/cat.h"
#include "ops/copy.h"
#include "ops/crop.h"
#include "ops/crop_mirror_normalize.h"
#include "ops/element_extract.h"
#include "ops/flip.h"
#include "ops/index.h"
#include "ops/pad.h"
#include "ops/reshape.h"
#include "ops/slice.h"
#include "ops/transpose.h"

namespace vg {

// A line each, the comma in front, so that two additions do not meet.
// clang-format off
using ViewOps = TypeList<
    Cat
  , Copy
  , Crop
  , CropMirrorNormalize
  , ElementExtract
  , ExpandDims
  , Flip
  , Index
  , Pad
  , Reinterpret
  , Reshape
  , Slice
  , Squeeze
  , Stack
  , Transpose
  >;
// clang-format on

}  // namespace vg
