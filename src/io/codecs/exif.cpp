// Finds the orientation in EXIF data.
#include "io/codecs/formats.h"

namespace vg {

int exif_orientation(Bytes tiff) {
  constexpr size_t kHeader = 8, kEntry = 12;
  constexpr uint32_t kOrientation = 0x112, kShort = 3;
  const bool little = has(tiff, 0, "II");
  if (tiff.size() < kHeader || (!little && !has(tiff, 0, "MM"))) return 1;
  const auto short_at = [&](size_t at) { return little ? le16(tiff, at) : be16(tiff, at); };
  const auto long_at = [&](size_t at) { return little ? le32(tiff, at) : be32(tiff, at); };
  if (short_at(2) != 42) return 1;
  size_t at = long_at(4);
  if (at > tiff.size() || tiff.size() - at < 2) return 1;
  const uint32_t entries = short_at(at);
  at += 2;
  for (uint32_t i = 0; i < entries && tiff.size() - at >= kEntry; i++, at += kEntry) {
    if (short_at(at) != kOrientation) continue;
    const uint32_t value = short_at(at + 2) == kShort ? short_at(at + 8) : long_at(at + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace vg
