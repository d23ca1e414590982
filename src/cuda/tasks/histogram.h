// What measured operators ask of a frame: how often each channel has each value.
#pragma once

#include "cuda/tasks/quad.h"

namespace vg::cuda {

/// An element is four pixels of an interleaved frame of one to four channels.
struct HistogramTask {
  static constexpr int kTile = 4096;
  static constexpr int kChannels = 4;
  static constexpr int kCopies = 4;  ///< threads of different warps count in different copies
  struct Shared {
    uint32_t count[kCopies][kChannels * 256];
  };
  const uint8_t* in;
  uint32_t* count;  ///< 256 for each channel; zero at first
  int64_t pixels;
  int channels;

  VG_FN int64_t elements() const { return (pixels + 3) / 4; }
  VG_FN void prepare(Shared& s, const std::byte*, Threads t) const {
    for (int k = 0; k < kCopies; k++)
      for (int i = t.index; i < channels * 256; i += t.count) s.count[k][i] = 0;
  }
  VG_FN void run(Shared& s, const std::byte*, int64_t i) const {
    if (channels == 3)
      add<3>(s, i);
    else if (channels == 1)
      add<1>(s, i);
    else
      add_bytes(copy_of(s), i);
  }
  VG_FN void finish(Shared& s, const std::byte*, Threads t) const {
    for (int i = t.index; i < channels * 256; i += t.count) {
      uint32_t sum = 0;
      for (int k = 0; k < kCopies; k++) sum += s.count[k][i];
      if (sum > 0) add_atomically(&count[i], sum);
    }
  }

 private:
  VG_FN static uint32_t* copy_of(Shared& s) {
#if defined(__CUDA_ARCH__)
    return s.count[threadIdx.x / 32 % kCopies];
#else
    return s.count[0];
#endif
  }

  VG_FN void add_bytes(uint32_t* c, int64_t i) const {
    const int64_t end = 4 * i + 4 < pixels ? 4 * i + 4 : pixels;
    for (int64_t p = 4 * i; p < end; p++)
      for (int ch = 0; ch < channels; ch++)
        add_atomically(&c[256 * ch + in[p * channels + ch]], 1u);
  }

  template <int Channels>
  VG_FN void add(Shared& s, int64_t i) const {
    uint32_t* c = copy_of(s);
    const int64_t first = 4 * i;
    const uint8_t* from = in + first * Channels;
    Pixel p[4];
    const int n = first + 4 <= pixels ? 4 : static_cast<int>(pixels - first);
    if (n == 4)
      load_quad<Channels>(from, p);
    else
      for (int k = 0; k < n; k++) p[k] = load_pixel<Channels>(from + k * Channels);
    for (int k = 0; k < n; k++)
      for (int ch = 0; ch < Channels; ch++) add_atomically(&c[256 * ch + byte_of(p[k], ch)], 1u);
  }
};

}  // namespace vg::cuda
