// Plays the device's decoder of JPEG files on the host: its phases, one after the other, with loops
// in place of threads.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "cuda/jpeg/batch.h"
#include "cuda/jpeg/blocks.h"
#include "cuda/jpeg/pixels.h"
#include "cuda/jpeg/unstuff.h"

namespace vg::cuda::jpeg {

/// Bytes that begin at a chosen place behind a 256-byte boundary, in memory that ends soon after
/// them: a sanitizer sees what reads beyond the whole words around them.
class PlacedBytes {
 public:
  PlacedBytes(std::span<const std::byte> bytes, size_t offset)
      : size_((offset + bytes.size() + 15) / 16 * 16),
        memory_(static_cast<std::byte*>(::operator new (size_ + 1, std::align_val_t{256}))),
        begin_(memory_ + offset) {
    std::memset(memory_, 0xA5, size_);
    if (!bytes.empty()) std::memcpy(begin_, bytes.data(), bytes.size());
  }
  ~PlacedBytes() { ::operator delete (memory_, std::align_val_t{256}); }
  PlacedBytes(const PlacedBytes&) = delete;
  PlacedBytes& operator=(const PlacedBytes&) = delete;
  std::byte* begin() const { return begin_; }

 private:
  size_t size_;
  std::byte *memory_, *begin_;
};

class Player {
 public:
  /// The device's memory begins with rubbish.
  explicit Player(const Batch& batch)
      : batch_(batch),
        blob_(std::vector<std::byte>(static_cast<size_t>(batch.blob_bytes()), kRubbish), 0),
        scratch_(std::vector<std::byte>(static_cast<size_t>(batch.scratch_bytes()), kRubbish), 0),
        status_(static_cast<size_t>(batch.images())) {
    batch.write(blob_.begin());
    std::memcpy(status_.data(), blob_.begin() + batch.first_status(), status_.size() * 4);
  }

  /// Decodes all parts. `watch(work, image)` is called for each image before its pixels are made.
  template <class Watch>
  const std::vector<uint32_t>& play(Watch&& watch) {
    for (const Part& part : batch_.parts()) {
      work_ = work_of(batch_, part, {blob_.begin(), scratch_.begin(), status_.data()});
      for (int phase = 0; phase < kPhases; phase++) {
        const auto* shares = reinterpret_cast<const Share*>(blob_.begin() + part.shares[phase]);
        if (phase == kColour)
          for (uint32_t k = 0; k < part.counts[kArrange]; k++) watch(work_, work_.images[k]);
        for (uint32_t k = 0; k < part.counts[phase]; k++)
          run(static_cast<Phase>(phase), shares[k].image, shares[k].index);
      }
    }
    return status_;
  }
  const std::vector<uint32_t>& play() {
    return play([](const Work&, const Image&) {});
  }
  int most_rounds() const { return most_rounds_; }

 private:
  static constexpr std::byte kRubbish{0xA5};

  void run(Phase phase, uint32_t image, uint32_t index) {
    if (index == kSet) return make_tables(work_.sets[image]);
    const Image& im = work_.images[image];
    switch (phase) {
      case kPrepare:
        return count_bytes(im, index);
      case kArrange:
        return arrange_chunks(im);
      case kUnstuff:
        return unstuff(im, index);
      case kSynchronise:
        return synchronise(im, index);
      case kJoin:
        return join(im);
      case kWriteBlocks:
        return write_blocks(im, index);
      case kSumDc:
        return sum_differences(im, index);
      case kCarryDc:
        for (uint32_t c = 0; c < 3; c++) carry_dc(work_, im, c);
        return;
      case kTransform:
        return transform(im, index);
      default:
        return colour_quads(im, index);
    }
  }

  DecodingTables tables_of(const Image& im) const {
    const TableSet& set = work_.sets[im.table_set];
    const auto* multi = work_.at<uint32_t>(set.place);
    const auto* shorts = reinterpret_cast<const uint16_t*>(multi + set.multi_size());
    return {multi, shorts, shorts + set.shorts_size()};
  }

  void make_tables(const TableSet& set) {
    auto* multi = work_.at<uint32_t>(set.place);
    auto* shorts = reinterpret_cast<uint16_t*>(multi + set.multi_size());
    uint16_t* longs = shorts + set.shorts_size();
    for (int t = 0; t < set.tables; t++) {
      const HuffmanTable& table = set.table[t];
      for (uint32_t k = 0; k < 1u << kMultiBits; k++)
        *multi++ = multi_entry(set.table + t / 2 * 2, t % 2, k);
      for (uint32_t k = 0; k < 1u << kShortBits; k++) *shorts++ = short_entry(table, t % 2, k);
      for (uint32_t k = 0; k < table.long_prefixes << kLongBits; k++)
        *longs++ = long_entry(table, t % 2, k);
    }
  }

