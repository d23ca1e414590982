// Bytes from one place of the device to another.
#pragma once

#include "cuda/task.h"

namespace vg::cuda {

/// An element is 16 bytes.
struct CopyTask : SimpleTask {
  const std::byte* from;
  std::byte* to;
  int64_t bytes;

  CopyTask(const std::byte* f, std::byte* t, int64_t n) : from(f), to(t), bytes(n) {}
  VG_FN int64_t elements() const { return (bytes + 15) / 16; }
  VG_FN void run(Shared&, const std::byte*, int64_t i) const {
    const int64_t begin = 16 * i, end = begin + 16 < bytes ? begin + 16 : bytes;
    const auto places = reinterpret_cast<uintptr_t>(from) | reinterpret_cast<uintptr_t>(to);
    if (places % 4 == 0 && end - begin == 16) {
      const auto* f = reinterpret_cast<const uint32_t*>(from + begin);
      auto* t = reinterpret_cast<uint32_t*>(to + begin);
      for (int k = 0; k < 4; k++) t[k] = f[k];
      return;
    }
    for (int64_t b = begin; b < end; b++) to[b] = from[b];
  }
};

}  // namespace vg::cuda
