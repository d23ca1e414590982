// JPEG, by libjpeg-turbo: the bytes that Pillow gives.
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs FILE and size_t
#include <cstdlib>

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <memory>

#include "io/codecs/formats.h"

namespace vg {
namespace {

// Data with thousands of scans can keep a decoder busy for hours; real files have about ten.
constexpr int kMaxScans = 500;

/// How libjpeg reports an error: a text and a jump. Nothing is printed.
struct ErrorManager : jpeg_error_mgr {
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX] = "";

  ErrorManager() {
    jpeg_std_error(this);
    error_exit = [](j_common_ptr c) {
      auto* self = static_cast<ErrorManager*>(c->err);
      self->format_message(c, self->text);
      std::longjmp(self->jump, 1);
    };
    output_message = [](j_common_ptr) {};
    emit_message = [](j_common_ptr, int) {};
  }
};

[[noreturn]] void stop(j_decompress_ptr c, const char* text) {
  auto* error = static_cast<ErrorManager*>(c->err);
  std::snprintf(error->text, sizeof error->text, "%s", text);
  std::longjmp(error->jump, 1);
}

/// Encoded bytes in memory. The end of the data is an error, not a made-up end marker.
struct Source : jpeg_source_mgr {
  explicit Source(Bytes encoded) {
    next_input_byte = reinterpret_cast<const JOCTET*>(encoded.data());
    bytes_in_buffer = encoded.size();
    init_source = [](j_decompress_ptr) {};
    fill_input_buffer = [](j_decompress_ptr c) -> boolean { stop(c, "the data is cut short"); };
    skip_input_data = [](j_decompress_ptr c, long count) {
      if (count <= 0) return;
      if (static_cast<size_t>(count) > c->src->bytes_in_buffer) stop(c, "the data is cut short");
      c->src->next_input_byte += count;
      c->src->bytes_in_buffer -= static_cast<size_t>(count);
    };
    resync_to_restart = jpeg_resync_to_restart;
    term_source = [](j_decompress_ptr) {};
  }
};

struct Decompressor : jpeg_decompress_struct {
  ErrorManager error;
  jpeg_progress_mgr watch{};

