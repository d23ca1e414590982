// The kernels: blocks of threads take tiles of tasks, or a block takes a whole task. Each task type
// is compiled in a file of its own.
#pragma once

#include <cuda_runtime.h>

#include "cuda/cuda_machine.h"
#include "cuda/task.h"

namespace vg::cuda {

constexpr int kThreads = 256;

template <Task T>
__global__ void __launch_bounds__(kThreads)
    run_tasks(const T* tasks, const Tile* tiles, const std::byte* blob) {
  __shared__ typename T::Shared shared;
  const Tile tile = tiles[blockIdx.x];
  const T& task = tasks[tile.task];
  const Threads threads{static_cast<int>(threadIdx.x), kThreads};
  constexpr bool kCooperates = !std::is_same_v<typename T::Shared, NoShared>;
  task.prepare(shared, blob, threads);
  if constexpr (kCooperates) __syncthreads();
  if constexpr (MakesTables<T>) {
    task.make_tables(shared, blob, threads);
    __syncthreads();
  }
  const int64_t begin = int64_t{tile.index} * T::kTile;
  const int64_t all = task.elements(), end = begin + T::kTile < all ? begin + T::kTile : all;
  for (int64_t i = begin + threads.index; i < end; i += kThreads) task.run(shared, blob, i);
  if constexpr (kCooperates) __syncthreads();
  task.finish(shared, blob, threads);
}

template <BlockTask T>
__global__ void __launch_bounds__(T::kThreads, 1)
    run_blocks(const T* tasks, const Tile* tiles, const std::byte* blob) {
  __shared__ typename T::Shared shared;
  extern __shared__ uint4 memory[];
  tasks[tiles[blockIdx.x].task].work(shared, reinterpret_cast<std::byte*>(memory), blob,
                                     {static_cast<int>(threadIdx.x), T::kThreads});
}

using LaunchFunction = cudaError_t (*)(const Launch&, const std::byte* blob, const LaunchSite&);

template <class T>
cudaError_t launch_tasks(const Launch& launch, const std::byte* blob, const LaunchSite& site) {
  const auto* tasks = reinterpret_cast<const T*>(blob + launch.tasks);
  const auto* tiles = reinterpret_cast<const Tile*>(blob + launch.tiles);
  const auto blocks = static_cast<unsigned>(launch.count);
  if constexpr (BlockTask<T>) {
    static_assert(sizeof(typename T::Shared) <= Machine::kBlockReserve);
    const cudaError_t error = cudaFuncSetAttribute(
        run_blocks<T>, cudaFuncAttributeMaxDynamicSharedMemorySize, site.block_memory);
    if (error != cudaSuccess) return error;
    run_blocks<T><<<blocks, T::kThreads, static_cast<size_t>(site.block_memory), site.stream>>>(
        tasks, tiles, blob);
  } else {
    run_tasks<T><<<blocks, kThreads, 0, site.stream>>>(tasks, tiles, blob);
  }
  return cudaGetLastError();
}

/// Each file of kernels defines those of its tasks.
template <class T>
LaunchFunction launch_of();

}  // namespace vg::cuda

#define VG_KERNEL(...)                      \
  template <>                               \
  LaunchFunction launch_of<__VA_ARGS__>() { \
    return &launch_tasks<__VA_ARGS__>;      \
  }
