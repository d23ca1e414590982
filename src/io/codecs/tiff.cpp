// TIFF, by libtiff: the first image of the file, in strips or tiles, of 1 to 16 bits.
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <memory>

#include "io/codecs/formats.h"

namespace vg {
namespace {

/// The data as a file of libtiff's, and the first error that it reports.
struct Source {
  Bytes data;
  uint64_t at = 0;
  char text[160] = "";

  static Source& of(thandle_t handle) { return *static_cast<Source*>(handle); }
  static tmsize_t read(thandle_t handle, void* to, tmsize_t size) {
    Source& s = of(handle);
    const uint64_t left = s.at < s.data.size() ? s.data.size() - s.at : 0;
    const uint64_t count =
        std::min<uint64_t>(left, static_cast<uint64_t>(std::max<tmsize_t>(size, 0)));
    if (count) std::memcpy(to, s.data.data() + s.at, count);
    s.at += count;
    return static_cast<tmsize_t>(count);
  }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    Source& s = of(handle);
    s.at = offset + (whence == SEEK_CUR ? s.at : whence == SEEK_END ? s.data.size() : 0);
    return s.at;
  }
  static int error(TIFF*, void* source, const char*, const char* format, va_list arguments) {
    Source& s = of(source);
    if (!s.text[0]) std::vsnprintf(s.text, sizeof s.text, format, arguments);
    return 1;  // told: not to be printed
  }
  static int warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }
};

struct Close {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Handle = std::unique_ptr<TIFF, Close>;

Handle open(Source& source) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, Source::error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options, Source::warning, &source);
  Handle tiff(TIFFClientOpenExt(
      "", "rm", &source, Source::read, [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; },
      Source::seek, [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return Source::of(handle).data.size(); },
      [](thandle_t, void**, toff_t*) { return 0; }, [](thandle_t, void*, toff_t) {}, options));
  TIFFOpenOptionsFree(options);
  return tiff;
}

struct Header {
  uint32_t height = 0, width = 0;
  uint16_t bits = 1, samples = 1, planar = PLANARCONFIG_CONTIG,
           photometric = PHOTOMETRIC_MINISBLACK;
  uint16_t compression = COMPRESSION_NONE, orientation = 1, format = SAMPLEFORMAT_UINT;

  bool jpeg_ycbcr() const {
    return photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG;
  }
  bool gray() const {
    return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
  }
  bool palette() const { return photometric == PHOTOMETRIC_PALETTE; }
  /// Colour models that are left to libtiff's own conversion to RGB.
  bool foreign() const {
    return !gray() && !palette() && photometric != PHOTOMETRIC_RGB && !jpeg_ycbcr();
  }
  int channels() const {
    if (foreign() || palette()) return 3;
    return gray() ? std::min<int>(samples, 2) : std::min<int>(samples, 4);
  }
  /// The colours of a palette have 16 bits.
  bool wide() const { return palette() || (bits == 16 && !foreign()); }
};

Outcome<Header> read_header(TIFF* tiff, const Source& source) {
  if (!tiff) return fail("the TIFF header is damaged or cut short ({})", source.text);
  Header h;
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h.height);
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &h.width);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &h.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &h.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &h.planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &h.format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &h.compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &h.orientation);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &h.photometric);
  if (h.orientation < 1 || h.orientation > 8) h.orientation = 1;
  constexpr std::array<uint16_t, 5> kBits{1, 2, 4, 8, 16};
  if (std::find(kBits.begin(), kBits.end(), h.bits) == kBits.end() ||
      (h.format != SAMPLEFORMAT_UINT && h.format != SAMPLEFORMAT_VOID))
    return fail("TIFF images of {}-bit samples of kind {} are not supported", h.bits, h.format);
  if (h.samples < 1 || (h.photometric == PHOTOMETRIC_RGB && h.samples < 3) ||
      (h.jpeg_ycbcr() && h.samples != 3))
    return fail("the TIFF header is damaged ({} samples a pixel)", h.samples);
  if (h.jpeg_ycbcr()) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  return h;
}

uint32_t sample(const std::byte* row, size_t index, uint32_t bits) {
  if (bits == 8) return std::to_integer<uint32_t>(row[index]);
  if (bits == 16) return reinterpret_cast<const uint16_t*>(row)[index];
  const size_t bit = index * bits;
  return std::to_integer<uint32_t>(row[bit / 8]) >> (8 - bits - bit % 8) & ((1u << bits) - 1);
}

using Palette = std::array<uint16_t*, 3>;

/// Puts the samples of a row of a strip or tile into their place among interleaved channels.
template <class T>
void unpack(const std::byte* row, const Header& h, size_t pixels, size_t first, size_t step,
            const Palette& palette, T* to) {
  const auto channels = static_cast<size_t>(h.channels());
  const uint32_t most = (1u << h.bits) - 1, full = std::numeric_limits<T>::max();
  for (size_t x = 0; x < pixels; x++, to += channels) {
    if (h.palette()) {
      const uint32_t index = sample(row, x * step, h.bits);
      for (size_t k = 0; k < 3; k++) to[k] = static_cast<T>(palette[k][index]);
      continue;
    }
    for (size_t s = 0; s < step && first + s < channels; s++) {
      uint32_t value = sample(row, x * step + s, h.bits);
      if (h.photometric == PHOTOMETRIC_MINISWHITE && first + s == 0) value = most - value;
      to[first + s] = static_cast<T>(value * (full / most));  // 1, 3, 15 and 255 divide 255
    }
  }
}

