// Kinds of files that the record does not have, written here pixel by pixel.
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <filesystem>

#include "golden.h"
#include "io/codecs/codec.h"

namespace vg {
namespace {

using Buffer = std::vector<uint8_t>;

/// Pixels in the element type T, or a failed test.
template <class T = uint8_t>
std::vector<T> pixels(std::span<const std::byte> encoded, DecodeOptions options = {}) {
  if (sizeof(T) == 2) options.dtype = DType::Uint16;
  const auto info = probe(encoded);
  EXPECT_TRUE(info.ok()) << info.failure().message;
  if (!info.ok()) return {};
  const auto desc = decoded_desc(*info, options);
  EXPECT_TRUE(desc.ok());
  std::vector<T> out(static_cast<size_t>(desc->shape.elements()));
  const auto status = decode(encoded, *info, options, reinterpret_cast<std::byte*>(out.data()));
  EXPECT_TRUE(status.ok()) << status.failure().message;
  return out;
}

template <class T = uint8_t>
std::vector<T> stored(const Buffer& encoded) {
  return pixels<T>(std::as_bytes(std::span(encoded)), {.color = ColorType::Any});
}

void append(Buffer& to, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; i++, value >>= 8) to.push_back(static_cast<uint8_t>(value));
}

struct Bmp {
  int32_t width, height;
  uint32_t depth, compression;
  Buffer between = {};  // masks and palette
  Buffer data = {};
  uint32_t header_size = 40;

  Buffer encoded() const {
    Buffer b{'B', 'M'};
    append(b, 0, 8);
    append(b, static_cast<uint32_t>(14 + 40 + between.size()), 4);
    append(b, header_size, 4);
    append(b, static_cast<uint32_t>(width), 4);
    append(b, static_cast<uint32_t>(height), 4);
    append(b, 1, 2);
    append(b, depth, 2);
    append(b, compression, 4);
    append(b, 0, 20);
    b.insert(b.end(), between.begin(), between.end());
    b.insert(b.end(), data.begin(), data.end());
    return b;
  }
};

const Buffer kTwoGrays{0, 0, 0, 0, 255, 255, 255, 0};
const Buffer kFourColors{0,  0,  0,  0, 30, 20, 10, 0,
                         60, 50, 40, 0, 90, 80, 70, 0};  // BGR and a zero

TEST(Bmp, OneBitFromTheBottomAndFromTheTop) {
  Bmp bmp{3, 2, 1, 0, kTwoGrays, {0b10100000, 0, 0, 0, 0b01000000, 0, 0, 0}};
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{0, 255, 0, 255, 0, 255}));
  bmp.height = -2;
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{255, 0, 255, 0, 255, 0}));
}

TEST(Bmp, FourBitPalette) {
  const Bmp bmp{3, 1, 4, 0, kFourColors, {0x13, 0x20, 0, 0}};
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{10, 20, 30, 70, 80, 90, 40, 50, 60}));
}

TEST(Bmp, SixteenBits) {
  Bmp bmp{2, 1, 16, 0, {}, {0xE0, 0x03, 0x1F, 0x7C}};
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{0, 255, 0, 255, 0, 255}));
  bmp.compression = 3;
  for (uint32_t mask : {0xF800u, 0x07E0u, 0x001Fu}) append(bmp.between, mask, 4);
  bmp.data = {0xE0, 0x07, 0x00, 0x80};  // green, and half of red
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{0, 255, 0, 16 * 255 / 31, 0, 0}));
}

TEST(Bmp, ThirtyTwoBitsWithAndWithoutAlpha) {
  Bmp bmp{1, 1, 32, 0, {}, {3, 2, 1, 99}};
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{1, 2, 3}));
  bmp.compression = 3;
  bmp.header_size = 56;
  for (uint32_t mask : {0xFF0000u, 0xFF00u, 0xFFu, 0xFF000000u}) append(bmp.between, mask, 4);
  EXPECT_EQ(stored(bmp.encoded()), (Buffer{1, 2, 3, 99}));
}

