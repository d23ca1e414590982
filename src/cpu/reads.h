// Which part of an image an instruction reads: what lies outside need not be decoded for it.
#pragma once

#include <optional>

#include "graph/op_def.h"
#include "io/codecs/codec.h"

namespace vg::cpu {

/// The rows and columns of input 0, an HWC image, that the instruction may read; none: all, or not
/// known.
std::optional<Region> region_read(const OpDef& op, const void* params, const TensorDesc& image);

}  // namespace vg::cpu
