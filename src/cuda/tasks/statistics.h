// The statistics that measured operators read, from the histogram of a frame.
#pragma once

#include "cuda/task.h"
#include "ops/measured.h"

namespace vg::cuda {

/// `n` is a histogram. By `lanes` threads of one warp together, 32 or one alone; `lane` is the
/// caller's number.
VG_FN void measure_channel(ChannelStatistics& s, const uint32_t* n, int lane, int lanes) {
  const int each = 256 / lanes, first = lane * each;
  uint64_t total = 0, sum = 0;
  int low = 255, high = 0;
  for (int v = first; v < first + each; v++) {
    total += n[v];
    sum += uint64_t{n[v]} * static_cast<uint64_t>(v);
    if (n[v] > 0) {
      low = v < low ? v : low;
      high = v > high ? v : high;
    }
  }
  uint64_t before = 0;
#if defined(__CUDA_ARCH__)
  uint64_t inclusive = total;
  for (int step = 1; step < 32; step *= 2) {
    const uint64_t other = __shfl_up_sync(~0u, inclusive, step);
    if (lane >= step) inclusive += other;
    sum += __shfl_xor_sync(~0u, sum, step);
    const int l = __shfl_xor_sync(~0u, low, step), h = __shfl_xor_sync(~0u, high, step);
    low = l < low ? l : low;
    high = h > high ? h : high;
  }
  before = inclusive - total;
#endif
  for (int v = first; v < first + each; v++) s.cumulative[v] = before += n[v];
  if (lane == 0) {
    s.low = low;
    s.high = high;
    s.sum = sum;
  }
}

/// Of all channels, whose histograms lie one after another: a warp of the block takes a channel.
VG_FN void measure_channels(ChannelStatistics* s, const uint32_t* n, int channels, Threads t) {
  const int lanes = t.count < 32 ? 1 : 32, lane = t.index % lanes;
  for (int c = t.index / lanes; c < channels; c += (t.count + lanes - 1) / lanes)
    measure_channel(s[c], n + 256 * c, lane, lanes);
}

}  // namespace vg::cuda
