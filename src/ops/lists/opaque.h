// Operators that bring their own `run`. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"
#include "io/readers/file_reader.h"
#include "ops/callback.h"
#include "ops/constant.h"
#include "ops/external_source.h"
#include "ops/jpeg_compression_distortion.h"
#include "ops/logic.h"
#include "ops/random_crop_generator.h"
#include "ops/wide_constant.h"

namespace vg {

// A line each, the comma in front, so that two additions do not meet.
// clang-format off
using OpaqueOps = TypeList<
    FileReader
  , ExternalSource
  , Callback
  , Constant
  , Predicate
  , LogicalOperand
  , JpegCompressionDistortion
  , RandomCropGenerator
  , WideConstant
  >;
// clang-format on

}  // namespace vg
