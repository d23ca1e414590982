// Decoding windows of a scan for the state behind them.
//
// The state before a window is unknown but for the first. Decoded from a guess, a Huffman stream
// falls into step after some symbols; so all windows are decoded from a guess, and those whose
// state turns out to be another one, again, until nothing changes. Then every state is that of
// decoding from the first bit on.
#pragma once

#include "cuda/jpeg/bits.h"
#include "cuda/jpeg/huffman.h"

namespace vg::cuda::jpeg {

/// Where decoding stands: bits past the beginning of the window, phase in the pattern of tables,
/// and coefficients of the block that are done.
struct State {
  uint32_t over, phase, done;

  VG_FN uint16_t packed() const { return static_cast<uint16_t>(over | phase << 5 | done << 9); }
  VG_FN static State of(uint32_t packed) {
    return {packed & 31, packed >> 5 & 15, packed >> 9 & 63};
  }
};

/// The bits of an image.
struct Stream {
  const uint32_t* words;
  const uint32_t* starts;  ///< of segments, in bytes; one more than there are
  uint32_t bits, segments, pattern, period;

  VG_FN Stream(const Work& work, const Image& image)
      : words(work.at<uint32_t>(image.bits)),
        starts(work.at<uint32_t>(image.segment_starts)),
        bits(work.at<Extent>(image.extent)->bytes * 8),
        segments(image.segments),
        pattern(image.pattern),
        period(image.period) {}

  VG_FN uint32_t windows() const { return (bits + kWindowBits - 1) / kWindowBits; }
  VG_FN uint32_t windows_of_tile(uint32_t tile) const {
    const uint32_t first = tile * kTileWindows, all = windows();
    return first >= all ? 0 : all - first < kTileWindows ? all - first : kTileWindows;
  }
  /// Where a window ends.
  VG_FN uint32_t end_of(uint32_t window) const {
    const uint32_t end = (window + 1) * kWindowBits;
    return end < bits ? end : bits;
  }
  VG_FN uint32_t segment_end(uint32_t segment) const {
    return segments == 1 ? bits : starts[segment + 1] * 8;
  }
  /// The segment that holds a bit: the last one that does not begin behind it.
  VG_FN uint32_t segment_of(uint32_t bit) const {
    if (segments == 1) return 0;
    uint32_t low = 0, high = segments;
    while (high - low > 1) {
      const uint32_t middle = low + (high - low) / 2;
      if (starts[middle] * 8 <= bit)
        low = middle;
      else
        high = middle;
    }
    return low;
  }
  VG_FN uint32_t table(uint32_t phase, uint32_t done) const {
    return (pattern >> (2 * phase) & 3) * 2 + (done != 0);
  }
};

/// Decodes the symbols that begin in a window, and returns the packed state of the next one.
/// `blocks`: how many ended. A segment without data ends the window: its image has a fault, which
/// is found when coefficients are written.
VG_FN uint16_t decode_window(const Stream& s, const DecodingTables& tables, uint32_t window,
                             uint32_t packed, uint32_t& blocks) {
  State state = State::of(packed);
  const uint32_t begin = window * kWindowBits, end = s.end_of(window);
  uint32_t segment = s.segment_of(begin), segment_end = s.segment_end(segment), ended = 0;
  uint32_t phase = state.phase, done = state.done, pair = s.table(phase, 0);
  BitReader bits(s.words, begin + state.over);
  while (bits.position() < end) {
    const uint32_t limit = segment_end < end ? segment_end : end;
    while (bits.position() < limit) {
      const uint32_t ahead = bits.peek(), table = pair + (done != 0);
      const Run run{tables.multi[(table << kMultiBits) + (ahead >> (32 - kMultiBits))]};
      Symbol symbol = tables.symbol(table, ahead);
      // Only what begins in the window counts, and what begins in the block.
      if (done + run.before() < 64 && bits.position() + kMultiBits <= limit) {
        symbol.bits = run.bits();
        symbol.advance = run.advance();
      }
      bits.skip(symbol.bits);
      done += symbol.advance;
      if (done >= 64) {
        done = 0;
        phase = phase + 1 == s.period ? 0 : phase + 1;
        pair = s.table(phase, 0);
        ended++;
      }
    }
    if (bits.position() < segment_end || segment + 1 >= s.segments) continue;
    // The next segment, from its first bit: whatever was before.
    segment++;
    bits.jump(segment_end);
    phase = done = 0;
    pair = s.table(0, 0);
    const uint32_t next = s.segment_end(segment);
    if (next == segment_end) break;
    segment_end = next;
  }
  blocks = ended;
  const uint32_t over = bits.position() > end ? bits.position() - end : 0;
  return State{over, phase, done}.packed();
}

/// The state that a tile begins with as long as the one before it is unknown.
VG_FN uint32_t guess() { return 0; }

/// Goes on behind a tile whose end has changed: from the first window of the next one until a state
/// is met that is known already. True if the end of that tile has changed too.
VG_FN bool walk_tile(const Work& work, const Image& image, const Stream& s,
                     const DecodingTables& tables, uint32_t tile, uint32_t packed) {
  auto* states = work.at<uint16_t>(image.states);
  auto* counts = work.at<uint16_t>(image.counts);
  auto* ends = work.at<uint32_t>(image.tile_ends);
  const uint32_t first = tile * kTileWindows, count = s.windows_of_tile(tile);
  for (uint32_t w = first; w < first + count; w++) {
    if (states[w] == packed) return false;
    uint32_t blocks;
    states[w] = static_cast<uint16_t>(packed);
    packed = decode_window(s, tables, w, packed, blocks);
    counts[w] = static_cast<uint16_t>(blocks);
  }
  if (ends[tile] == packed) return false;
  ends[tile] = packed;
  return true;
}

}  // namespace vg::cuda::jpeg
