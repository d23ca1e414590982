// What the samples of a batch found behind each select of the graph: all must agree with the first.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/philox.h"
#include "graph/static_type.h"

namespace vg {

/// Workers ask at the same time, for every sample and select: once the first sample has come by, an
/// answer is one load.
class SelectTypes {
 public:
  explicit SelectTypes(size_t nodes) : codes_(nodes), first_(nodes) {}

  /// In what `found` differs from what came first at this node; empty: in nothing.
  std::string difference(int node, const TensorDesc& found) {
    std::atomic<uint64_t>& code = codes_[static_cast<size_t>(node)];
    const uint64_t own = code_of(found);
    if (code.load(std::memory_order_acquire) == own) return {};
    std::lock_guard lock(mutex_);
    const StaticType type{found.dtype, found.shape.ndim(), found.layout};
    std::optional<StaticType>& first = first_[static_cast<size_t>(node)];
    if (!first) {
      first = type;
      code.store(own, std::memory_order_release);
    }
    return divergence(*first, type);
  }

  /// Forgets what it has seen.
  void clear() {
    for (auto& code : codes_) code.store(0, std::memory_order_relaxed);
    std::fill(first_.begin(), first_.end(), std::nullopt);
  }

 private:
  /// Of type, rank and layout; never 0.
  static uint64_t code_of(const TensorDesc& desc) {
    const uint64_t type = static_cast<uint64_t>(desc.dtype),
                   rank = static_cast<uint64_t>(desc.shape.ndim());
    return hash64(hash64(type, rank), desc.layout.text()) | 1;
  }

  std::vector<std::atomic<uint64_t>> codes_;  ///< of the first; 0: none yet
  std::mutex mutex_;
  std::vector<std::optional<StaticType>> first_;  ///< by node
};

}  // namespace vg
