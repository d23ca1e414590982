// Tables that decode Huffman codes, and how they are made.
//
// An entry of the short table is a symbol: bits that it takes with its value, coefficients that it
// advances by, bits of its value. Longer codes are found in a second table. An entry of the multi
// table is a run of symbols, for those who only want to know where blocks end.
#pragma once

#include "cuda/jpeg/layout.h"

namespace vg::cuda::jpeg {

constexpr uint32_t kEndOfBlock = 63;  ///< an advance; of others, the largest is 16
constexpr uint32_t kIsLong = 0x8000;

struct Symbol {
  uint32_t bits, advance, size;

  VG_FN uint16_t packed() const { return static_cast<uint16_t>(bits | advance << 5 | size << 11); }
};

/// No code begins with these bits: one bit is passed over, and nothing else changes.
VG_FN Symbol no_symbol() { return {1, 0, 0}; }

/// The code that `bits` (16 of them) begin with, if it is of at most `longest` bits. Odd tables are
/// those of AC coefficients.
VG_FN bool find_symbol(const HuffmanTable& table, int kind, uint32_t bits, int longest,
                       Symbol& symbol) {
  for (int length = 1; length <= longest; length++) {
    const uint32_t rank = (bits >> (16 - length)) - table.first_code[length];
    if (rank >= table.counts[length]) continue;
    const uint32_t value = table.symbols[(table.first_symbol[length] + rank) & 255];
    const uint32_t size = value & 15, run = value >> 4;
    symbol.size = size;
    symbol.bits = static_cast<uint32_t>(length) + size;
    symbol.advance = kind % 2 == 0 ? 1 : size == 0 && run != 15 ? kEndOfBlock : run + 1;
    return true;
  }
  return false;
}

VG_FN uint16_t short_entry(const HuffmanTable& table, int kind, uint32_t prefix) {
  if (prefix - table.long_prefix < table.long_prefixes)
    return static_cast<uint16_t>(kIsLong | (table.long_base + prefix - table.long_prefix));
  Symbol symbol;
  if (!find_symbol(table, kind, prefix << kLongBits, kShortBits, symbol)) symbol = no_symbol();
  return symbol.packed();
}

/// `index`: of the long entries of this table.
VG_FN uint16_t long_entry(const HuffmanTable& table, int kind, uint32_t index) {
  Symbol symbol;
  if (!find_symbol(table, kind, (table.long_prefix << kLongBits) + index, 16, symbol))
    symbol = no_symbol();
  return symbol.packed();
}

/// What a multi entry says: bits in all, advance before the last symbol (64 if not one code is
/// complete), advance in all.
struct Run {
  uint32_t entry;

  VG_FN static Run none() { return {64 << 5}; }
  VG_FN static Run of(uint32_t bits, uint32_t before, uint32_t advance) {
    return {bits | before << 5 | advance << 12};
  }
  VG_FN uint32_t bits() const { return entry & 31; }
  VG_FN uint32_t before() const { return entry >> 5 & 127; }
  VG_FN uint32_t advance() const { return entry >> 12; }
};

VG_FN uint32_t multi_entry(const HuffmanTable* pair, int kind, uint32_t prefix) {
  Run run = Run::none();
  uint32_t bits = 0, advance = 0;
  while (bits < kMultiBits && advance < kEndOfBlock) {
    Symbol symbol;
    const uint32_t rest = prefix << (16 - kMultiBits) << bits & 0xFFFF;
    if (!find_symbol(pair[kind], kind, rest, kMultiBits - static_cast<int>(bits), symbol)) break;
    const uint32_t before = advance;
    bits += symbol.bits;
    advance += symbol.advance;
    run = Run::of(bits, before, advance);
    if (symbol.advance == kEndOfBlock) break;
    kind = 1;
  }
  return run.entry;
}

/// Where the tables of an image are. `multi` is null for those who need values.
struct DecodingTables {
  const uint32_t* multi;
  const uint16_t* shorts;
  const uint16_t* longs;

  /// `table`: twice the pair, and one more for AC. `ahead`: the next 32 bits.
  VG_FN Symbol symbol(uint32_t table, uint32_t ahead) const {
    uint32_t entry = shorts[(table << kShortBits) + (ahead >> (32 - kShortBits))];
    if (entry & kIsLong)
      entry = longs[((entry & ~kIsLong) << kLongBits) + (ahead >> 16 & ((1u << kLongBits) - 1))];
    return {entry & 31, entry >> 5 & 63, entry >> 11};
  }
};

/// The value whose last bits stand `symbol.bits` from the top of `ahead`.
VG_FN int32_t value_of(const Symbol& symbol, uint32_t ahead) {
  if (symbol.size == 0) return 0;
  const auto bits =
      static_cast<int32_t>(ahead << (symbol.bits - symbol.size) >> (32 - symbol.size));
  return bits < 1 << (symbol.size - 1) ? bits - (1 << symbol.size) + 1 : bits;
}

}  // namespace vg::cuda::jpeg
