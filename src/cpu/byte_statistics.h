// What bytes are like, by their position in blocks of 96: the first pass of measured operators.
#pragma once

#include <cstdint>

namespace vg::cpu {

/// A multiple of the usual numbers of channels: position i of any block belongs to channel i % n.
constexpr int kStatisticsBlock = 96;

/// Smallest and largest byte of each position, over whole blocks; `low` and `high` begin with those
/// of earlier calls.
void block_extrema(const uint8_t* data, int64_t blocks, uint8_t* low, uint8_t* high);

/// Sums of each position over at most 257 whole blocks.
void block_sums(const uint8_t* data, int64_t blocks, uint16_t* sums);

/// count[i % tables * 256 + data[i]]++ for `n` bytes, fewer than 2^32. Several tables spare equal
/// neighbours the wait for each other's store.
void count_bytes(const uint8_t* data, int64_t n, int tables, uint32_t* count);

}  // namespace vg::cpu
