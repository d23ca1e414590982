// What the threads of a device do, as plain functions that the host compiles as well.
//
// A task is a trivially copyable struct: the work of one instruction on one sample, cut into
// `elements()` pieces that do not depend on each other. Tasks of one type run in one launch,
// whatever samples they belong to; a block of threads takes kTile neighbouring elements of one
// task.
//   struct Shared { ... };               // memory of a block of threads; NoShared if there is none
//   static constexpr int kTile;          // elements per block
//   VG_FN int64_t elements() const;
//   VG_FN void prepare(Shared&, const std::byte* blob, Threads) const;   // before the elements
//   VG_FN void run(Shared&, const std::byte* blob, int64_t element) const;
//   VG_FN void finish(Shared&, const std::byte* blob, Threads) const;    // after them
//   VG_FN void make_tables(Shared&, const std::byte* blob, Threads) const;  // optional: after
//   prepare
// prepare, make_tables and finish are done by all threads of the block together, each its share of
// the work, with a barrier after prepare and one before finish; no thread may wait for another
// inside of them. Values are addresses of device memory. Tables that travel with the tasks lie in
// `blob`.
//
// A block task is done by one block as a whole, which waits for its threads where it likes:
//   static constexpr int kThreads;       // of the block
//   VG_FN int64_t weight() const;        // heavy ones begin first
//   VG_FN void work(Shared&, std::byte* memory, const std::byte* blob, Threads) const;
// `memory` is the block's own, as large as the machine says (`Machine::block_memory`), 16-aligned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "core/lane.h"
#include "graph/op_def.h"

// Before loops over arrays that are to stay in a device's registers; and a function whose caller
// tells the compiler which memory it works in.
#if defined(__CUDA_ARCH__)
#define VG_UNROLL _Pragma("unroll")
#else
#define VG_UNROLL
#endif
#if defined(__CUDACC__)
#define VG_INLINED __host__ __device__ __forceinline__
#else
#define VG_INLINED inline
#endif

namespace vg::cuda {

/// Which thread of its block this is. A loop over a share: for (i = t.index; i < n; i += t.count).
struct Threads {
  int index, count;
};

struct NoShared {};

/// A table inside of the blob.
template <class T>
struct Table {
  uint32_t offset = 0, size = 0;
  VG_FN const T* in(const std::byte* blob) const {
    return reinterpret_cast<const T*>(blob + offset);
  }
};

/// What tasks without a block's memory need not write.
struct SimpleTask {
  using Shared = NoShared;
  static constexpr int kTile = 1024;
  VG_FN void prepare(Shared&, const std::byte*, Threads) const {}
  VG_FN void finish(Shared&, const std::byte*, Threads) const {}
};

template <class T>
concept Task = std::is_trivially_copyable_v<T> &&
    requires(const T task, typename T::Shared& shared, const std::byte* blob) {
  T::kTile, task.elements(), task.prepare(shared, blob, Threads{}),
      task.run(shared, blob, int64_t{}), task.finish(shared, blob, Threads{});
};

template <class T>
concept BlockTask = std::is_trivially_copyable_v<T> &&
    requires(const T task, typename T::Shared& shared, std::byte* memory, const std::byte* blob) {
  T::kThreads, task.weight(), task.work(shared, memory, blob, Threads{});
};

/// Tasks whose tables are made from what `prepare` has left.
template <class T>
concept MakesTables = requires(const T task, typename T::Shared& shared, const std::byte* blob) {
  task.make_tables(shared, blob, Threads{});
};

/// Adds to a counter that other threads add to. The host has one thread.
template <class T>
VG_FN void add_atomically(T* counter, T value) {
#if defined(__CUDA_ARCH__)
  atomicAdd(counter, value);
#else
  *counter += value;
#endif
}

/// All threads of the block wait for each other. The host has one.
VG_FN void barrier() {
#if defined(__CUDA_ARCH__)
  __syncthreads();
#endif
}

/// `to` gets what all threads of a warp bring. They come together, all 32.
VG_FN void add_of_warp(uint32_t* to, uint32_t value) {
#if defined(__CUDA_ARCH__)
  value = __reduce_add_sync(~0u, value);
  if (threadIdx.x % 32 == 0) atomicAdd(to, value);
#else
  *to += value;
#endif
}
VG_FN void min_of_warp(uint32_t* to, uint32_t value) {
#if defined(__CUDA_ARCH__)
  value = __reduce_min_sync(~0u, value);
  if (threadIdx.x % 32 == 0) atomicMin(to, value);
#else
  *to = value < *to ? value : *to;
#endif
}
VG_FN void max_of_warp(uint32_t* to, uint32_t value) {
#if defined(__CUDA_ARCH__)
  value = __reduce_max_sync(~0u, value);
  if (threadIdx.x % 32 == 0) atomicMax(to, value);
#else
  *to = value > *to ? value : *to;
#endif
}

/// Brings a struct into the block's memory, a word a thread.
template <class T>
VG_FN void copy_words(T& to, const T& from, Threads t) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 4 == 0 && alignof(T) % 4 == 0);
  auto* words = reinterpret_cast<uint32_t*>(&to);
  const auto* source = reinterpret_cast<const uint32_t*>(&from);
  for (int i = t.index; i < static_cast<int>(sizeof(T) / 4); i += t.count) words[i] = source[i];
}

/// Calls `f.template operator()<Op>()` for the operator that stands at `opcode` in the list: the
/// only way from a number to code, on the device as on the host.
template <class F, class... Op>
VG_FN void with_op(TypeList<Op...>, int opcode, F&& f) {
  int at = 0;
  ((at++ == opcode ? f.template operator()<Op>() : void()), ...);
}

}  // namespace vg::cuda
