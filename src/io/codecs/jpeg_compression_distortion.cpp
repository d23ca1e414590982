// The codec's part of the operator of this name.
#include "ops/jpeg_compression_distortion.h"

#include "io/codecs/codec.h"

namespace vg {

Status JpegCompressionDistortion::run(const Work& work) {
  VG_ASSIGN(const ImageDims d, image_dims(work.in[0].desc));
  const int64_t frame = d.frame_elements();
  if (frame == 0) return {};
  for (int64_t f = 0; f < d.frames; f++)
    VG_TRY(jpeg_roundtrip(work.in[0].data + f * frame, d.height, d.width,
                          work.param<JpegCompressionDistortion>().quality,
                          work.out[0].data + f * frame));
  return {};
}

}  // namespace vg
