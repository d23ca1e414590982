// The parser of markers. Every length is checked, and in doubt the file is the host's.
#include "cuda/jpeg/header.h"

#include <algorithm>
#include <cstring>

namespace vg::cuda::jpeg {

const std::array<uint8_t, 64> kNaturalOrder = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

namespace {

constexpr int kMaxSide = 65500;      // libjpeg's
constexpr int kMaxBlocksOfMcu = 10;  // the standard's

/// What the markers before the scan have said so far. Tables that were not there are empty.
struct Tables {
  std::array<Bytes, 4> quant, dc, ac;
  std::array<uint32_t, 3> id{}, quant_of{};
  bool frame = false, jfif = false, adobe = false;
  uint32_t adobe_transform = 0;
};

Status read_quant(Bytes body, Tables& t) {
  while (!body.empty()) {
    const uint32_t precision = u8(body, 0) >> 4, index = u8(body, 0) & 15;
    const size_t size = 1 + 64 * (size_t{precision} + 1);
    if (precision > 1 || index > 3 || body.size() < size)
      return fail("a damaged quantisation table");
    t.quant[index] = body.subspan(1, size - 1);
    body = body.subspan(size);
  }
  return {};
}

Status read_codes(Bytes body, Tables& t) {
  while (!body.empty()) {
    const uint32_t kind = u8(body, 0) >> 4, index = u8(body, 0) & 15;
    if (kind > 1 || index > 3 || body.size() < 17) return fail("a damaged Huffman table");
    size_t count = 0;
    for (size_t k = 1; k <= 16; k++) count += u8(body, k);
    if (count > 256 || body.size() < 17 + count) return fail("a damaged Huffman table");
    (kind ? t.ac : t.dc)[index] = body.subspan(1, 16 + count);
    body = body.subspan(17 + count);
  }
  return {};
}

Status read_frame(Bytes body, Tables& t, Header& header) {
  if (t.frame || body.size() < 6) return fail("a damaged frame header");
  if (u8(body, 0) != 8) return fail("{} bits", u8(body, 0));
  header.height = static_cast<int32_t>(be16(body, 1));
  header.width = static_cast<int32_t>(be16(body, 3));
  header.components = static_cast<int>(u8(body, 5));
  if (header.height < 1 || header.width < 1 || std::max(header.height, header.width) > kMaxSide)
    return fail("an image of {} x {} pixels", header.height, header.width);
  if (header.components != 1 && header.components != 3)
    return fail("{} components", header.components);
  const auto count = static_cast<size_t>(header.components);
  if (body.size() != 6 + 3 * count) return fail("a damaged frame header");
  for (size_t i = 0; i < count; i++) {
    auto& c = header.component[i];
    const uint32_t factors = u8(body, 7 + 3 * i);
    t.id[i] = u8(body, 6 + 3 * i);
    c.h = static_cast<uint8_t>(factors >> 4);
    c.v = static_cast<uint8_t>(factors & 15);
    t.quant_of[i] = u8(body, 8 + 3 * i);
    if (c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || t.quant_of[i] > 3)
      return fail("a damaged frame header");
    for (size_t k = 0; k < i; k++)
      if (t.id[k] == t.id[i]) return fail("components of one name");
  }
  t.frame = true;
  return {};
}

/// What libjpeg demands of a table before it uses it: codes that fit and are not all ones, and
/// lengths of DC differences below 16.
bool usable(Bytes codes, bool dc) {
  uint32_t code = 0;
  for (uint32_t length = 1; length <= 16; length++) {
    const uint32_t here = u8(codes, length - 1);
    code += here;
    if (here && code >= 1u << length) return false;
    if (code > 1u << length) return false;
    code <<= 1;
  }
  return !dc || std::all_of(codes.begin() + 16, codes.end(),
                            [](std::byte s) { return s <= std::byte{15}; });
}

/// A table that was usable the last time.
struct UsedTable {
  std::array<std::byte, 16 + 256> bytes;
  size_t size = 0;