  Decompressor() : jpeg_decompress_struct{} {
    err = &error;
    watch.progress_monitor = [](j_common_ptr c) {
      auto* self = reinterpret_cast<j_decompress_ptr>(c);
      if (self->input_scan_number > kMaxScans) stop(self, "the data has too many scans");
    };
  }
  ~Decompressor() { jpeg_destroy_decompress(this); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
};

/// The ink of Adobe's inverted CMYK (255 = none) to RGB, rounded as Pillow does.
void cmyk_to_rgb(const JSAMPLE* from, JSAMPLE* to, int64_t pixels) {
  for (int64_t i = 0; i < pixels; i++, from += 4, to += 3) {
    const int key = from[3];
    for (int k = 0; k < 3; k++) {
      const int product = (255 - from[k]) * key + 128;
      to[k] = static_cast<JSAMPLE>(std::max(0, key - (((product >> 8) + product) >> 8)));
    }
  }
}

J_COLOR_SPACE output_space(int stored_channels, ColorType color) {
  if (stored_channels == 4) return JCS_CMYK;
  if (color == ColorType::Gray || (color == ColorType::Any && stored_channels == 1))
    return JCS_GRAYSCALE;
  return color == ColorType::Bgr ? JCS_EXT_BGR : JCS_RGB;
}

/// True if what follows the part of the scan that was read is the rest of it and the end marker:
/// then reading on could not fail, and rows below the window need not be decoded.
bool ends_well(const jpeg_decompress_struct& c) {
  if (c.unread_marker != 0) return c.unread_marker == JPEG_EOI;
  Bytes rest = std::as_bytes(std::span(c.src->next_input_byte, c.src->bytes_in_buffer));
  for (;;) {
    const void* found = rest.empty() ? nullptr : std::memchr(rest.data(), 0xFF, rest.size());
    if (!found) return false;
    rest =
        rest.subspan(static_cast<size_t>(static_cast<const std::byte*>(found) - rest.data()) + 1);
    if (rest.empty()) return false;
    const uint32_t marker = u8(rest, 0);
    if (marker == JPEG_EOI) return true;
    const bool harmless = marker == 0 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD7);
    if (!harmless) return false;
  }
}

/// Has libjpeg leave out what is far from the window, and returns the first column that it gives.
/// The chroma of a pixel depends on its neighbours, so whole blocks are kept around the window.
int64_t narrow_to(j_decompress_ptr c, const Region& window) {
  const int64_t block_height = int64_t{c->max_v_samp_factor} * DCTSIZE;
  const int64_t block_width = int64_t{c->max_h_samp_factor} * DCTSIZE;
  JDIMENSION left = 0;
  if (window.width + 2 * block_width < c->output_width) {
    left = static_cast<JDIMENSION>(std::max<int64_t>(0, window.x - block_width));
    const int64_t right = std::min<int64_t>(c->output_width, window.x + window.width + block_width);
    auto width = static_cast<JDIMENSION>(right - left);
    jpeg_crop_scanline(c, &left, &width);
  }
  const int64_t above = (window.y / block_height - 1) * block_height;
  if (above > 0) jpeg_skip_scanlines(c, static_cast<JDIMENSION>(above));
  return left;
}

/// Runs with the jump armed: no local here may need a destructor.
bool decode_rows(Decompressor& c, Source& source, const ImageInfo& info,
                 const DecodeOptions& options, RowSink& sink, JSAMPLE* cmyk) {
  if (setjmp(c.error.jump)) return false;
  jpeg_create_decompress(&c);
  c.src = &source;
  c.progress = &c.watch;
  jpeg_read_header(&c, TRUE);
  if (c.image_height != info.height || c.image_width != info.width ||
      c.num_components != info.channels)
    stop(&c, "the image is not what its header says");
  c.out_color_space = output_space(info.channels, options.color);
  c.dct_method = options.fast_idct ? JDCT_IFAST : JDCT_ISLOW;
  jpeg_start_decompress(&c);
  // Several scans have been read to their end by now. Their blocks may be smoothed from others that
  // are farther away, so nothing is left out.
  const bool whole_input_read = jpeg_has_multiple_scans(&c);
  const int64_t left = whole_input_read ? 0 : narrow_to(&c, sink.window());
  const auto pixel = static_cast<int64_t>(sink.row_bytes()) / info.width;
  while (c.output_scanline < c.output_height) {
    const auto y = static_cast<int64_t>(c.output_scanline);
    if (y == sink.bottom() && (whole_input_read || ends_well(c))) return true;
    std::byte* row = sink.row(y);
    JSAMPROW target = cmyk ? cmyk : reinterpret_cast<JSAMPROW>(row);
    jpeg_read_scanlines(&c, &target, 1);
    if (cmyk) cmyk_to_rgb(cmyk, reinterpret_cast<JSAMPROW>(row), c.output_width);
    sink.put_from(y, row + (sink.window().x - left) * pixel);
  }
  jpeg_finish_decompress(&c);
  return true;
}

bool jpeg_matches(Bytes b) { return has(b, 0, "\xff\xd8\xff"); }

Outcome<ImageInfo> jpeg_probe(Bytes b) {
  ImageInfo info;
  bool exif_seen = false;
  size_t at = 2;
  // Markers up to the frame header; EXIF data precede it, or at least the first scan.
  while (at + 4 <= b.size()) {
    if (u8(b, at) != 0xFF || u8(b, at + 1) == 0xFF) {  // libjpeg skips what is between markers
      at++;
      continue;
    }
    const uint32_t marker = u8(b, at + 1);
    if (marker == 0 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;
      continue;
    }
    if (marker == 0xD9 || marker == 0xDA) break;  // end, or the first scan
    const size_t length = be16(b, at + 2);
    if (length < 2) return fail("the JPEG header is damaged");
    const Bytes body = b.subspan(at + 4, std::min(length - 2, b.size() - at - 4));
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && body.size() >= 6 && info.channels == 0) {
      if (u8(body, 0) != 8) return fail("JPEG images of {} bits are not supported", u8(body, 0));
      info.height = be16(body, 1);
      info.width = be16(body, 3);
      info.channels = static_cast<int>(u8(body, 5));
    } else if (marker == 0xE1 && !exif_seen && has(body, 0, std::string_view("Exif\0\0", 6))) {
      exif_seen = true;
      info.orientation = exif_orientation(body.subspan(6));
    }
    at += 2 + length;
  }
  if (info.channels == 0) return fail("the JPEG header is cut short or has no frame");
  if (info.channels != 1 && info.channels != 3 && info.channels != 4)
    return fail("JPEG images of {} components are not supported", info.channels);
  return info;
}

