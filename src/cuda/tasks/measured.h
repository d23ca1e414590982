// Measured operators on a device: each block makes the tables from the histograms, then looks up.
#pragma once

#include "core/round.h"
#include "cuda/tasks/statistics.h"
#include "ops/lists/measured.h"

namespace vg::cuda {

/// An element is sixteen bytes of a frame, whose channels are interleaved or planes.
struct MeasuredTask {
  static constexpr int kTile = 1024, kChannels = 4;
  struct Shared {
    ChannelStatistics statistics[kChannels];
    uint8_t table[kChannels][256];
  };
  const uint8_t* in;
  uint8_t* out;
  const uint32_t* count;  ///< the histogram of every channel
  int64_t pixels;         ///< values of a channel
  int channels;
  bool interleaved;
  int opcode;
  uint32_t params;  ///< where in the blob

  VG_FN int64_t elements() const { return (pixels * channels + 15) / 16; }
  VG_FN void prepare(Shared& s, const std::byte*, Threads t) const {
    measure_channels(s.statistics, count, channels, t);
  }
  VG_FN void make_tables(Shared& s, const std::byte* blob, Threads t) const {
    with_op(MeasuredOps{}, opcode, [&]<class Op>() {
      const Op op = *reinterpret_cast<const Op*>(blob + params);
      const Statistics all{s.statistics, channels, pixels};
      for (int i = t.index; i < 256 * channels; i += t.count)
        s.table[i / 256][i % 256] = round_to<uint8_t>(op(all, i / 256, i % 256));
    });
  }
  VG_FN void run(Shared& s, const std::byte*, int64_t i) const {
    const int64_t all = pixels * channels, begin = 16 * i,
                  end = begin + 16 < all ? begin + 16 : all;
    auto c = static_cast<int>(interleaved ? begin % channels : begin / pixels);
    int64_t left = interleaved ? 1 : (c + 1) * pixels - begin;  // until the next channel
    for (int64_t b = begin; b < end; b++) {
      out[b] = s.table[c][in[b]];
      if (--left > 0) continue;
      left = interleaved ? 1 : pixels;
      c = c + 1 < channels ? c + 1 : 0;
    }
  }
  VG_FN void finish(Shared&, const std::byte*, Threads) const {}
};

}  // namespace vg::cuda
