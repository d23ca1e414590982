// WebP, by libwebp.
#include <webp/decode.h>

#include "io/codecs/formats.h"

namespace vg {
namespace {

const uint8_t* raw(Bytes b) { return reinterpret_cast<const uint8_t*>(b.data()); }

/// The orientation in a RIFF container's EXIF chunk, which stands behind the pixels.
int orientation_of(Bytes b) {
  for (size_t at = 12; at + 8 <= b.size();) {
    const size_t length = le32(b, at + 4);
    if (length > b.size() - at - 8) break;
    if (has(b, at, "EXIF")) {
      const Bytes body = b.subspan(at + 8, length);
      const bool named = has(body, 0, std::string_view("Exif\0\0", 6));
      return exif_orientation(named ? body.subspan(6) : body);
    }
    at += 8 + length + length % 2;
  }
  return 1;
}

bool webp_matches(Bytes b) { return has(b, 0, "RIFF") && has(b, 8, "WEBP"); }

Outcome<ImageInfo> webp_probe(Bytes b) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(raw(b), b.size(), &features) != VP8_STATUS_OK)
    return fail("the WebP header is damaged or cut short");
  if (features.has_animation) return fail("animated WebP images are not supported");
  ImageInfo info{features.height, features.width, features.has_alpha ? 4 : 3};
  info.orientation = orientation_of(b);
  return info;
}

NativeForm webp_native(const ImageInfo& info, ColorType color) {
  return {color == ColorType::Any ? info.channels : 3};
}

Status webp_decode(Bytes b, const ImageInfo& info, const DecodeOptions& options, RowSink& sink) {
  const bool alpha = webp_native(info, options.color).channels == 4;
  const size_t stride = sink.row_bytes();
  std::vector<std::byte> image(stride * static_cast<size_t>(info.height));
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return fail("WebP: the library is of another version");
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = reinterpret_cast<uint8_t*>(image.data());
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = image.size();
  const VP8StatusCode status = WebPDecode(raw(b), b.size(), &config);
  const bool same = config.output.height == info.height && config.output.width == info.width;
  WebPFreeDecBuffer(&config.output);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED)
    return fail("WebP: the data is cut short");
  if (status != VP8_STATUS_OK) return fail("WebP: the data is damaged");
  if (!same) return fail("WebP: the image is not what its header says");
  for (int64_t y = sink.top(); y < sink.bottom(); y++)
    sink.put(y, image.data() + static_cast<size_t>(y) * stride);
  return {};
}

}  // namespace

const Codec kWebpCodec{"WebP", webp_matches, webp_probe, webp_native, webp_decode, [] {
                         const int v = WebPGetDecoderVersion();
                         return CodecVersion{
                             "WebP", "libwebp",
                             fmt::format("{}.{}.{}", v >> 16, v >> 8 & 255, v & 255)};
                       }};

}  // namespace vg
