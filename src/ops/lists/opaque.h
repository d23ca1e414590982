// Operators that bring their own `run`. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"
#include "io/readers/file_reader.h"
#include "ops/bb_flip.h"
#include "ops/callback.h"
#include "ops/constant.h"
#include "ops/constant_data.h"
#include "ops/coord_flip.h"
#include "ops/coord_transform.h"
#include "ops/external_source.h"
#include "ops/file_read.h"
#include "ops/get_property.h"
#include "ops/jpeg_compression_distortion.h"
#include "ops/logic.h"
#include "ops/one_hot.h"
#include "ops/peek_image_shape.h"
#include "ops/permute_batch.h"
#include "ops/policy_draws.h"
#include "ops/random_beta.h"
#include "ops/random_choice.h"
#include "ops/random_coin_flip.h"
#include "ops/random_crop_generator.h"
#include "ops/random_normal.h"
#include "ops/random_uniform.h"
#include "ops/shapes.h"
#include "ops/transforms/combine.h"
#include "ops/transforms/crop.h"
#include "ops/transforms/rotation.h"
#include "ops/transforms/scale.h"
#include "ops/transforms/shear.h"
#include "ops/transforms/translation.h"
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
  , BbFlip
  , CoordFlip
  , CoordTransform
  , Translation
  , Scale
  , Rotation
  , Shear
  , CropTransform
  , Combine
  , ConstantData
  , FileRead
  , random::Beta
  , random::Choice
  , random::CoinFlip
  , random::Normal
  , random::Uniform
  , RandomIndex
  , RunOrSkip
  , TableRow
  , RelativeOffset
  , GetProperty
  , OneHot
  , Shapes
  , PeekImageShape
  , PermuteBatch
  , BatchPermutation
  >;
// clang-format on

}  // namespace vg
