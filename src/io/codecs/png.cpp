// PNG, by libpng. 16-bit samples stay 16 bits wide; alpha stays where the file stores it.
#include <png.h>

#include <bit>
#include <csetjmp>
#include <cstdio>

#include "io/codecs/formats.h"

namespace vg {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr size_t kHeaderEnd = 33;  // signature, length, "IHDR", 13 bytes, checksum
constexpr size_t kColorTypeAt = 25, kInterlaceAt = 28;

struct Reader {
  Bytes rest;
  char text[96] = "";
  png_structp png = nullptr;
  png_infop info = nullptr;

  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void stop(png_structp png, png_const_charp text) {
  auto* reader = static_cast<Reader*>(png_get_error_ptr(png));
  std::snprintf(reader->text, sizeof reader->text, "%s", text);
  png_longjmp(png, 1);
}

void read_bytes(png_structp png, png_bytep to, size_t size) {
  auto* reader = static_cast<Reader*>(png_get_io_ptr(png));
  if (reader->rest.size() < size) stop(png, "the data is cut short");
  std::memcpy(to, reader->rest.data(), size);
  reader->rest = reader->rest.subspan(size);
}

/// Runs with the jump armed: no local here may need a destructor. `whole` is the memory of a whole
/// image for an interlaced file.
bool decode_rows(Reader& r, const ImageInfo& info, RowSink& sink, std::byte* whole) {
  r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, stop, [](png_structp, const char*) {});
  r.info = r.png ? png_create_info_struct(r.png) : nullptr;
  if (!r.info) {
    std::snprintf(r.text, sizeof r.text, "no memory for the decoder");
    return false;
  }
  if (setjmp(png_jmpbuf(r.png))) return false;
  png_set_read_fn(r.png, &r, read_bytes);
  png_set_user_limits(r.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // max_pixels is checked before
  png_read_info(r.png, r.info);
  if (png_get_image_height(r.png, r.info) != info.height ||
      png_get_image_width(r.png, r.info) != info.width)
    stop(r.png, "the image is not what its header says");
  const int type = png_get_color_type(r.png, r.info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(r.png);
  if (type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(r.png);
  // Expanding a palette turns its transparency into a channel, which the file does not store as
  // one.
  if (!(type & PNG_COLOR_MASK_ALPHA)) png_set_strip_alpha(r.png);
  if (info.bits == 16 && std::endian::native == std::endian::little) png_set_swap(r.png);
  const int passes = png_set_interlace_handling(r.png);
  png_read_update_info(r.png, r.info);
  if (png_get_rowbytes(r.png, r.info) != sink.row_bytes())
    stop(r.png, "the image is not what its header says");
  for (int pass = 0; pass < passes; pass++)
    for (int64_t y = 0; y < info.height; y++) {
      std::byte* row = whole ? whole + static_cast<size_t>(y) * sink.row_bytes() : sink.row(y);
      png_read_row(r.png, reinterpret_cast<png_bytep>(row), nullptr);
      if (pass == passes - 1) sink.put(y, row);
    }
  png_read_end(r.png, nullptr);
  return true;
}

bool png_matches(Bytes b) { return has(b, 0, kSignature); }

Outcome<ImageInfo> png_probe(Bytes b) {
  if (b.size() < kHeaderEnd || !has(b, 12, "IHDR")) return fail("the PNG header is cut short");
  ImageInfo info;
  info.width = be32(b, 16);
  info.height = be32(b, 20);
  info.bits = u8(b, 24) == 16 ? 16 : 8;
  switch (u8(b, kColorTypeAt)) {
    case PNG_COLOR_TYPE_GRAY:
      info.channels = 1;
      break;
    case PNG_COLOR_TYPE_GRAY_ALPHA:
      info.channels = 2;
      break;
    case PNG_COLOR_TYPE_RGB_ALPHA:
      info.channels = 4;
      break;
    case PNG_COLOR_TYPE_RGB:
    case PNG_COLOR_TYPE_PALETTE:
      info.channels = 3;
      break;
    default:
      return fail("the PNG header is damaged (colour type {})", u8(b, kColorTypeAt));
  }
  for (size_t at = kHeaderEnd; at + 12 <= b.size();) {
    const size_t length = be32(b, at);
    if (length > b.size() - at - 12 || has(b, at + 4, "IEND")) break;
    if (has(b, at + 4, "eXIf")) {
      info.orientation = exif_orientation(b.subspan(at + 8, length));
      break;
    }
    at += length + 12;
  }
  return info;
}

NativeForm png_native(const ImageInfo& info, ColorType) {
  // libpng's own weights of grey, which cut where other formats round.
  return {info.channels, info.bits == 16, false, Luma{9797, 19234, 3737, 0}};
}

Status png_decode(Bytes encoded, const ImageInfo& info, const DecodeOptions&, RowSink& sink) {
  Reader reader{encoded};
  std::vector<std::byte> whole;
  if (u8(encoded, kInterlaceAt) != 0)
    whole.resize(sink.row_bytes() * static_cast<size_t>(info.height));
  if (!decode_rows(reader, info, sink, whole.empty() ? nullptr : whole.data()))
    return fail("PNG: {}", reader.text);
  return {};
}

}  // namespace

const Codec kPngCodec{
    "PNG",      png_matches,
    png_probe,  png_native,
    png_decode, [] {
                        return CodecVersion{"PNG", "libpng", png_get_libpng_ver(nullptr)}; }};

}  // namespace vg
