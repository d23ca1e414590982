// Freeing entropy-coded data from stuffed zeros and restart markers, piece by piece.
#pragma once

#include "cuda/jpeg/layout.h"

namespace vg::cuda::jpeg {

/// Behind the data: a block that begins with their last bit may be read on for 64 symbols of 31
/// bits.
constexpr uint32_t kZeroWords = 64 * 31 / 32 + 8;

/// Sixteen bytes of the file. The scan begins within the first piece, at `lead(image)`.
struct Piece {
  uint32_t words[4];
  uint32_t keep;      ///< a bit per byte that belongs to the data
  uint32_t restarts;  ///< a bit per first byte of a restart marker
  uint32_t end;       ///< the first byte of the first other marker, or kPieceBytes

  VG_FN uint32_t byte(uint32_t i) const { return words[i >> 2] >> (8 * (i & 3)) & 255; }
};

/// Bytes before the scan in its first piece. Positions are counted from where that piece begins.
VG_FN uint32_t lead(const Image& image) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(image.scan) % kPieceBytes);
}
VG_FN uint32_t scan_end(const Image& image) { return lead(image) + image.scan_bytes; }

VG_FN uint32_t ones_below(uint32_t n) { return (1u << n) - 1; }

/// A bit for each byte of a word that is `value` under `mask`.
VG_FN uint32_t equal_bytes(uint32_t word, uint32_t mask, uint32_t value) {
  const uint32_t x = (word & mask * 0x01010101u) ^ value * 0x01010101u;
  const uint32_t zero = ~(((x & 0x7F7F7F7Fu) + 0x7F7F7F7Fu) | x) & 0x80808080u;
  return (zero >> 7) * 0x10204080u >> 28;
}

/// Reads the piece that begins at `at`, which is below `scan_end`. Whole words are read.
VG_FN Piece read_piece(const Image& image, uint32_t at) {
  const uint32_t begin = lead(image), end = scan_end(image);
  const std::byte* base = image.scan - begin;
  Piece piece;
  const auto* words = reinterpret_cast<const uint32_t*>(base + at);
#if defined(__CUDA_ARCH__)
  const uint4 all = *reinterpret_cast<const uint4*>(words);
  piece.words[0] = all.x, piece.words[1] = all.y, piece.words[2] = all.z, piece.words[3] = all.w;
#else
  for (int k = 0; k < 4; k++) piece.words[k] = words[k];
#endif
  uint32_t full = 0, zero = 0, restart = 0;  // 0xFF; what makes it data; what makes it a restart
  for (int k = 0; k < 4; k++) {
    full |= equal_bytes(piece.words[k], 0xFF, 0xFF) << (4 * k);
    zero |= equal_bytes(piece.words[k], 0xFF, 0) << (4 * k);
    restart |= equal_bytes(piece.words[k], 0xF8, 0xD0) << (4 * k);
  }
  // A pair may be cut in two by a piece's edge. The last 0xFF of all is half a pair: a marker.
  const uint32_t left = end - at;
  const uint32_t last = left < kPieceBytes ? left : kPieceBytes;
  const uint32_t known = ones_below(last) & ~ones_below(at < begin ? begin - at : 0);
  full &= known;
  uint32_t next_zero = (zero & known) >> 1, next_restart = (restart & known) >> 1;
  if (left > kPieceBytes && full >> (kPieceBytes - 1) != 0) {
    const auto after = static_cast<uint32_t>(base[at + kPieceBytes]);
    next_zero |= (after == 0 ? 1u : 0u) << (kPieceBytes - 1);
    next_restart |= ((after & 0xF8) == 0xD0 ? 1u : 0u) << (kPieceBytes - 1);
  }
  const uint32_t before = at > begin && base[at - 1] == std::byte{0xFF} ? 1 : 0;
  const uint32_t data = ~full | (full & next_zero), second = full << 1 | before;
  piece.keep = known & data & ~second;
  piece.restarts = full & next_restart & ~second;
  const uint32_t markers = full & ~next_zero & ~next_restart & ~second;
  piece.end = markers ? count_ones((markers & (0 - markers)) - 1) : kPieceBytes;
  return piece;
}

/// Forgets what stands at or behind `end`.
VG_FN void cut_piece(Piece& piece, uint32_t at, uint32_t end) {
  if (at + kPieceBytes <= end) return;
  const uint32_t left = end > at ? ones_below(end - at) : 0;
  piece.keep &= left;
  piece.restarts &= left;
}

/// Notes where segments begin; `kept` and `restarts` are what precedes the piece.
VG_FN void note_restarts(const Work& work, const Image& image, const Piece& piece, uint32_t at,
                         uint32_t kept, uint32_t restarts) {
  const std::byte* base = image.scan - lead(image);
  for (uint32_t rest = piece.restarts; rest != 0; rest &= rest - 1) {
    const uint32_t below = (rest & (0 - rest)) - 1;
    const auto marker = static_cast<uint32_t>(base[at + count_ones(below) + 1]);
    if (marker - 0xD0 != restarts % 8) report(work, image, kMarkers);
    if (++restarts < image.segments)
      work.at<uint32_t>(image.segment_starts)[restarts] = kept + count_ones(piece.keep & below);
  }
}

/// Once the sums over chunks are known: whether the scan ends as it must. Writes the extent, the
/// outer segment starts and the zeros that readers may look at behind the data.
VG_FN void arrange(const Work& work, const Image& image, uint32_t end, uint32_t kept,
                   uint32_t restarts) {
  const std::byte* base = image.scan - lead(image);
  const bool ends =
      end != kNoMarker && end + 1 < scan_end(image) && static_cast<uint32_t>(base[end + 1]) == 0xD9;
  const bool fine = ends && restarts == image.segments - 1 && kept > 0;
  if (!fine) report(work, image, kMarkers);
  *work.at<Extent>(image.extent) = {fine ? kept : 0, end};
  auto* starts = work.at<uint32_t>(image.segment_starts);
  starts[0] = 0;
  starts[image.segments] = kept;
  for (uint32_t i = kept; i % 4 != 0; i++) work.at<uint8_t>(image.bits)[i ^ 3] = 0;
  for (uint32_t i = 0; i < kZeroWords; i++) work.at<uint32_t>(image.bits)[(kept + 3) / 4 + i] = 0;
}

/// What the bits need in memory: the zeros behind them included.
VG_FN int64_t bits_size(uint32_t scan_bytes) {
  return (int64_t{scan_bytes} + 3) / 4 * 4 + int64_t{kZeroWords} * 4;
}

}  // namespace vg::cuda::jpeg
