// The kernels that decode a scan: states of windows, and coefficients.
#include "cuda/jpeg/blocks.h"
#include "cuda/kernels/jpeg.cuh"

namespace vg::cuda::jpeg {
namespace {

constexpr uint32_t kSyncThreads = 1024, kJoinThreads = 1024;

/// Which of the windows that wait a thread takes first, and how far the next one is. Lanes of a
/// warp wait for each other, so a few windows are spread over several warps; but not over all,
/// which would wait for each other too.
struct Turns {
  uint32_t first, step;

  __device__ Turns(uint32_t thread, uint32_t active) {
    constexpr uint32_t kSpread = 8, kWarps = kSyncThreads / kWarp;
    const uint32_t full = (active + kWarp - 1) / kWarp;
    const uint32_t warps = full < kSpread ? kSpread : full < kWarps ? full : kWarps;
    const uint32_t warp = thread / kWarp;
    first = warp < warps ? thread % kWarp * warps + warp : kTileWindows;
    step = warps * kWarp;
  }
};

/// Windows are decoded in rounds: all of them, then those whose state has changed.
__global__ void __launch_bounds__(kSyncThreads, 2)
    synchronise_kernel(Work work, const Share* shares) {
  constexpr uint32_t kEach = kTileWindows / kSyncThreads;
  extern __shared__ uint32_t table_memory[];
  __shared__ uint16_t states[kTileWindows], ends[kTileWindows], counts[kTileWindows],
      list[kTileWindows];
  __shared__ BlockSums sums;
  const Share share = shares[blockIdx.x];
  const Image& image = work.images[share.image];
  const Stream stream(work, image);
  const uint32_t first = share.index * kTileWindows;
  const uint32_t count = stream.windows_of_tile(share.index);
  if (count == 0) return;
  const DecodingTables tables = load_tables(work, image, table_memory, true);
  for (uint32_t i = threadIdx.x; i < count; i += kSyncThreads) {
    states[i] = static_cast<uint16_t>(guess());
    list[i] = static_cast<uint16_t>(i);
  }
  __syncthreads();
  const uint32_t own = threadIdx.x * kEach;  // windows whose states this thread looks after
  uint32_t active = count;
  while (active > 0) {
    const Turns turns(threadIdx.x, active);
    for (uint32_t turn = turns.first; turn < active; turn += turns.step) {
      const uint32_t window = list[turn];
      uint32_t blocks;
      ends[window] = decode_window(stream, tables, first + window, states[window], blocks);
      counts[window] = static_cast<uint16_t>(blocks);
    }
    __syncthreads();
    uint32_t changed = 0;
    for (uint32_t k = 0; k < kEach; k++) {
      const uint32_t i = own + k;
      if (i == 0 || i >= count || ends[i - 1] == states[i]) continue;
      states[i] = ends[i - 1];
      changed |= 1u << k;
    }
    uint32_t place = sum_before<kSyncThreads>(count_ones(changed), sums, active);
    for (uint32_t k = 0; k < kEach; k++)
      if (changed >> k & 1) list[place++] = static_cast<uint16_t>(own + k);
    __syncthreads();
  }
  uint32_t ended = 0, all;
  for (uint32_t k = 0; k < kEach; k++) ended += own + k < count ? counts[own + k] : 0;
  uint32_t number = sum_before<kSyncThreads>(ended, sums, all);
  for (uint32_t k = 0; k < kEach; k++) {
    const uint32_t i = own + k;
    if (i >= count) break;
    work.at<uint16_t>(image.states)[first + i] = states[i];
    work.at<uint16_t>(image.counts)[first + i] = counts[i];
    work.at<uint32_t>(image.numbers)[first + i] = number;
    number += counts[i];
  }
  if (threadIdx.x == 0) work.at<uint32_t>(image.tile_ends)[share.index] = ends[count - 1];
}

/// A block of threads per image of several tiles: a thread goes on from the end of a tile.
__global__ void __launch_bounds__(kJoinThreads) join_kernel(Work work, const Share* shares) {
  extern __shared__ uint32_t table_memory[];
  __shared__ BlockSums sums;
  const Image& image = work.images[shares[blockIdx.x].image];
  const Stream stream(work, image);
  const uint32_t windows = stream.windows();
  const uint32_t tiles = (windows + kTileWindows - 1) / kTileWindows;
  const DecodingTables tables = load_tables(work, image, table_memory, true);
  __syncthreads();
  auto* ends = work.at<uint32_t>(image.tile_ends);
  // Tiles are taken in groups from the first on, so that what a group begins with is final.
  for (uint32_t base = 1; base < tiles; base += kJoinThreads) {
    const uint32_t tile = base + threadIdx.x;
    bool changed = true;
    for (int round = 0; changed && round < kJoinRounds; round++) {
      const uint32_t before = tile < tiles ? ends[tile - 1] : 0;
      __syncthreads();
      const bool mine = tile < tiles && walk_tile(work, image, stream, tables, tile, before);
      changed = __syncthreads_or(mine);
    }
    if (changed && threadIdx.x == 0) report(work, image, kUnsynchronised);
  }
  __syncthreads();
  uint32_t number = 0;
  for (uint32_t base = 0; base < windows; base += kJoinThreads) {
    const uint32_t window = base + threadIdx.x;
    uint32_t all;
    const uint32_t before = sum_before<kJoinThreads>(
        window < windows ? work.at<uint16_t>(image.counts)[window] : 0, sums, all);
    if (window < windows) work.at<uint32_t>(image.numbers)[window] = number + before;
    number += all;
  }
}

struct WindowOrder {
  uint32_t begin[64];
  uint16_t window[kWriteWindows];
  BlockSums sums;
};

/// Gives each thread one of the windows so that those with equally many blocks stand together: the
/// lanes of a warp take as many turns as the one with most of them.
__device__ inline uint32_t ordered_window(WindowOrder& order, uint32_t blocks) {
  const uint32_t i = threadIdx.x, key = blocks < 63 ? blocks : 63;
  if (i < 64) order.begin[i] = 0;
  __syncthreads();
  const uint32_t rank = atomicAdd(&order.begin[key], 1u);
  __syncthreads();
  uint32_t all;
  const uint32_t before = sum_before<kWriteWindows>(i < 64 ? order.begin[i] : 0, order.sums, all);
  if (i < 64) order.begin[i] = before;
  __syncthreads();
  order.window[order.begin[key] + rank] = static_cast<uint16_t>(i);
  __syncthreads();
  return order.window[i];
}

/// A thread per window. The lanes of a warp decode a block each into shared memory, and write all
/// of them together, in full lines.
__global__ void __launch_bounds__(kWriteWindows)
    write_blocks_kernel(Work work, const Share* shares) {
  constexpr uint32_t kBlockWords = 36;  // of 64 coefficients, apart by other than a power of two
  extern __shared__ uint32_t table_memory[];
  __shared__ alignas(16) uint32_t blocks[kWriteWindows][kBlockWords];
  __shared__ Image image;
  __shared__ uint8_t natural_order[64];
  __shared__ WindowOrder order;
  const Share share = shares[blockIdx.x];
  copy_shared(reinterpret_cast<uint32_t*>(&image),
              reinterpret_cast<const uint32_t*>(work.images + share.image), sizeof(Image) / 4);
  copy_shared(natural_order, work.natural_order, 64);
  const DecodingTables tables = load_tables(work, work.images[share.image], table_memory, false);
  uint32_t* mine = blocks[threadIdx.x];
  for (uint32_t k = 0; k < kBlockWords; k++) mine[k] = 0;
  __syncthreads();
  const Stream stream(work, image);
  const uint32_t windows = stream.windows(), begin = share.index * kWriteWindows;
  if (begin >= windows) return;
  if (!concern_band(work, image, begin, min(begin + kWriteWindows, windows) - 1)) return;
  const uint32_t own = begin + threadIdx.x;
  const uint32_t window =
      begin + ordered_window(order, own < windows ? work.at<uint16_t>(image.counts)[own] : 63);
  const bool present = window < windows && concern_band(work, image, window, window);
  BlockWalk walk(work, image, stream, tables, window < windows ? window : windows - 1);
  const uint32_t lane = threadIdx.x % kWarp, warp_begin = threadIdx.x - lane;
  for (;;) {
    const bool found = present && walk.find();
    const uint32_t all = __ballot_sync(kAllLanes, found);
    if (all == 0) break;
    unsigned long long target = 0;
    if (found) {
      const BlockPlace place = walk.place();
      target = reinterpret_cast<unsigned long long>(place.coefficients(work, image));
      const int32_t difference = walk.decode(natural_order, reinterpret_cast<int16_t*>(mine));
      if (!image.goes_on) work.at<int32_t>(image.dc)[place.number] = difference;
    }
    __syncwarp();
    for (uint32_t k = 0; k < kWarp; k += 4) {
      const uint32_t from = k + lane / 8;
      const auto to = __shfl_sync(kAllLanes, target, static_cast<int>(from));
      if (!(all >> from & 1)) continue;
      uint4* part = reinterpret_cast<uint4*>(blocks[warp_begin + from]) + lane % 8;
      const uint4 value = *part;
      *part = make_uint4(0, 0, 0, 0);
      if (to != 0) reinterpret_cast<uint4*>(to)[lane % 8] = value;
    }
    __syncwarp();
  }
}
static_assert(sizeof(Image) % 16 == 0);

/// The kernels' shared memory may be more than what needs no asking for.
template <class Kernel>
cudaError_t allow(Kernel kernel, size_t shared) {
  return cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                              static_cast<int>(shared));
}

}  // namespace

cudaError_t synchronise(const PhaseLaunch& l) {
  const size_t shared = tables_size(*l.part, true);
  if (const cudaError_t e = allow(synchronise_kernel, shared); e != cudaSuccess) return e;
  synchronise_kernel<<<l.count, kSyncThreads, shared, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t join(const PhaseLaunch& l) {
  const size_t shared = tables_size(*l.part, true);
  if (const cudaError_t e = allow(join_kernel, shared); e != cudaSuccess) return e;
  join_kernel<<<l.count, kJoinThreads, shared, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}
cudaError_t write_blocks(const PhaseLaunch& l) {
  const size_t shared = tables_size(*l.part, false);
  if (const cudaError_t e = allow(write_blocks_kernel, shared); e != cudaSuccess) return e;
  write_blocks_kernel<<<l.count, kWriteWindows, shared, l.stream>>>(l.work, l.shares);
  return cudaGetLastError();
}

}  // namespace vg::cuda::jpeg
