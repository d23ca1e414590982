// Freeing entropy-coded data from stuffed zeros and restart markers, piece by piece.
#pragma once

#include "cuda/jpeg/layout.h"

namespace vg::cuda::jpeg {

/// Behind the data: a block that begins with their last bit may be read on for 64 symbols of 31
/// bits.
constexpr uint32_t kZeroWords = 64 * 31 / 32 + 4;

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

VG_FN bool is_restart(uint32_t byte) { return byte - 0xD0 < 8; }

VG_FN uint32_t ones_below(uint32_t n) { return (1u << n) - 1; }

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
  // A marker may be cut in two by a piece's edge. What is behind the data counts as one.
  const bool inner = at + kPieceBytes < end;
  const uint32_t after = inner ? static_cast<uint32_t>(base[at + kPieceBytes]) : 0xFFu;
  uint32_t before = at > begin ? static_cast<uint32_t>(base[at - 1]) : 0u;
  piece.keep = piece.restarts = 0;
  piece.end = kPieceBytes;
  for (uint32_t i = 0; i < kPieceBytes; i++) {
    const uint32_t byte = piece.byte(i);
    const uint32_t next = i + 1 < kPieceBytes ? piece.byte(i + 1) : after;
    const bool known = at + i >= begin && at + i < end;
    const bool followed = at + i + 1 < end;  // else there is nothing to tell what 0xFF means
    if (known && before == 0xFF) {
      // The second byte of a pair: dropped, whatever it is.
    } else if (known && byte == 0xFF && !(followed && next == 0)) {
      if (followed && is_restart(next)) {
        piece.restarts |= 1u << i;
      } else if (piece.end == kPieceBytes) {
        piece.end = i;
      }
    } else if (known) {
      piece.keep |= 1u << i;
    }
    before = at + i >= begin ? byte : 0;
  }
  return piece;
}

/// Forgets what stands at or behind `end`.
VG_FN void cut_piece(Piece& piece, uint32_t at, uint32_t end) {
  if (at + kPieceBytes <= end) return;
  const uint32_t left = end > at ? ones_below(end - at) : 0;
  piece.keep &= left;
  piece.restarts &= left;
}

VG_FN uint32_t count_ones(uint32_t x) {
#if defined(__CUDA_ARCH__)
  return static_cast<uint32_t>(__popc(x));
#else
  return static_cast<uint32_t>(__builtin_popcount(x));
#endif
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
