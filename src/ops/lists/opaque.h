// Operators that bring their own `run`. Adding one: its file, and its line here.
#pragma once

#include "graph/op_def.h"
#include "ops/constant.h"
#include "ops/jpeg_compression_distortion.h"
#include "ops/logic.h"

namespace vg {

using OpaqueOps = TypeList<Constant, Predicate, LogicalOperand, JpegCompressionDistortion>;

}  // namespace vg