  bool is(Bytes codes) const {
    return codes.size() == size && std::memcmp(codes.data(), bytes.data(), size) == 0;
  }
  void keep(Bytes codes) {
    std::memcpy(bytes.data(), codes.data(), codes.size());
    size = codes.size();
  }
};

/// As `usable`, by comparing with what this thread has found usable for that component before.
bool is_usable(Bytes codes, bool dc, size_t component) {
  static thread_local std::array<UsedTable, 6> used;
  UsedTable& last = used[2 * component + dc];
  if (last.is(codes)) return true;
  if (!usable(codes, dc)) return false;
  last.keep(codes);
  return true;
}

Status read_scan(Bytes body, Tables& t, Header& header) {
  if (!t.frame) return fail("a scan without a frame");
  const auto count = static_cast<size_t>(header.components);
  if (body.size() < 1 || u8(body, 0) != count || body.size() != 4 + 2 * count)
    return fail("several scans, or a damaged scan header");
  for (size_t i = 0; i < count; i++) {
    auto& c = header.component[i];
    const uint32_t dc = u8(body, 2 + 2 * i) >> 4, ac = u8(body, 2 + 2 * i) & 15;
    if (u8(body, 1 + 2 * i) != t.id[i]) return fail("components in another order");
    if (dc > 3 || ac > 3 || t.dc[dc].empty() || t.ac[ac].empty())
      return fail("a Huffman table that is not in the file");
    c.dc = t.dc[dc];
    c.ac = t.ac[ac];
    if (!is_usable(c.dc, true, i) || !is_usable(c.ac, false, i))
      return fail("a damaged Huffman table");
    c.quant = t.quant[t.quant_of[i]];
    if (c.quant.empty()) return fail("a quantisation table that is not in the file");
  }
  const size_t last = 1 + 2 * count;
  if (u8(body, last) != 0 || u8(body, last + 1) != 63 || u8(body, last + 2) != 0)
    return fail("a scan of part of the coefficients");
  return {};
}

/// The colours as libjpeg decides on them, and sampling factors that the device knows.
Status finish(const Tables& t, Header& header) {
  if (header.components == 1) {
    header.component[0].h = header.component[0].v = 1;  // whatever the file says
    return {};
  }
  if (!t.jfif && t.adobe) {
    if (t.adobe_transform > 1) return fail("unknown colours");
    header.stored_as_rgb = t.adobe_transform == 0;
  } else if (!t.jfif) {
    header.stored_as_rgb = t.id[0] == 'R' && t.id[1] == 'G' && t.id[2] == 'B';
  }
  int h = 1, v = 1, blocks = 0;
  for (const auto& c : header.component) {
    h = std::max<int>(h, c.h);
    v = std::max<int>(v, c.v);
    blocks += c.h * c.v;
  }
  if (blocks > kMaxBlocksOfMcu) return fail("{} blocks in an MCU", blocks);
  for (const auto& c : header.component)
    if (h % c.h != 0 || v % c.v != 0) return fail("a fractional sampling ratio");
  return {};
}

void read_application(uint32_t marker, Bytes body, Tables& t) {
  if (marker == 0xE0 && body.size() >= 14 && has(body, 0, std::string_view("JFIF\0", 5)))
    t.jfif = true;
  if (marker == 0xEE && body.size() >= 12 && has(body, 0, "Adobe")) {
    t.adobe = true;
    t.adobe_transform = u8(body, 11);
  }
}

}  // namespace

Outcome<Header> read_header(Bytes file) {
  if (!has(file, 0, "\xff\xd8")) return fail("no JPEG file");
  Header header;
  Tables tables;
  size_t at = 2;
  for (;;) {
    if (at + 1 < file.size() && u8(file, at) == 0xFF && u8(file, at + 1) == 0xFF) {
      at++;  // a fill byte
      continue;
    }
    if (at + 4 > file.size()) return fail("the header is cut short");
    if (u8(file, at) != 0xFF) return fail("bytes between markers");
    const uint32_t marker = u8(file, at + 1);
    const size_t length = be16(file, at + 2);
    if (length < 2 || length > file.size() - at - 2) return fail("a marker of a false length");
    const Bytes body = file.subspan(at + 4, length - 2);
    at += 2 + length;
    if (marker == 0xDB) {
      VG_TRY(read_quant(body, tables));
    } else if (marker == 0xC4) {
      VG_TRY(read_codes(body, tables));
    } else if (marker == 0xC0 || marker == 0xC1) {
      VG_TRY(read_frame(body, tables, header));
    } else if (marker == 0xDD) {
      if (body.size() != 2) return fail("a damaged restart interval");
      header.restart_interval = be16(body, 0);
    } else if (marker == 0xDA) {
      VG_TRY(read_scan(body, tables, header));
      VG_TRY(finish(tables, header));
      header.scan_begin = at;
      return header;
    } else if (marker == 0xFE || (marker >= 0xE0 && marker <= 0xEF)) {
      read_application(marker, body, tables);
    } else {
      return fail("a frame or a marker of kind {:02x}", marker);
    }
  }
}

}  // namespace vg::cuda::jpeg
