// Reading numbers out of encoded bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace vg {

using Bytes = std::span<const std::byte>;

inline uint32_t u8(Bytes b, size_t at) { return std::to_integer<uint32_t>(b[at]); }
inline uint32_t be16(Bytes b, size_t at) { return u8(b, at) << 8 | u8(b, at + 1); }
inline uint32_t be32(Bytes b, size_t at) { return be16(b, at) << 16 | be16(b, at + 2); }
inline uint32_t le16(Bytes b, size_t at) { return u8(b, at + 1) << 8 | u8(b, at); }
inline uint32_t le32(Bytes b, size_t at) { return le16(b, at + 2) << 16 | le16(b, at); }

/// True if `b` has `text` at `at`; false too where `b` ends before.
inline bool has(Bytes b, size_t at, std::string_view text) {
  return at <= b.size() && b.size() - at >= text.size() &&
         std::memcmp(b.data() + at, text.data(), text.size()) == 0;
}

}  // namespace vg
