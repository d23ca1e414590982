// What the formats share with each other and with nobody else: the table entry of a format.
#pragma once

#include "io/codecs/bytes.h"
#include "io/codecs/codec.h"
#include "io/codecs/pixels.h"

namespace vg {

/// One format. Its decoder hands its own pixels, row by row, to the sink, which does the rest.
struct Codec {
  std::string_view format;
  bool (*matches)(Bytes encoded);
  Outcome<ImageInfo> (*probe)(Bytes encoded);
  NativeForm (*native)(const ImageInfo& info, ColorType color);
  Status (*decode)(Bytes encoded, const ImageInfo& info, const DecodeOptions& options,
                   RowSink& sink);
  CodecVersion (*version)();
};

extern const Codec kJpegCodec;
extern const Codec kPngCodec;
extern const Codec kBmpCodec;
extern const Codec kPnmCodec;
extern const Codec kWebpCodec;
extern const Codec kTiffCodec;

/// The form of a format that always decodes to what its file stores.
inline NativeForm stored_form(const ImageInfo& info, ColorType) {
  return {info.channels, info.bits == 16};
}

/// Orientation in a block of EXIF data, which begins with the byte order ("II" or "MM"): 1 to 8,
/// and 1 if there is none that makes sense.
int exif_orientation(Bytes tiff);

}  // namespace vg
