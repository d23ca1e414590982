// What the phases of a batch of JPEG files know: trivially copyable descriptions that the host
// writes into one blob, and sizes that host and device agree on.
//
// A file's entropy-coded data are freed from stuffing and restart markers, and are then one run of
// bits, cut into windows of equal length. A thread decodes a window, from a guessed state at first.
// Segments are what lies between restart markers: at the first bit of each the state is known.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/lane.h"

namespace vg::cuda::jpeg {

constexpr uint32_t kWindowBits = 1024;
constexpr uint32_t kTileWindows = 1024;     ///< windows that one block of threads synchronises
constexpr uint32_t kWriteWindows = 256;     ///< windows whose coefficients one block writes
constexpr uint32_t kPieceBytes = 16;        ///< of the file, for a thread
constexpr uint32_t kChunkBytes = 8192;      ///< of the file, for a block of threads
constexpr uint32_t kDcMcus = 1024;          ///< MCUs whose DC differences one block adds up
constexpr uint32_t kTransformBlocks = 128;  ///< 8x8 blocks that one block of threads transforms
constexpr uint32_t kQuads = 512;            ///< of four pixels in two rows, that one block colours
constexpr uint32_t kMaxBlocksOfMcu = 10;
constexpr int kMaxTables = 6;   ///< three pairs of DC and AC
constexpr int kShortBits = 10;  ///< of codes that the first table decodes
constexpr int kLongBits = 16 - kShortBits;
constexpr int kMultiBits = 11;           ///< of the table that decodes several symbols at once
constexpr int kJoinRounds = 8;           ///< tiles that a wrong guess may run through
constexpr uint32_t kSharedLongs = 4096;  ///< entries that go into the memory of a block of threads
constexpr uint32_t kNoMarker = ~0u;

/// Why the device did not decode an image; several may be set. The host decodes these.
enum Fault : uint32_t {
  kMarkers = 1,         ///< others than those expected, or no end of the image
  kCodes = 2,           ///< no code of the table, or more than 64 coefficients
  kCounts = 4,          ///< a segment with more or less data than it needs
  kUnsynchronised = 8,  ///< windows that did not find their state within the bound
  kRange = 16,          ///< coefficients that no encoder makes of 8 bits
  kRefused = 32,        ///< too much memory, too little data, or grey of stored red, green and blue
};

enum class Stored : uint8_t { Gray, YCbCr, Rgb };
enum class Colors : uint8_t { Rgb, Bgr, Gray };

struct Component {
  uint8_t h, v;                                  ///< blocks in an MCU, across and down
  uint8_t across, down;                          ///< how many pixels a sample stands for
  bool smooth;                                   ///< interpolated, not repeated
  int32_t width, height;                         ///< samples of the whole image, without padding
  int32_t block_x, block_y, blocks_x, blocks_y;  ///< the blocks that the region needs
  int64_t coefficients;            ///< int16[64] per block, in rows of blocks, natural order
  int64_t plane;                   ///< uint8
  int64_t origin;                  ///< of the whole image's first sample, if the plane held it
  int32_t pitch;                   ///< of the plane: 8 * blocks_x
  int32_t right, bottom;           ///< the last samples there are
  alignas(16) uint16_t quant[64];  ///< natural order
};

/// A block of an MCU, in the order of the scan.
struct McuBlock {
  uint8_t component, x, y;
};

/// One image of a batch. Offsets are into the scratch memory of its part.
struct Image {
  const std::byte* scan;  ///< the entropy-coded data and what follows them
  uint32_t scan_bytes;
  uint32_t status;  ///< position of its status word
  uint32_t table_set;
  uint32_t pattern, period;  ///< pair of tables of a phase, 2 bits each; phases until they repeat
  uint32_t mcus_x, mcus_y, mcu_blocks, blocks;          ///< blocks of the whole image
  uint32_t restart_interval;                            ///< in MCUs; never 0
  uint32_t segments, chunks, windows, tiles, dc_tiles;  ///< windows: at most
  int32_t components;
  Stored stored;
  Colors colors;
  int32_t x, y, width, height;  ///< the region that is decoded
  std::byte* origin;            ///< where its first pixel goes
  int64_t row_step, pixel_step;
  /// A band of an image whose scan was decoded with the band above: only the coefficients of the
  /// blocks [band_begin, band_end) of the scan are decoded again.
  bool goes_on;
  uint32_t band_begin, band_end;
  int64_t bits;            ///< uint32 words, the first bit on top
  int64_t extent;          ///< Extent
  int64_t chunk_found;     ///< ChunkFound per chunk
  int64_t segment_starts;  ///< uint32 bytes, segments + 1
  int64_t states;          ///< uint16 per window: the state it begins with
  int64_t counts;          ///< uint16 per window: blocks that end in it
  int64_t numbers;         ///< uint32 per window: the block that it begins in
  int64_t tile_ends;       ///< uint32 per tile: the state behind it
  int64_t dc;              ///< int32 per block in the order of the scan: sums within a DC tile
  int64_t dc_tile_sums;    ///< int32 per DC tile and component; then what precedes the tile
  McuBlock mcu[kMaxBlocksOfMcu];
  Component component[3];
};

/// What the device has found out about a scan; nothing to decode if there is a fault.
struct Extent {
  uint32_t bytes;  ///< without stuffing and markers
  uint32_t end;    ///< place of the end marker
};

/// About a chunk of a scan; `kept` and `restarts` become sums over the chunks before.
struct ChunkFound {
  uint32_t kept, restarts, end;
};

/// A Huffman table with what its decoding needs. Codes of a length are numbers that follow each
/// other, and so are the prefixes of the codes that are too long for the first table.
struct HuffmanTable {
  uint16_t counts[17];
  uint16_t first_symbol[17];
  uint32_t first_code[17];
  uint8_t symbols[256];
  uint32_t long_prefix, long_prefixes, long_base;  ///< base: prefixes of the tables before
};

/// The tables of one or more images. In scratch memory: uint32 multi[tables << kMultiBits], uint16
/// shorts[tables << kShortBits], uint16 longs[].
struct TableSet {
  int32_t tables;
  uint32_t longs;  ///< entries of the last part
  int64_t place;
  HuffmanTable table[kMaxTables];

  VG_FN uint32_t multi_size() const { return static_cast<uint32_t>(tables) << kMultiBits; }
  VG_FN uint32_t shorts_size() const { return static_cast<uint32_t>(tables) << kShortBits; }
};

/// Which share of which image a block of threads takes; with kSet, which set of tables.
constexpr uint32_t kSet = ~0u;
struct Share {
  uint32_t image, index;
};

/// What every phase is given.
struct Work {
  const Image* images;
  const TableSet* sets;
  const uint8_t* natural_order;
  std::byte* scratch;
  uint32_t* status;

  template <class T>
  VG_FN T* at(int64_t offset) const {
    return reinterpret_cast<T*>(scratch + offset);
  }
};

VG_FN uint32_t count_ones(uint32_t x) {
#if defined(__CUDA_ARCH__)
  return static_cast<uint32_t>(__popc(x));
#else
  return static_cast<uint32_t>(__builtin_popcount(x));
#endif
}

/// Marks an image as one that the host decodes.
VG_FN void report(const Work& work, const Image& image, uint32_t fault) {
#if defined(__CUDA_ARCH__)
  atomicOr(work.status + image.status, fault);
#else
  work.status[image.status] |= fault;
#endif
}

}  // namespace vg::cuda::jpeg
