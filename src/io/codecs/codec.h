// Encoded images in memory: what they hold, and their pixels. The only header of the codecs that
// others need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "variegate/tensor.h"

namespace vg {

/// What the header of an encoded image says. Height and width are those of the stored pixels,
/// before the orientation is applied.
struct ImageInfo {
  int64_t height = 0;
  int64_t width = 0;
  int channels = 0;              ///< as `ColorType::Any` gives them; a palette counts 3
  int bits = 8;                  ///< of a decoded sample: 8 or 16
  int orientation = 1;           ///< EXIF, 1 to 8
  std::string_view format = {};  ///< "JPEG", "PNG", ...

  int64_t oriented_height() const { return orientation >= 5 ? width : height; }
  int64_t oriented_width() const { return orientation >= 5 ? height : width; }
};

/// Rgb, Bgr and YCbCr (BT.601, limited range) have 3 channels, Gray has 1, Any has the stored ones.
/// Alpha is kept by Any and dropped by the others. Gray of a JPEG is its luma plane.
enum class ColorType { Rgb, Bgr, Gray, YCbCr, Any };

/// A window of the image as it is shown: oriented, unless `adjust_orientation` is off.
struct Region {
  int64_t y = 0;
  int64_t x = 0;
  int64_t height = 0;
  int64_t width = 0;
};

struct DecodeOptions {
  ColorType color = ColorType::Rgb;
  DType dtype =
      DType::Uint8;  ///< values are scaled to its range: integers to the maximum, floats to 1
  bool adjust_orientation = true;
  bool fast_idct = false;  ///< JPEG only: quicker, up to 4 levels off
  int64_t max_pixels = int64_t{1} << 28;
  std::optional<Region> region = {};  ///< gives the bytes of decode-then-crop
  /// Only this part of the result will be read, in its pixels: the rest need not be written.
  std::optional<Region> needed = {};
};

/// Reads the header of a whole file (WebP and PNG may have their orientation at the end). The
/// content decides on the format; fails for formats that are not decoded.
Outcome<ImageInfo> probe(std::span<const std::byte> encoded);

/// Shape (height, width, channels) after orientation and region, dtype, layout "HWC". Fails for
/// more than `max_pixels` stored pixels, for a region outside of the image, and for `Bool`.
Outcome<TensorDesc> decoded_desc(const ImageInfo& info, const DecodeOptions& options);

/// Writes the bytes that `decoded_desc` describes, in C order, to `out`, which is aligned for the
/// dtype. `info` is what `probe` gave. After a failure the contents of `out` are unspecified. Any
/// number of threads may call it.
Status decode(std::span<const std::byte> encoded, const ImageInfo& info,
              const DecodeOptions& options, std::byte* out);

/// Encodes RGB as JPEG with 4:2:0 chroma at `quality` (clamped to 1..100) and decodes it again.
/// `rgb` and `out` hold height x width x 3 bytes and may be the same.
Status jpeg_roundtrip(const std::byte* rgb, int64_t height, int64_t width, int quality,
                      std::byte* out);

struct CodecVersion {
  std::string format;
  std::string library;
  std::string version;
};

/// The formats that can be decoded, and by what.
std::vector<CodecVersion> codec_versions();

}  // namespace vg
