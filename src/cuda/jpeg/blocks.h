// Decoding the coefficients of the blocks that begin in a window, once its state is known. This is
// where faults of a scan are found: the first one stands in a window whose state is right.
#pragma once

#include "cuda/jpeg/windows.h"

namespace vg::cuda::jpeg {

/// Where a block of the scan belongs.
struct BlockPlace {
  uint32_t number;  ///< in the order of the scan
  uint32_t mcu_block;
  int32_t mcu_x, mcu_y;

  VG_FN static BlockPlace of(const Image& image, uint32_t number) {
    const uint32_t mcu = number / image.mcu_blocks, y = mcu / image.mcus_x;
    return {number, number - mcu * image.mcu_blocks, static_cast<int32_t>(mcu - y * image.mcus_x),
            static_cast<int32_t>(y)};
  }
  VG_FN void advance(const Image& image) {
    number++;
    if (++mcu_block < image.mcu_blocks) return;
    mcu_block = 0;
    if (++mcu_x < static_cast<int32_t>(image.mcus_x)) return;
    mcu_x = 0;
    mcu_y++;
  }
  /// Its coefficients in the scratch memory, or null if the region does not need them.
  VG_FN int16_t* coefficients(const Work& work, const Image& image) const {
    const McuBlock b = image.mcu[mcu_block];
    const Component& c = image.component[b.component];
    const int32_t x = mcu_x * c.h + b.x - c.block_x, y = mcu_y * c.v + b.y - c.block_y;
    if (x < 0 || y < 0 || x >= c.blocks_x || y >= c.blocks_y) return nullptr;
    return work.at<int16_t>(c.coefficients) + (int64_t{y} * c.blocks_x + x) * 64;
  }
};

/// Whether blocks of a band may begin in the windows [first, last].
VG_FN bool concern_band(const Work& work, const Image& image, uint32_t first, uint32_t last) {
  const auto* numbers = work.at<uint32_t>(image.numbers);
  return !image.goes_on ||
         (numbers[first] < image.band_end &&
          numbers[last] + work.at<uint16_t>(image.counts)[last] >= image.band_begin);
}

/// Gives the blocks that begin in a window, one by one.
class BlockWalk {
 public:
  VG_FN BlockWalk(const Work& work, const Image& image, const Stream& stream,
                  const DecodingTables& tables, uint32_t window)
      : work_(work),
        image_(image),
        stream_(stream),
        tables_(tables),
        bits_(stream.words,
              window * kWindowBits + State::of(work.at<uint16_t>(image.states)[window]).over),
        end_(stream.end_of(window)) {
    const State state = State::of(work.at<uint16_t>(image.states)[window]);
    place_ = BlockPlace::of(image, work.at<uint32_t>(image.numbers)[window]);
    const uint32_t segment = stream.segment_of(window * kWindowBits);
    enter(segment);
    if (place_.number == last_) return;  // in what pads a segment
    // What was counted must be what was decoded.
    if (place_.number > last_ || place_.number < segment * per_segment() ||
        place_.mcu_block % stream.period != state.phase)
      fail(kCounts);
    else if (state.done != 0)
      pass_rest(state);
  }

  /// Moves to the next block, or gives false if none begins before the window's end.
  VG_FN bool find() {
    while (alive_ && bits_.position() < end_) {
      if (place_.number != last_) {
        if (bits_.position() < segment_end_) return true;
        fail(kCounts);
      } else if (segment_ + 1 == stream_.segments) {
        alive_ = false;
      } else {
        bits_.jump(segment_end_);
        enter(segment_ + 1);
      }
    }
    return false;
  }
  VG_FN const BlockPlace& place() const { return place_; }

  /// Decodes the block that was found. Coefficients other than zero are written, but for the first,
  /// which is given as the difference from the block before of its component.
  VG_FN int32_t decode(const uint8_t* natural_order, int16_t* coefficients) {
    const uint32_t pair = stream_.table(place_.mcu_block % stream_.period, 0);
    uint32_t ahead = bits_.peek();
    Symbol symbol = tables_.symbol(pair, ahead);
    uint32_t faults = symbol.advance == 0 ? uint32_t{kCodes} : 0;
    const int32_t difference = value_of(symbol, ahead);
    bits_.skip(symbol.bits);
    uint32_t done = 1;
    while (done < 64) {
      ahead = bits_.peek();
      symbol = tables_.symbol(pair + 1, ahead);
      bits_.skip(symbol.bits);
      done += symbol.advance;
      if (symbol.size != 0) {
        if (done > 64) break;
        coefficients[natural_order[done - 1]] = static_cast<int16_t>(value_of(symbol, ahead));
      } else if (symbol.advance == 0) {
        faults = kCodes;
        break;
      }
    }
    if (done > 64 && symbol.advance != kEndOfBlock) faults = kCodes;
    place_.advance(image_);
    // The last block is followed by less than a byte.
    if (bits_.position() > segment_end_ ||
        (place_.number == last_ && segment_end_ - bits_.position() >= 8))
      faults |= kCounts;
    if (faults) fail(faults);
    return difference;
  }

 private:
  VG_FN uint32_t per_segment() const { return image_.restart_interval * image_.mcu_blocks; }
  VG_FN void enter(uint32_t segment) {
    segment_ = segment;
    segment_end_ = stream_.segment_end(segment);
    last_ = segment + 1 == stream_.segments ? image_.blocks : (segment + 1) * per_segment();
  }
  VG_FN void fail(uint32_t faults) {
    alive_ = false;
    report(work_, image_, faults);
  }
  /// Passes over the rest of a block that began in a window before, which looks for its faults.
  VG_FN void pass_rest(const State& state) {
    uint32_t done = state.done;
    const uint32_t table = stream_.table(state.phase, done);
    while (done < 64 && bits_.position() < end_) {
      const Symbol symbol = tables_.symbol(table, bits_.peek());
      bits_.skip(symbol.bits);
      done += symbol.advance;
    }
    if (done >= 64) place_.advance(image_);
  }

  const Work& work_;
  const Image& image_;
  const Stream& stream_;
  const DecodingTables& tables_;
  BitReader bits_;
  BlockPlace place_;
  uint32_t end_, segment_, segment_end_, last_;
  bool alive_ = true;
};

}  // namespace vg::cuda::jpeg