TEST(Bmp, RunLengths) {
  // Rows from the bottom: a run of three; two single pixels, a step right and the end.
  const Bmp eight{4, 2, 8, 1, kFourColors, {3, 1, 0, 0, 1, 2, 0, 2, 1, 0, 2, 3, 0, 1}};
  const Buffer got = stored(eight.encoded());
  EXPECT_EQ(got, (Buffer{40, 50, 60, 0,  0,  0,  70, 80, 90, 70, 80, 90,  //
                         10, 20, 30, 10, 20, 30, 10, 20, 30, 0,  0,  0}));
  const Bmp four{4, 1, 4, 2, kFourColors, {0, 3, 0x12, 0x30, 1, 0x20, 0, 1}};
  EXPECT_EQ(stored(four.encoded()), (Buffer{10, 20, 30, 40, 50, 60, 70, 80, 90, 40, 50, 60}));
}

Buffer text(std::string_view t) { return {t.begin(), t.end()}; }

TEST(Pnm, TextAndBinary) {
  EXPECT_EQ(stored(text("P1\n# comment\n3 2\n101\n0 1 0\n")), (Buffer{0, 255, 0, 255, 0, 255}));
  EXPECT_EQ(stored(text("P2 2 1 # 15 is white\n15 0 15")), (Buffer{0, 255}));
  EXPECT_EQ(stored<uint16_t>(text("P5 2 1 65535\n\x01\x02\xff\xff")),
            (std::vector<uint16_t>{0x102, 0xFFFF}));
  EXPECT_EQ(stored<uint16_t>(text("P2 3 1 1000 0 500 1000")),
            (std::vector<uint16_t>{0, 32768, 65535}));
  const Buffer too_wide = text("P5 2 1 70000\naaaa");
  EXPECT_FALSE(probe(std::as_bytes(std::span(too_wide))).ok());
}

uint32_t pattern(uint32_t y, uint32_t x, uint32_t c) {
  return (y * 7919 + x * 104729 + c * 37) & 0xFFFF;
}

/// The pattern as the decoder shall give it.
template <class T>
std::vector<T> expected(uint32_t h, uint32_t w, uint32_t channels) {
  std::vector<T> out;
  for (uint32_t y = 0; y < h; y++)
    for (uint32_t x = 0; x < w; x++)
      for (uint32_t c = 0; c < channels; c++) out.push_back(static_cast<T>(pattern(y, x, c)));
  return out;
}

struct TiffKind {
  uint32_t channels;
  bool tiled, separate;
  uint16_t compression, orientation;
};

