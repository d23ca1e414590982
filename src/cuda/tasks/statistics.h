// The statistics that measured operators read: from the histogram of a frame, or by one block of
// threads from the frame itself.
#pragma once

#include "cuda/tasks/quad.h"
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

/// What a block of threads needs to measure an image of up to three channels and 2^24 pixels. Only
/// a cumulative statistic takes a histogram.
struct ImageStatistics {
  static constexpr int kCopies = 8;  ///< threads of different warps count in different copies
  uint32_t count[kCopies][3 * 256];
  uint32_t low[3], high[3], sum[3];

  /// By all threads of the block together. The result is there behind the next barrier.
  template <Statistic what, int Channels>
  VG_FN void measure(ChannelStatistics* result, const uint8_t* in, int pixels, Threads t) {
    if constexpr (what == Statistic::Cumulative)
      from_histogram<Channels>(result, in, pixels, t);
    else
      directly<what, Channels>(result, in, pixels, t);
  }

 private:
  template <int Channels>
  VG_FN void from_histogram(ChannelStatistics* result, const uint8_t* in, int pixels, Threads t) {
    constexpr int kValues = Channels * 256;
    for (int i = t.index; i < kCopies * kValues; i += t.count) count[i / kValues][i % kValues] = 0;
    barrier();
    uint32_t* own = count[t.index / 32 % kCopies];
    for (int i = 4 * t.index; i < pixels; i += 4 * t.count) {
      Pixel p[4];
      const int n = pixels - i < 4 ? pixels - i : 4;
      load_pixels<Channels>(in + i * Channels, n, p);
      for (int k = 0; k < 4; k++)
        for (int ch = 0; ch < Channels && k < n; ch++)
          add_atomically(&own[256 * ch + byte_of(p[k], ch)], 1u);
    }
    barrier();
    for (int i = t.index; i < kValues; i += t.count)
      for (int k = 1; k < kCopies; k++) count[0][i] += count[k][i];
    barrier();
    measure_channels(result, count[0], Channels, t);
  }

  template <Statistic what, int Channels>
  VG_FN void directly(ChannelStatistics* result, const uint8_t* in, int pixels, Threads t) {
    constexpr bool kSum = what == Statistic::Sum;
    for (int ch = t.index; ch < Channels; ch += t.count) low[ch] = 255, high[ch] = sum[ch] = 0;
    barrier();
    uint32_t l[Channels], h[Channels], s[Channels];
    for (int ch = 0; ch < Channels; ch++) l[ch] = 255, h[ch] = s[ch] = 0;
    for (int i = 4 * t.index; i < pixels; i += 4 * t.count) {
      Pixel p[4];
      const int n = pixels - i < 4 ? pixels - i : 4;
      load_pixels<Channels>(in + i * Channels, n, p);
      for (int k = 0; k < 4; k++)
        for (int ch = 0; ch < Channels && k < n; ch++) {
          const uint32_t v = byte_of(p[k], ch);
          if constexpr (kSum) s[ch] += v;
          if constexpr (!kSum) l[ch] = v < l[ch] ? v : l[ch], h[ch] = v > h[ch] ? v : h[ch];
        }
    }
    for (int ch = 0; ch < Channels; ch++) {
      if constexpr (kSum) {
        add_of_warp(&sum[ch], s[ch]);
      } else {
        min_of_warp(&low[ch], l[ch]);
        max_of_warp(&high[ch], h[ch]);
      }
    }
    barrier();
    for (int ch = t.index; ch < Channels; ch += t.count) {
      result[ch].low = static_cast<int>(low[ch]);
      result[ch].high = static_cast<int>(high[ch]);
      result[ch].sum = sum[ch];
    }
  }
};

}  // namespace vg::cuda
