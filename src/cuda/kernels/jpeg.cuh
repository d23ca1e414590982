// What the kernels of the JPEG decoder share: sums over a block of threads, and tables in its
// memory.
#pragma once

#include "cuda/jpeg/huffman.h"
#include "cuda/jpeg/launch.h"

namespace vg::cuda::jpeg {

constexpr uint32_t kWarp = 32, kAllLanes = ~0u;

/// Shared memory of the functions below, which all threads of a block call together.
struct BlockSums {
  uint32_t of_warp[kWarp], all;
};

/// The sum over the threads before this one; `all` becomes that of all threads.
template <uint32_t kThreads>
__device__ inline uint32_t sum_before(uint32_t value, BlockSums& s, uint32_t& all) {
  const uint32_t lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
  uint32_t sum = value;
  for (uint32_t step = 1; step < kWarp; step *= 2) {
    const uint32_t other = __shfl_up_sync(kAllLanes, sum, step);
    if (lane >= step) sum += other;
  }
  if (lane == kWarp - 1) s.of_warp[warp] = sum;
  __syncthreads();
  const uint32_t total = lane < kThreads / kWarp ? s.of_warp[lane] : 0;
  const uint32_t before = __reduce_add_sync(kAllLanes, lane < warp ? total : 0);
  all = __reduce_add_sync(kAllLanes, total);
  __syncthreads();
  return sum - value + before;
}

template <uint32_t kThreads>
__device__ inline uint32_t smallest(uint32_t value, BlockSums& s) {
  const uint32_t lane = threadIdx.x % kWarp, warp = threadIdx.x / kWarp;
  const uint32_t least = __reduce_min_sync(kAllLanes, value);
  if (lane == 0) s.of_warp[warp] = least;
  __syncthreads();
  const uint32_t all =
      __reduce_min_sync(kAllLanes, lane < kThreads / kWarp ? s.of_warp[lane] : ~0u);
  __syncthreads();
  return all;
}

template <class T>
__device__ inline void copy_shared(T* to, const T* from, uint32_t count) {
  for (uint32_t i = threadIdx.x; i < count; i += blockDim.x) to[i] = from[i];
}

/// Brings the tables of an image into the shared memory at `to`; the caller waits for all threads.
/// Where a file has very many long codes, these stay where they are.
__device__ inline DecodingTables load_tables(const Work& work, const Image& image, uint32_t* to,
                                             bool with_multi) {
  const TableSet& set = work.sets[image.table_set];
  const uint32_t multi_size = set.multi_size(), shorts_size = set.shorts_size();
  const auto* multi = work.at<uint32_t>(set.place);
  const uint32_t *shorts = multi + multi_size, *longs = shorts + shorts_size / 2;
  DecodingTables tables{nullptr, reinterpret_cast<uint16_t*>(to),
                        reinterpret_cast<const uint16_t*>(longs)};
  copy_shared(to, shorts, shorts_size / 2);
  to += shorts_size / 2;
  if (with_multi) {
    copy_shared(to, multi, multi_size);
    tables.multi = to;
    to += multi_size;
  }
  if (set.longs <= kSharedLongs) {
    copy_shared(to, longs, set.longs / 2);
    tables.longs = reinterpret_cast<uint16_t*>(to);
  }
  return tables;
}

/// Shared memory that `load_tables` needs.
inline size_t tables_size(const Part& part, bool with_multi) {
  const auto count = static_cast<size_t>(part.tables);
  return (count * 2 << kShortBits) + (with_multi ? count * 4 << kMultiBits : 0) + part.longs * 2;
}

}  // namespace vg::cuda::jpeg