template <class T>
Status decode_chunks(TIFF* tiff, const Source& source, const Header& h, RowSink& sink) {
  const bool tiled = TIFFIsTiled(tiff), separate = h.planar == PLANARCONFIG_SEPARATE;
  uint32_t width = h.width, height = h.height;  // of a strip or tile
  TIFFGetField(tiff, tiled ? TIFFTAG_TILEWIDTH : TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff, tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, &height);
  if (!tiled) height = std::min(height, h.height);
  const tmsize_t chunk_bytes = tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
  const tmsize_t row_bytes = tiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff);
  const size_t step = separate ? 1 : h.samples;
  const auto image_bytes = static_cast<int64_t>(sink.row_bytes()) * h.height;
  constexpr int64_t kSlack = int64_t{64} << 20;
  if (width < 1 || height < 1 || chunk_bytes < 1 || chunk_bytes > 4 * image_bytes + kSlack ||
      row_bytes < static_cast<tmsize_t>((uint64_t{width} * step * h.bits + 7) / 8) ||
      chunk_bytes / row_bytes < static_cast<tmsize_t>(height))
    return fail("TIFF: the header is damaged");
  Palette palette{};
  if (h.palette() &&
      (h.bits > 8 || !TIFFGetField(tiff, TIFFTAG_COLORMAP, &palette[0], &palette[1], &palette[2])))
    return fail("TIFF: the palette is missing");

  std::vector<std::byte> chunk(static_cast<size_t>(chunk_bytes));
  std::vector<std::byte> band(sink.row_bytes() * std::min(height, h.height));
  const auto channels = static_cast<size_t>(h.channels());
  for (uint32_t y0 = 0; y0 < h.height; y0 += std::min(height, h.height - y0)) {
    const uint32_t rows = std::min(height, h.height - y0);
    for (uint32_t plane = 0; plane < (separate ? channels : 1); plane++) {
      for (uint32_t x0 = 0; x0 < h.width; x0 += std::min(width, h.width - x0)) {
        const auto index = static_cast<uint16_t>(plane);
        const tmsize_t got =
            tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x0, y0, 0, index), chunk.data(),
                                        chunk_bytes)
                  : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y0, index), chunk.data(),
                                         rows * row_bytes);
        if (got < static_cast<tmsize_t>(rows) * row_bytes)
          return fail("TIFF: the data is cut short or damaged ({})", source.text);
        const uint32_t pixels = std::min(width, h.width - x0);
        for (uint32_t r = 0; r < rows; r++)
          unpack(chunk.data() + static_cast<tmsize_t>(r) * row_bytes, h, pixels, plane, step,
                 palette, reinterpret_cast<T*>(band.data() + r * sink.row_bytes()) + x0 * channels);
      }
    }
    for (uint32_t r = 0; r < rows; r++) sink.put(y0 + r, band.data() + r * sink.row_bytes());
  }
  return {};
}

Status decode_foreign(TIFF* tiff, const Source& source, const Header& h, RowSink& sink) {
  std::vector<uint32_t> image(size_t{h.height} * h.width);
  if (!TIFFReadRGBAImageOriented(tiff, h.width, h.height, image.data(), h.orientation, 1))
    return fail("TIFF: the data is cut short, damaged or of an unsupported kind ({})", source.text);
  std::vector<std::byte> row(sink.row_bytes());
  for (uint32_t y = 0; y < h.height; y++) {
    for (size_t x = 0; x < h.width; x++) {
      const uint32_t pixel = image[size_t{y} * h.width + x];
      row[3 * x] = static_cast<std::byte>(TIFFGetR(pixel));
      row[3 * x + 1] = static_cast<std::byte>(TIFFGetG(pixel));
      row[3 * x + 2] = static_cast<std::byte>(TIFFGetB(pixel));
    }
    sink.put(y, row.data());
  }
  return {};
}

bool tiff_matches(Bytes b) {
  return has(b, 0, std::string_view("II*\0", 4)) || has(b, 0, std::string_view("MM\0*", 4)) ||
         has(b, 0, std::string_view("II+\0", 4)) || has(b, 0, std::string_view("MM\0+", 4));
}

Outcome<ImageInfo> tiff_probe(Bytes b) {
  Source source{b};
  const Handle tiff = open(source);
  VG_ASSIGN(const Header h, read_header(tiff.get(), source));
  return ImageInfo{h.height, h.width, h.channels(), h.wide() ? 16 : 8, h.orientation};
}

Status tiff_decode(Bytes b, const ImageInfo& info, const DecodeOptions&, RowSink& sink) {
  Source source{b};
  const Handle tiff = open(source);
  VG_ASSIGN(const Header h, read_header(tiff.get(), source));
  if (h.height != info.height || h.width != info.width || h.channels() != info.channels ||
      h.wide() != (info.bits == 16))
    return fail("TIFF: the image is not what its header says");
  if (h.foreign()) return decode_foreign(tiff.get(), source, h, sink);
  return h.wide() ? decode_chunks<uint16_t>(tiff.get(), source, h, sink)
                  : decode_chunks<uint8_t>(tiff.get(), source, h, sink);
}

}  // namespace

const Codec kTiffCodec{"TIFF", tiff_matches, tiff_probe, stored_form, tiff_decode, [] {
                         const std::string_view text = TIFFGetVersion();  // more lines follow
                         const size_t from = text.find_last_of(' ', text.find('\n')) + 1;
                         return CodecVersion{
                             "TIFF", "libtiff",
                             std::string(text.substr(from, text.find('\n') - from))};
                       }};

}  // namespace vg
