// Runs the tasks of a device on the host: a block is one thread, which does every share of the
// work.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "cuda/encoder.h"

namespace vg::cuda {

/// A block's memory, not zero.
struct BlockMemory {
  static constexpr int kBytes = 190 << 10;
  alignas(16) std::byte bytes[kBytes];
  BlockMemory() { std::memset(bytes, 0xA5, kBytes); }
};

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

/// Keeps tasks until `run`, then does them step by step.
class EmulatedLevel : public Encoder {
 public:
  std::byte* temporary(int64_t bytes) override {
    memory_.emplace_back(static_cast<size_t>(bytes) + 256, std::byte{0xA5});
    auto at = reinterpret_cast<uintptr_t>(memory_.back().data());
    return reinterpret_cast<std::byte*>((at + 255) & ~uintptr_t{255});
  }
  std::byte* zeroed(int64_t bytes) override {
    std::byte* p = temporary(bytes);
    std::memset(p, 0, static_cast<size_t>(bytes));
    return p;
  }
  void run() {
    for (auto& [step, tasks] : tasks_)
      for (const Item& item : tasks) run_item(Kernels{}, item);
  }

 protected:
  uint32_t put(const void* data, size_t bytes, size_t alignment) override {
    const size_t at = (blob_.size() + alignment - 1) / alignment * alignment;
    blob_.resize(at + bytes);
    if (bytes > 0) std::memcpy(blob_.data() + at, data, bytes);
    return static_cast<uint32_t>(at);
  }
  void add_task(int step, int kernel, const void* task, int64_t, int, int64_t) override {
    tasks_[step].push_back({kernel, {}});
    Item& item = tasks_[step].back();
    item.bytes.resize(size_of_kernel(Kernels{}, kernel));
    std::memcpy(item.bytes.data(), task, item.bytes.size());
  }

 private:
  struct Item {
    int kernel;
    std::vector<std::byte> bytes;
  };
  template <class... T>
  static size_t size_of_kernel(TypeList<T...>, int kernel) {
    static constexpr size_t kSizes[] = {sizeof(T)..., 0};
    return kSizes[kernel];
  }
  template <class T>
  void run_task(const Item& item) const {
    alignas(16) std::byte copy[sizeof(T)];
    std::memcpy(copy, item.bytes.data(), sizeof(T));
    const T& task = *reinterpret_cast<const T*>(copy);
    for (int64_t i = 0; i < task.elements(); i += T::kTile)
      emulate_block(task, blob_.data(), i, std::min(task.elements(), i + T::kTile));
  }
  template <class... T>
  void run_item(TypeList<T...>, const Item& item) const {
    int at = 0;
    ((at++ == item.kernel ? run_task<T>(item) : void()), ...);
  }

  std::map<int, std::vector<Item>> tasks_;
  std::vector<std::byte> blob_;
  std::vector<std::vector<std::byte>> memory_;
};

}  // namespace vg::cuda
