// JPEG artefacts: an image is encoded and decoded again.
#pragma once

#include <algorithm>

#include "ops/image.h"

namespace vg {

struct JpegCompressionDistortion {
  int quality;

  static Schema schema() {
    return Schema("jpeg_compression_distortion",
                  "Encodes every frame as JPEG with 4:2:0 chroma, and decodes it again.")
        .input("data", "uint8 RGB image or sequence", "HWC FHWC")
        .tensor_arg("quality", ArgType::Int, int64_t{50}, "1 (worst) to 100; clamped to that");
  }

  static Outcome<JpegCompressionDistortion> plan(Plan& p) {
    if (p.in().dtype != DType::Uint8)
      return p.bad("", "supports uint8 only; the input is {}", name_of(p.in().dtype));
    VG_ASSIGN(const ImageDims dims, image_dims(p));
    if (dims.channels != 3)
      return p.bad("", "needs 3 channels (RGB); the input has {}", dims.channels);
    p.out() = p.in();
    const auto quality = std::clamp<int64_t>(p.get<int64_t>("quality"), 1, 100);
    return JpegCompressionDistortion{static_cast<int>(quality)};
  }

  static Status run(const Work& work);  // in io/codecs, which knows the format
};

}  // namespace vg