  template <class F>
  void each_piece(const Image& im, uint32_t chunk, F&& f) {
    const uint32_t begin = chunk * kChunkBytes, end = std::min(begin + kChunkBytes, scan_end(im));
    for (uint32_t at = begin; at < end; at += kPieceBytes) f(read_piece(im, at), at);
  }

  void count_bytes(const Image& im, uint32_t chunk) {
    ChunkFound found{0, 0, kNoMarker};
    each_piece(im, chunk, [&](const Piece& piece, uint32_t at) {
      if (piece.end < kPieceBytes) found.end = std::min(found.end, at + piece.end);
    });
    each_piece(im, chunk, [&](Piece piece, uint32_t at) {
      cut_piece(piece, at, found.end);
      found.kept += count_ones(piece.keep);
      found.restarts += count_ones(piece.restarts);
    });
    work_.at<ChunkFound>(im.chunk_found)[chunk] = found;
  }

  void arrange_chunks(const Image& im) {
    auto* chunks = work_.at<ChunkFound>(im.chunk_found);
    uint32_t end = kNoMarker, kept = 0, restarts = 0;
    for (uint32_t k = 0; k < im.chunks; k++) end = std::min(end, chunks[k].end);
    for (uint32_t k = 0; k < im.chunks; k++) {
      const ChunkFound here = chunks[k];
      chunks[k].kept = kept;
      chunks[k].restarts = restarts;
      if (k * kChunkBytes > end) continue;
      kept += here.kept;
      restarts += here.restarts;
    }
    arrange(work_, im, end, kept, restarts);
  }

  void unstuff(const Image& im, uint32_t chunk) {
    const Extent extent = *work_.at<Extent>(im.extent);
    if (extent.bytes == 0) return;
    const ChunkFound before = work_.at<ChunkFound>(im.chunk_found)[chunk];
    uint32_t kept = before.kept, restarts = before.restarts;
    auto* out = work_.at<uint8_t>(im.bits);
    each_piece(im, chunk, [&](Piece piece, uint32_t at) {
      cut_piece(piece, at, extent.end);
      note_restarts(work_, im, piece, at, kept, restarts);
      restarts += count_ones(piece.restarts);
      for (uint32_t i = 0; i < kPieceBytes; i++)
        if (piece.keep >> i & 1) out[kept++ ^ 3] = static_cast<uint8_t>(piece.byte(i));
    });
  }

  /// In rounds, as on the device, where all windows of a round are decoded at once.
  void synchronise(const Image& im, uint32_t tile) {
    const Stream stream(work_, im);
    const DecodingTables tables = tables_of(im);
    const uint32_t first = tile * kTileWindows, count = stream.windows_of_tile(tile);
    if (count == 0) return;
    std::vector<uint16_t> in(count, 0), out(count), blocks(count);
    std::vector<uint32_t> list(count);
    for (uint32_t i = 0; i < count; i++) list[i] = i;
    in[0] = static_cast<uint16_t>(guess());
    int rounds = 0;
    while (!list.empty()) {
      for (uint32_t i : list) {
        uint32_t ended;
        out[i] = decode_window(stream, tables, first + i, in[i], ended);
        blocks[i] = static_cast<uint16_t>(ended);
      }
      list.clear();
      for (uint32_t i = 1; i < count; i++)
        if (out[i - 1] != in[i]) list.push_back(i);
      for (uint32_t i : list) in[i] = out[i - 1];
      rounds++;
    }
    most_rounds_ = std::max(most_rounds_, rounds);
    uint32_t number = 0;
    for (uint32_t i = 0; i < count; i++) {
      work_.at<uint16_t>(im.states)[first + i] = in[i];
      work_.at<uint16_t>(im.counts)[first + i] = blocks[i];
      work_.at<uint32_t>(im.numbers)[first + i] = number;
      number += blocks[i];
    }
    work_.at<uint32_t>(im.tile_ends)[tile] = out[count - 1];
  }

