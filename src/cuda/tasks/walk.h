// From the place of an element in C order to its offset in memory with strides, in 32 bits, since
// a GPU divides 64 bits slowly.
#pragma once

#include "core/cast.h"
#include "cuda/task.h"

namespace vg::cuda {

/// Neighbouring axes that step evenly are one group: what is dense, or the same everywhere, costs
/// no division.
struct Walk {
  static constexpr int kMaxGroups = 8;
  int groups = 0;
  uint32_t extent[kMaxGroups] = {}, stride[kMaxGroups] = {};

  /// Groups are added from the outermost on.
  void add(int64_t count, int64_t step) {
    if (count == 1) return;
    const bool merges = groups > 0 && stride[groups - 1] == step * count;
    if (!merges) extent[groups++] = 1;
    extent[groups - 1] *= static_cast<uint32_t>(count);
    stride[groups - 1] = static_cast<uint32_t>(step);
  }

  VG_FN uint32_t at(uint32_t i) const {
    uint32_t offset = 0;
    for (int k = groups - 1; k > 0; k--) {
      const uint32_t outer = i / extent[k];
      offset += (i - outer * extent[k]) * stride[k];
      i = outer;
    }
    return offset + i * stride[0];
  }
};

/// What 32 bits count, with room for the elements of a last block.
constexpr int64_t kMostElements = int64_t{1} << 31;

/// Elements that a thread makes: they share the branches that find their code.
constexpr uint32_t kRun = 4;

/// A run of `n` elements, at most kRun, of a tensor of any type as T.
template <class T>
VG_FN void load_run(DType dtype, const std::byte* data, const Walk& walk, uint32_t first,
                    uint32_t n, T* to) {
  uint32_t at[kRun];
  for (uint32_t j = 0; j < kRun; j++) at[j] = walk.at(j < n ? first + j : first);
  with_type(dtype, [&]<class From>(std::type_identity<From>) {
    const auto* from = reinterpret_cast<const Stored<From>*>(data);
    for (uint32_t j = 0; j < kRun; j++) to[j] = cast_to<T>(static_cast<From>(from[at[j]]));
  });
}

}  // namespace vg::cuda
