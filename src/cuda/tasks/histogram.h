// What measured operators ask of a frame: how often each channel has each value.
#pragma once

#include "cuda/tasks/quad.h"

namespace vg::cuda {

/// An element is four pixels of an interleaved frame of one or three channels.
struct HistogramTask {
  static constexpr int kTile = 4096;
  static constexpr int kCopies = 4;  ///< threads of different warps count in different copies
  struct Shared {
    uint32_t count[kCopies][3 * 256];
  };
  const uint8_t* in;
  uint32_t* count;  ///< 256 for each channel; zero at first
  int64_t pixels;
  int channels;

  VG_FN int64_t elements() const { return (pixels + 3) / 4; }
  VG_FN void prepare(Shared& s, const std::byte*, Threads t) const {
    for (int i = t.index; i < kCopies * 3 * 256; i += t.count) (&s.count[0][0])[i] = 0;
  }
  VG_FN void run(Shared& s, const std::byte*, int64_t i) const {
    if (channels == 3)
      add<3>(s, i);
    else
      add<1>(s, i);
  }
  VG_FN void finish(Shared& s, const std::byte*, Threads t) const {
    for (int i = t.index; i < channels * 256; i += t.count) {
      uint32_t sum = 0;
      for (int k = 0; k < kCopies; k++) sum += s.count[k][i];
      if (sum > 0) add_atomically(&count[i], sum);
    }
  }

 private:
  template <int Channels>
  VG_FN void add(Shared& s, int64_t i) const {
#if defined(__CUDA_ARCH__)
    uint32_t* c = s.count[threadIdx.x / 32 % kCopies];
#else
    uint32_t* c = s.count[0];
#endif
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
