// What the samples of a batch found behind each select of the graph: all must agree with the first.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/philox.h"
#include "graph/static_type.h"

namespace vg {

/// Workers ask at the same time, for every sample and select: once the first sample has come by, an
/// answer is one load.
class SelectTypes {
 public:
  SelectTypes() = default;
  explicit SelectTypes(size_t nodes) : codes_(nodes) {}

  /// In what `found` differs from what came first at this node; empty: in nothing.
  std::string difference(int node, const TensorDesc& found) {
    std::atomic<uint64_t>& code = codes_[static_cast<size_t>(node)];
    const uint64_t own = code_of(found);
    if (code.load(std::memory_order_acquire) == own) return {};
    std::lock_guard lock(mutex_);
    const StaticType type{found.dtype, found.shape.ndim(), found.layout};
    const StaticType& first = first_.try_emplace(node, type).first->second;
    uint64_t none = 0;
    code.compare_exchange_strong(none, own, std::memory_order_release);
    return divergence(first, type);
  }

 private:
  /// Of type, rank and layout; never 0.
  static uint64_t code_of(const TensorDesc& desc) {
    uint64_t code =
        hash64(static_cast<uint64_t>(desc.dtype), static_cast<uint64_t>(desc.shape.ndim()));
    for (char letter : desc.layout.text()) code = code * 131 + static_cast<uint8_t>(letter);
    return code | 1;
  }

  std::vector<std::atomic<uint64_t>> codes_;  ///< of the first; 0: none yet
  std::mutex mutex_;
  std::map<int, StaticType> first_;
};

}  // namespace vg
