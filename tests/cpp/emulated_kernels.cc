// All kernels, compiled for the host once: every test that plays a device needs all of them.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "cuda_emulation.h"

namespace vg::cuda {
namespace {

template <class T>
void emulate_block(const T& task, const std::byte* blob, int64_t begin, int64_t end) {
  auto shared = std::make_unique<typename T::Shared>();
  std::memset(static_cast<void*>(shared.get()), 0xA5,
              sizeof(typename T::Shared));  // not zero, as on a device
  if constexpr (BlockTask<T>) {
    task.work(*shared, std::make_unique<BlockMemory>()->bytes, blob, Threads{0, 1});
  } else {
    task.prepare(*shared, blob, Threads{0, 1});
    if constexpr (MakesTables<T>) task.make_tables(*shared, blob, Threads{0, 1});
    for (int64_t i = begin; i < end; i++) task.run(*shared, blob, i);
    task.finish(*shared, blob, Threads{0, 1});
  }
}

template <class T>
constexpr EmulatedKernel emulated() {
  return {sizeof(T),
          [](const std::byte* task) {
            const int64_t elements = reinterpret_cast<const T*>(task)->elements();
            return (elements + T::kTile - 1) / T::kTile;
          },
          [](const std::byte* at, const std::byte* blob, int64_t tile) {
            const T& task = *reinterpret_cast<const T*>(at);
            const int64_t begin = tile * T::kTile;
            emulate_block(task, blob, begin, std::min(begin + T::kTile, task.elements()));
          }};
}

template <class... T>
constexpr std::array<EmulatedKernel, sizeof...(T)> all(TypeList<T...>) {
  return {emulated<T>()...};
}

constexpr auto kAll = all(Kernels{});

}  // namespace

const EmulatedKernel& emulated_kernel(int kernel) { return kAll.at(static_cast<size_t>(kernel)); }

}  // namespace vg::cuda
