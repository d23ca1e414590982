// Runs the tasks of a device on the host: a block is one thread, which does every share of the
// work.
#pragma once

#include <cstring>
#include <map>
#include <vector>

#include "cuda/encoder.h"

namespace vg::cuda {

/// A block's memory, not zero.
struct BlockMemory {
  static constexpr int kBytes = 190 << 10;
  alignas(16) std::byte bytes[kBytes];
  BlockMemory() { std::memset(bytes, 0xA5, kBytes); }
};

/// A kernel of the list, for tasks at addresses that are aligned as they want.
struct EmulatedKernel {
  size_t task_bytes;
  int64_t (*tiles)(const std::byte* task);
  void (*run)(const std::byte* task, const std::byte* blob, int64_t tile);
};
const EmulatedKernel& emulated_kernel(int kernel);

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
      for (const Item& item : tasks) run_item(item);
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
    item.bytes.resize(emulated_kernel(kernel).task_bytes);
    std::memcpy(item.bytes.data(), task, item.bytes.size());
  }

 private:
  struct Item {
    int kernel;
    std::vector<std::byte> bytes;
  };
  /// Memory of a vector is aligned for every task.
  void run_item(const Item& item) const {
    const EmulatedKernel& kernel = emulated_kernel(item.kernel);
    const int64_t tiles = kernel.tiles(item.bytes.data());
    for (int64_t i = 0; i < tiles; i++) kernel.run(item.bytes.data(), blob_.data(), i);
  }

  std::map<int, std::vector<Item>> tasks_;
  std::vector<std::byte> blob_;
  std::vector<std::vector<std::byte>> memory_;
};

}  // namespace vg::cuda