template <class T>
std::vector<std::byte> tiff_file(uint32_t h, uint32_t w, const TiffKind& kind) {
  const auto path = std::filesystem::path(testing::TempDir()) / "vg_codecs_test.tiff";
  TIFF* t = TIFFOpen(path.c_str(), "w");
  TIFFSetField(t, TIFFTAG_IMAGELENGTH, h);
  TIFFSetField(t, TIFFTAG_IMAGEWIDTH, w);
  TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, kind.channels);
  TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 8 * sizeof(T));
  TIFFSetField(t, TIFFTAG_PLANARCONFIG,
               kind.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(t, TIFFTAG_PHOTOMETRIC,
               kind.channels < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(t, TIFFTAG_COMPRESSION, kind.compression);
  TIFFSetField(t, TIFFTAG_ORIENTATION, kind.orientation);
  constexpr uint32_t kTile = 16, kStrip = 5;
  if (kind.tiled) TIFFSetField(t, TIFFTAG_TILEWIDTH, kTile);
  TIFFSetField(t, kind.tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP,
               kind.tiled ? kTile : kStrip);
  const uint32_t ch = kind.tiled ? kTile : kStrip, cw = kind.tiled ? kTile : w;
  for (uint32_t plane = 0; plane < (kind.separate ? kind.channels : 1); plane++)
    for (uint32_t y0 = 0; y0 < h; y0 += ch)
      for (uint32_t x0 = 0; x0 < w; x0 += cw) {
        std::vector<T> chunk;
        for (uint32_t y = y0; y < (kind.tiled ? y0 + ch : std::min(h, y0 + ch)); y++)
          for (uint32_t x = x0; x < x0 + cw; x++)
            for (uint32_t c = 0; c < (kind.separate ? 1 : kind.channels); c++)
              chunk.push_back(static_cast<T>(pattern(y, x, plane + c)));
        const auto bytes = static_cast<tmsize_t>(chunk.size() * sizeof(T));
        const auto p = static_cast<uint16_t>(plane);
        if (kind.tiled)
          TIFFWriteEncodedTile(t, TIFFComputeTile(t, x0, y0, 0, p), chunk.data(), bytes);
        else
          TIFFWriteEncodedStrip(t, TIFFComputeStrip(t, y0, p), chunk.data(), bytes);
      }
  TIFFClose(t);
  auto file = golden::read_bytes(path);
  std::filesystem::remove(path);
  return file;
}

TEST(Tiff, StripsTilesAndPlanes) {
  for (uint32_t channels : {1u, 2u, 3u, 4u})
    for (bool tiled : {false, true})
      for (bool separate : {false, true})
        for (uint16_t compression : {COMPRESSION_NONE, COMPRESSION_LZW}) {
          SCOPED_TRACE(testing::Message() << channels << tiled << separate << compression);
          const TiffKind kind{channels, tiled, separate, compression, 1};
          const DecodeOptions any{.color = ColorType::Any};
          EXPECT_EQ(pixels(tiff_file<uint8_t>(29, 37, kind), any),
                    expected<uint8_t>(29, 37, channels));
          EXPECT_EQ(pixels<uint16_t>(tiff_file<uint16_t>(29, 37, kind), any),
                    expected<uint16_t>(29, 37, channels));
        }
}

TEST(Tiff, OrientationIsApplied) {
  const auto file = tiff_file<uint8_t>(3, 5, {1, false, false, COMPRESSION_NONE, 8});
  const Buffer plain = expected<uint8_t>(3, 5, 1), got = pixels(file, {.color = ColorType::Any});
  for (size_t y = 0; y < 3; y++)
    for (size_t x = 0; x < 5; x++) EXPECT_EQ(got[(4 - x) * 3 + y], plain[y * 5 + x]);
}

struct PngKind {
  int color_type, depth, interlace;
  bool transparent_color = false;
  double gamma = 0;
};

template <class T>
std::vector<std::byte> png_file(uint32_t h, uint32_t w, uint32_t channels, const PngKind& kind) {
  std::vector<std::byte> file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &file,
      [](png_structp p, png_bytep data, size_t size) {
        auto& to = *static_cast<std::vector<std::byte>*>(png_get_io_ptr(p));
        const auto* bytes = reinterpret_cast<const std::byte*>(data);
        to.insert(to.end(), bytes, bytes + size);
      },
      nullptr);
  png_set_IHDR(png, info, w, h, kind.depth, kind.color_type, kind.interlace, 0, 0);
  png_color_16 transparent{0, 1, 2, 3, 1};
  if (kind.transparent_color) png_set_tRNS(png, info, nullptr, 0, &transparent);
  if (kind.gamma > 0) png_set_gAMA(png, info, kind.gamma);
  png_write_info(png, info);
  if (sizeof(T) == 2) png_set_swap(png);
  auto values = expected<T>(h, w, channels);
  for (int pass = png_set_interlace_handling(png); pass > 0; pass--)
    for (uint32_t y = 0; y < h; y++)
      png_write_row(png, reinterpret_cast<png_bytep>(values.data() + size_t{y} * w * channels));
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return file;
}

TEST(Png, InterlacedTransparentOrWithGammaGiveTheStoredValues) {
  const DecodeOptions any{.color = ColorType::Any};
  for (int interlace : {PNG_INTERLACE_NONE, PNG_INTERLACE_ADAM7})
    for (bool transparent : {false, true})
      for (double gamma : {0.0, 0.45455, 1.0}) {
        SCOPED_TRACE(testing::Message() << interlace << transparent << gamma);
        const auto kind = [&](int type, int depth) {
          return PngKind{type, depth, interlace, transparent, gamma};
        };
        EXPECT_EQ(pixels(png_file<uint8_t>(13, 11, 3, kind(PNG_COLOR_TYPE_RGB, 8)), any),
                  expected<uint8_t>(13, 11, 3));
        EXPECT_EQ(pixels(png_file<uint8_t>(13, 11, 1, kind(PNG_COLOR_TYPE_GRAY, 8)), any),
                  expected<uint8_t>(13, 11, 1));
        EXPECT_EQ(
            pixels<uint16_t>(png_file<uint16_t>(13, 11, 3, kind(PNG_COLOR_TYPE_RGB, 16)), any),
            expected<uint16_t>(13, 11, 3));
      }
}

}  // namespace
}  // namespace vg
