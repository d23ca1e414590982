// The decoders of images. Adding one: its file, and its line here.
#pragma once

#include "ops/decoders.h"

namespace vg {

using DecodeOps = TypeList<DecodeImage, DecodeCrop, DecodeSlice, DecodeRandomCrop>;

}  // namespace vg