NativeForm jpeg_native(const ImageInfo& info, ColorType color) {
  if (info.channels == 4) {
    // The record of grey from CMYK is cut, not rounded.
    NativeForm form{color == ColorType::Any ? 4 : 3};
    form.luma.bias = 0;
    return form;
  }
  const J_COLOR_SPACE space = output_space(info.channels, color);
  return {space == JCS_GRAYSCALE ? 1 : 3, false, color != ColorType::YCbCr};
}

Status jpeg_decode(Bytes encoded, const ImageInfo& info, const DecodeOptions& options,
                   RowSink& sink) {
  Decompressor decompressor;
  Source source(encoded);
  std::vector<JSAMPLE> cmyk;
  if (info.channels == 4) cmyk.resize(static_cast<size_t>(info.width) * 4);
  if (!decode_rows(decompressor, source, info, options, sink, cmyk.empty() ? nullptr : cmyk.data()))
    return fail("JPEG: {}", decompressor.error.text);
  return {};
}

struct Compressor : jpeg_compress_struct {
  ErrorManager error;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;

  Compressor() : jpeg_compress_struct{} { err = &error; }
  ~Compressor() {
    jpeg_destroy_compress(this);
    std::free(bytes);
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
};

bool encode_rows(Compressor& c, const std::byte* rgb, int64_t height, int64_t width, int quality) {
  if (setjmp(c.error.jump)) return false;
  jpeg_create_compress(&c);
  jpeg_mem_dest(&c, &c.bytes, &c.size);
  c.image_height = static_cast<JDIMENSION>(height);
  c.image_width = static_cast<JDIMENSION>(width);
  c.input_components = 3;
  c.in_color_space = JCS_RGB;
  jpeg_set_defaults(&c);  // among them 4:2:0
  jpeg_set_quality(&c, quality, TRUE);
  jpeg_start_compress(&c, TRUE);
  while (c.next_scanline < c.image_height) {
    auto* row = const_cast<std::byte*>(rgb + static_cast<int64_t>(c.next_scanline) * width * 3);
    JSAMPROW target = reinterpret_cast<JSAMPROW>(row);
    jpeg_write_scanlines(&c, &target, 1);
  }
  jpeg_finish_compress(&c);
  return true;
}

}  // namespace

const Codec kJpegCodec{"JPEG", jpeg_matches, jpeg_probe, jpeg_native, jpeg_decode, [] {
                         constexpr int kVersion = LIBJPEG_TURBO_VERSION_NUMBER;
                         return CodecVersion{"JPEG", "libjpeg-turbo",
                                             fmt::format("{}.{}.{}", kVersion / 1000000,
                                                         kVersion / 1000 % 1000, kVersion % 1000)};
                       }};

Status jpeg_roundtrip(const std::byte* rgb, int64_t height, int64_t width, int quality,
                      std::byte* out) {
  if (height < 1 || width < 1 || height > JPEG_MAX_DIMENSION || width > JPEG_MAX_DIMENSION)
    return fail("an image of {} x {} pixels cannot be a JPEG (1 to {} a side)", height, width,
                JPEG_MAX_DIMENSION);
  Compressor compressor;
  if (!encode_rows(compressor, rgb, height, width, std::clamp(quality, 1, 100)))
    return fail("JPEG: {}", compressor.error.text);
  const Bytes encoded = std::as_bytes(std::span(compressor.bytes, compressor.size));
  VG_ASSIGN(const ImageInfo info, probe(encoded));
  return decode(encoded, info, {}, out);
}

}  // namespace vg
