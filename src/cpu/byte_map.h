// Bytes through tables of 256 entries: what point and measured operators of uint8 come down to.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace vg::cpu {

using ByteTable = std::array<uint8_t, 256>;

/// out[i] = tables[i % channels][in[i]] for `n` bytes, `channels` being the number of tables.
/// `out` may be `in`. Where a few instructions on bytes give what the table says, for all 256
/// entries, they are used in its place.
void map_bytes(std::span<const ByteTable> tables, const uint8_t* in, uint8_t* out, int64_t n);

/// A table that two pieces make: v < from ? piece(v) : next(v), where a piece is
/// max(min((v ^ flip) + add, 255) - sub, 0); then the bits of `mask` are kept.
struct ByteForm {
  struct Piece {
    uint8_t flip = 0, add = 0, sub = 0;
    constexpr uint8_t operator()(int v) const {
      const int sum = (v ^ flip) + add, cut = (sum < 255 ? sum : 255) - sub;
      return static_cast<uint8_t>(cut > 0 ? cut : 0);
    }
  };
  Piece piece, next;
  int from = 256;
  uint8_t mask = 255;
};

/// Whether `form` could be found that gives all of `table`.
bool find_form(const ByteTable& table, ByteForm& form);

}  // namespace vg::cpu
