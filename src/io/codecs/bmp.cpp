// BMP: 1 to 32 bits, run-length coded or not, from the top or from the bottom.
#include <algorithm>
#include <array>
#include <bit>

#include "io/codecs/formats.h"

namespace vg {
namespace {

enum Compression : uint32_t { kRgb = 0, kRle8 = 1, kRle4 = 2, kBitfields = 3, kAlphaBitfields = 6 };

struct Header {
  int64_t height = 0, width = 0;
  bool top_down = false;
  uint32_t depth = 0;
  uint32_t compression = kRgb;
  size_t pixels_at = 0;
  std::array<uint32_t, 4> masks{};                    // red, green, blue, alpha
  std::array<std::array<uint8_t, 3>, 256> palette{};  // RGB
  bool gray_palette = true;

  bool indexed() const { return depth <= 8; }
  int channels() const { return indexed() ? (gray_palette ? 1 : 3) : masks[3] ? 4 : 3; }
  size_t stride() const { return (static_cast<size_t>(width) * depth + 31) / 32 * 4; }
};

void read_masks(Bytes b, size_t header_size, Header& h) {
  if (h.depth == 16) h.masks = {0x7C00, 0x03E0, 0x001F, 0};
  if (h.depth == 32) h.masks = {0xFF0000, 0x00FF00, 0x0000FF, 0};
  if (h.compression != kBitfields && h.compression != kAlphaBitfields) return;
  const bool alpha = header_size >= 56 || h.compression == kAlphaBitfields;
  for (size_t i = 0; i < (alpha ? 4u : 3u); i++)
    if (58 + 4 * i <= b.size()) h.masks[i] = le32(b, 54 + 4 * i);
}

void read_palette(Bytes b, size_t at, size_t entry_size, size_t entries, Header& h) {
  for (size_t i = 0; i < entries && at + entry_size <= b.size(); i++, at += entry_size) {
    const std::array<uint8_t, 3> rgb{static_cast<uint8_t>(u8(b, at + 2)),
                                     static_cast<uint8_t>(u8(b, at + 1)),
                                     static_cast<uint8_t>(u8(b, at))};
    h.palette[i] = rgb;
    h.gray_palette &= rgb[0] == rgb[1] && rgb[1] == rgb[2];
  }
}

Outcome<Header> parse(Bytes b) {
  constexpr size_t kFileHeader = 14, kCoreHeader = 12, kInfoHeader = 40;
  if (b.size() < kFileHeader + kCoreHeader) return fail("the BMP header is cut short");
  const size_t size = le32(b, 14);
  const bool core = size == kCoreHeader;
  if (!core && size < kInfoHeader) return fail("the BMP header is damaged (size {})", size);
  if (!core && b.size() < kFileHeader + kInfoHeader) return fail("the BMP header is cut short");
  Header h;
  h.pixels_at = le32(b, 10);
  h.width = core ? int64_t{le16(b, 18)} : int64_t{static_cast<int32_t>(le32(b, 18))};
  h.height = core ? int64_t{le16(b, 20)} : int64_t{static_cast<int32_t>(le32(b, 22))};
  h.top_down = h.height < 0;
  if (h.top_down) h.height = -h.height;
  h.depth = le16(b, core ? 24 : 28);
  if (!core) h.compression = le32(b, 30);
  constexpr std::array<uint32_t, 7> kDepths{1, 2, 4, 8, 16, 24, 32};
  if (std::find(kDepths.begin(), kDepths.end(), h.depth) == kDepths.end())
    return fail("BMP images of {} bits a pixel are not supported", h.depth);
  const bool fits = h.compression == kRgb || (h.compression == kRle8 && h.depth == 8) ||
                    (h.compression == kRle4 && h.depth == 4) ||
                    ((h.compression == kBitfields || h.compression == kAlphaBitfields) &&
                     (h.depth == 16 || h.depth == 32));
  if (!fits)
    return fail("BMP compression {} of {} bits a pixel is not supported", h.compression, h.depth);
  if (h.indexed()) {
    const size_t used = core ? 0 : le32(b, 46), most = size_t{1} << h.depth;
    read_palette(b, kFileHeader + size, core ? 3 : 4, used ? std::min(used, most) : most, h);
  } else {
    read_masks(b, size, h);
  }
  return h;
}

/// The indices of a run-length coded image, a byte each, in the file's order of rows.
Outcome<std::vector<uint8_t>> unpack_runs(Bytes b, const Header& h) {
  std::vector<uint8_t> indices(static_cast<size_t>(h.height * h.width));
  const bool half = h.compression == kRle4;
  size_t at = h.pixels_at;
  int64_t x = 0, y = 0;
  const auto set = [&](uint32_t value) {
    if (x < h.width && y < h.height)
      indices[static_cast<size_t>(y * h.width + x)] = static_cast<uint8_t>(value);
    x++;
  };
  const auto index = [&](uint32_t byte, uint32_t i) {
    return !half ? byte : i % 2 ? byte & 15 : byte >> 4;
  };
  while (at + 2 <= b.size()) {
    const uint32_t count = u8(b, at), value = u8(b, at + 1);
    at += 2;
    if (count > 0) {
      for (uint32_t i = 0; i < count; i++) set(index(value, i));
    } else if (value == 0) {  // end of the row
      x = 0;
      y++;
    } else if (value == 1) {
      return indices;
    } else if (value == 2) {  // a step to the right and down
      if (at + 2 > b.size()) break;
      x += u8(b, at);
      y += u8(b, at + 1);
      at += 2;
    } else {  // pixels as they are, up to an even number of bytes
      const size_t bytes = half ? (value + 1) / 2 : value;
      if (bytes > b.size() - at) break;
      for (uint32_t i = 0; i < value; i++) set(index(u8(b, at + (half ? i / 2 : i)), i));
      at += bytes + bytes % 2;
    }
  }
  return fail("BMP: the data is cut short");
}

uint8_t field(uint32_t pixel, uint32_t mask) {
  if (mask == 0) return 0;
  const int shift = std::countr_zero(mask);
  const uint64_t most = mask >> shift;
  return static_cast<uint8_t>(uint64_t{(pixel & mask) >> shift} * 255 / most);
}

void put_index(const Header& h, uint32_t index, uint8_t*& to) {
  const auto& rgb = h.palette[index];
  for (int k = 0; k < h.channels(); k++) *to++ = rgb[static_cast<size_t>(k)];
}

void unpack_row(Bytes row, const Header& h, uint8_t* to) {
  for (size_t x = 0; x < static_cast<size_t>(h.width); x++) {
    if (h.depth == 24) {
      for (size_t k = 0; k < 3; k++) *to++ = static_cast<uint8_t>(u8(row, 3 * x + 2 - k));
    } else if (h.indexed()) {
      const size_t bit = x * h.depth;
      const uint32_t byte = u8(row, bit / 8);
      put_index(h, byte >> (8 - h.depth - bit % 8) & ((1u << h.depth) - 1), to);
    } else {
      const uint32_t pixel = h.depth == 16 ? le16(row, 2 * x) : le32(row, 4 * x);
      for (int k = 0; k < h.channels(); k++) *to++ = field(pixel, h.masks[static_cast<size_t>(k)]);
    }
  }
}

bool bmp_matches(Bytes b) { return has(b, 0, "BM"); }

Outcome<ImageInfo> bmp_probe(Bytes b) {
  VG_ASSIGN(const Header h, parse(b));
  return ImageInfo{h.height, h.width, h.channels()};
}

Status bmp_decode(Bytes b, const ImageInfo& info, const DecodeOptions&, RowSink& sink) {
  VG_ASSIGN(const Header h, parse(b));
  if (h.height != info.height || h.width != info.width || h.channels() != info.channels)
    return fail("BMP: the image is not what its header says");
  std::vector<uint8_t> indices;
  if (h.compression == kRle8 || h.compression == kRle4) {
    VG_ASSIGN(indices, unpack_runs(b, h));
  } else {
    // The padding behind the last row may be missing.
    const size_t last = (static_cast<size_t>(h.width) * h.depth + 7) / 8;
    const size_t need = static_cast<size_t>(h.height - 1) * h.stride() + last;
    if (h.pixels_at > b.size() || b.size() - h.pixels_at < need)
      return fail("BMP: the data is cut short");
  }
  for (int64_t y = sink.top(); y < sink.bottom(); y++) {
    const auto stored = static_cast<size_t>(h.top_down ? y : h.height - 1 - y);
    std::byte* row = sink.row(y);
    auto* to = reinterpret_cast<uint8_t*>(row);
    if (indices.empty()) {
      unpack_row(b.subspan(h.pixels_at + stored * h.stride()), h, to);
    } else {
      const auto width = static_cast<size_t>(h.width);
      for (size_t x = 0; x < width; x++) put_index(h, indices[stored * width + x], to);
    }
    sink.put(y, row);
  }
  return {};
}

}  // namespace

const Codec kBmpCodec{"BMP",      bmp_matches,
                      bmp_probe,  stored_form,
                      bmp_decode, [] { return CodecVersion{"BMP", "built in", VG_VERSION}; }};

}  // namespace vg