  void join(const Image& im) {
    const Stream stream(work_, im);
    const DecodingTables tables = tables_of(im);
    auto* ends = work_.at<uint32_t>(im.tile_ends);
    bool changed = true;
    for (int round = 0; changed && round < kJoinRounds; round++) {
      changed = false;
      const std::vector<uint32_t> before(ends, ends + im.tiles);
      for (uint32_t tile = 1; tile < im.tiles && stream.windows_of_tile(tile) > 0; tile++)
        changed |= walk_tile(work_, im, stream, tables, tile, before[tile - 1]);
    }
    if (changed) report(work_, im, kUnsynchronised);
    uint32_t number = 0;
    for (uint32_t w = 0; w < stream.windows(); w++) {
      work_.at<uint32_t>(im.numbers)[w] = number;
      number += work_.at<uint16_t>(im.counts)[w];
    }
  }

  void write_blocks(const Image& im, uint32_t group) {
    const Stream stream(work_, im);
    const DecodingTables tables = tables_of(im);
    const uint32_t begin = group * kWriteWindows;
    const uint32_t end = std::min(begin + kWriteWindows, stream.windows());
    for (uint32_t w = begin; w < end; w++) {
      if (!concern_band(work_, im, w, w)) continue;
      BlockWalk walk(work_, im, stream, tables, w);
      while (walk.find()) {
        int16_t block[64] = {};
        const BlockPlace place = walk.place();
        const int32_t difference = walk.decode(work_.natural_order, block);
        if (!im.goes_on) work_.at<int32_t>(im.dc)[place.number] = difference;
        if (int16_t* to = place.coefficients(work_, im)) std::memcpy(to, block, sizeof block);
      }
    }
  }

  void sum_differences(const Image& im, uint32_t tile) {
    const uint32_t begin = tile * kDcMcus, end = std::min(begin + kDcMcus, im.mcus_x * im.mcus_y);
    const DcSums sums = sum_dc(work_, im, begin, end);
    std::memcpy(work_.at<uint32_t>(im.dc_tile_sums) + 3 * tile, sums.of, sizeof sums.of);
    apply_dc(work_, im, begin, end, {});
  }

  void transform(const Image& im, uint32_t group) {
    if (status_[im.status] != 0) return;
    const uint32_t begin = group * kTransformBlocks;
    const uint32_t end = std::min(begin + kTransformBlocks, KeptBlock::count(im));
    for (uint32_t k = begin; k < end; k++) {
      const KeptBlock b = KeptBlock::of(im, k);
      const Component& c = im.component[b.component];
      const int16_t* from =
          work_.at<int16_t>(c.coefficients) + (int64_t{b.y} * c.blocks_x + b.x) * 64;
      int32_t v[64], column[8];
      bool fine = true;
      for (int i = 0; i < 64; i++) v[i] = from[i];
      v[0] = dc_of(work_, im, b);
      fine = fine && v[0] == static_cast<int16_t>(v[0]);
      v[0] = static_cast<int16_t>(v[0]);
      for (int i = 0; i < 64; i++) v[i] *= c.quant[i];
      for (int x = 0; x < 8; x++) {
        for (int y = 0; y < 8; y++) column[y] = v[8 * y + x];
        fine = fine && within(column, kMaxCoefficient);
        if (!fine) break;
        transform_column(column);
        fine = fine && within(column, kMaxColumn);
        for (int y = 0; y < 8; y++) v[8 * y + x] = column[y];
      }
      if (!fine) {
        report(work_, im, kRange);
        continue;
      }
      for (int y = 0; y < 8; y++) {
        transform_row(v + 8 * y);
        uint32_t words[2] = {packed_samples(v + 8 * y), packed_samples(v + 8 * y + 4)};
        std::memcpy(work_.at<uint8_t>(c.plane) + (int64_t{b.y} * 8 + y) * c.blocks_x * 8 + b.x * 8,
                    words, 8);
      }
    }
  }

  void colour_quads(const Image& im, uint32_t group) {
    if (status_[im.status] != 0) return;
    const uint32_t begin = group * kQuads, end = std::min(begin + kQuads, Quad::count(im));
    for (uint32_t k = begin; k < end; k++) {
      const Quad quad = Quad::of(im, k);
      const QuadBytes bytes = colour_quad(work_, im, quad);
      for (int32_t row = 0; row < 2; row++)
        if (quad.has(im, row)) store_bytes(im, quad, row, bytes.rows[row]);
    }
  }

  const Batch& batch_;
  PlacedBytes blob_, scratch_;
  std::vector<uint32_t> status_;
  Work work_{};
  int most_rounds_ = 0;
};

}  // namespace vg::cuda::jpeg
