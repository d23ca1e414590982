// Finds the format of encoded data by its first bytes and hands it to that format's codec.
#include "io/codecs/codec.h"

#include <array>
#include <new>

#include "io/codecs/formats.h"

namespace vg {
namespace {

constexpr std::array<const Codec*, 6> kCodecs{&kJpegCodec, &kPngCodec,  &kBmpCodec,
                                              &kPnmCodec,  &kWebpCodec, &kTiffCodec};

/// Formats that are recognised only to be named in the message.
struct Unsupported {
  std::string_view name;
  size_t at;
  std::string_view magic;
};

using namespace std::string_view_literals;
constexpr std::array<Unsupported, 13> kUnsupported{{{"GIF", 0, "GIF8"sv},
                                                    {"AVIF", 4, "ftypavif"sv},
                                                    {"AVIF", 4, "ftypavis"sv},
                                                    {"HEIF", 4, "ftyphei"sv},
                                                    {"HEIF", 4, "ftypmif1"sv},
                                                    {"JPEG 2000", 0, "\0\0\0\x0cjP  "sv},
                                                    {"JPEG 2000", 0, "\xff\x4f\xff\x51"sv},
                                                    {"JPEG XL", 0, "\0\0\0\x0cJXL "sv},
                                                    {"JPEG XL", 0, "\xff\x0a"sv},
                                                    {"PAM", 0, "P7\n"sv},
                                                    {"PSD", 0, "8BPS"sv},
                                                    {"ICO", 0, "\0\0\1\0"sv},
                                                    {"PDF", 0, "%PDF"sv}}};

Outcome<const Codec*> codec_of(Bytes encoded) {
  if (encoded.empty()) return fail("the encoded image is empty (0 bytes)");
  for (const Codec* codec : kCodecs)
    if (codec->matches(encoded)) return codec;
  for (const Unsupported& u : kUnsupported)
    if (has(encoded, u.at, u.magic)) return fail("{} images are not supported", u.name);
  return fail("the data ({} bytes) is not an image of a known format", encoded.size());
}

}  // namespace

Outcome<ImageInfo> probe(Bytes encoded) {
  VG_ASSIGN(const Codec* codec, codec_of(encoded));
  VG_ASSIGN(ImageInfo info, codec->probe(encoded));
  info.format = codec->format;
  if (info.height <= 0 || info.width <= 0)
    return fail("the {} header gives an image of {} x {} pixels (height x width)", codec->format,
                info.height, info.width);
  return info;
}

Outcome<TensorDesc> decoded_desc(const ImageInfo& info, const DecodeOptions& options) {
  if (options.dtype == DType::None || options.dtype == DType::Bool)
    return fail(ErrorKind::Value, "dtype = {} is not a type that images can be decoded to",
                name_of(options.dtype));
  // Both factors are below 2^32 in all formats, but their product may overflow.
  if (info.height > options.max_pixels / info.width)
    return fail("the {} image has {} x {} pixels, more than max_pixels = {}", info.format,
                info.height, info.width, options.max_pixels);
  const int64_t height = options.adjust_orientation ? info.oriented_height() : info.height;
  const int64_t width = options.adjust_orientation ? info.oriented_width() : info.width;
  const Region r = options.region.value_or(Region{0, 0, height, width});
  if (r.y < 0 || r.x < 0 || r.height <= 0 || r.width <= 0 || r.height > height - r.y ||
      r.width > width - r.x)
    return fail(
        "the region (y = {}, x = {}, height = {}, width = {}) is not inside the image of "
        "{} x {} pixels",
        r.y, r.x, r.height, r.width, height, width);
  const int channels = options.color == ColorType::Any    ? info.channels
                       : options.color == ColorType::Gray ? 1
                                                          : 3;
  return TensorDesc{options.dtype, Shape{r.height, r.width, channels}, Layout("HWC")};
}

Status decode(Bytes encoded, const ImageInfo& info, const DecodeOptions& options, std::byte* out) {
  VG_ASSIGN(const Codec* codec, codec_of(encoded));
  VG_TRY(decoded_desc(info, options));
  try {
    RowSink sink(info, codec->native(info, options.color), options, out);
    return codec->decode(encoded, info, options, sink);
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::Memory, "no memory to decode a {} image of {} x {} pixels",
                codec->format, info.height, info.width);
  }
}

std::vector<CodecVersion> codec_versions() {
  std::vector<CodecVersion> versions;
  for (const Codec* codec : kCodecs) versions.push_back(codec->version());
  return versions;
}

}  // namespace vg
