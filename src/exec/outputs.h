// The memory of a batch's outputs: one block while all shapes agree, else a piece per sample.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "exec/buffers.h"
#include "variegate/batch.h"

namespace vg {

/// Where the memory of an output comes from: the host's pool, or a device's.
using OutputMemory = std::function<Outcome<std::shared_ptr<std::byte>>(int64_t bytes)>;

/// One output of a batch in flight. Workers place samples in any order.
class OutputBlock {
 public:
  /// `one_block`: expect equal shapes (they were equal in the batch before).
  void begin(OutputMemory memory, size_t samples, bool one_block);
  /// Lets go of the batch.
  void clear();
  /// Memory for a sample; the same memory again if it is asked for twice with one description.
  Outcome<std::byte*> place(int slot, const TensorDesc& desc);
  bool placed(int slot) const { return pieces_[static_cast<size_t>(slot)].data != nullptr; }
  void forget(int slot) { pieces_[static_cast<size_t>(slot)] = {}; }
  const Tensor& piece(int slot) const { return pieces_[static_cast<size_t>(slot)]; }
  /// What was placed first. Workers may ask while others place.
  std::optional<TensorDesc> example() const;
  bool all_equal() const;

 private:
  OutputMemory memory_;
  bool one_block_ = true;
  mutable std::mutex mutex_;
  std::optional<TensorDesc> first_;  ///< the block's type, if there is one
  std::shared_ptr<std::byte> block_;
  std::atomic<bool> block_ready_{false};  ///< from then on neither of the two changes
  std::vector<Tensor> pieces_;
};

}  // namespace vg
