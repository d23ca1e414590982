// Plans that samples have in common: what follows from a node, the types of what it needs and
// values that are the same for every sample is worked out once and kept.
#pragma once

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <span>
#include <vector>

#include "core/arena.h"
#include "variegate/tensor.h"

namespace vg {

struct CompiledNode;

/// What a plan may depend on. Equal pointers mean equal types and equal elements.
struct KnownValue {
  const TensorDesc* type = nullptr;  ///< one of `CommonPlans`
  std::byte* data = nullptr;         ///< the same for every sample; null: there are none yet
  bool operator==(const KnownValue&) const = default;
};

/// What planning a node gave.
struct CommonPlan {
  const void* params;
  int alias_input;                        ///< -1: none
  std::span<const TensorDesc* const> in;  ///< as the operator takes its inputs
  std::span<const KnownValue> out;        ///< no data: an instruction makes them
};

/// Types and plans of one graph. They are only ever added, up to a limit, so that readers need no
/// lock; where a table is full or another thread writes, samples plan for themselves.
class CommonPlans {
 public:
  static constexpr size_t kMostNeeds = 8;

  explicit CommonPlans(std::span<const CompiledNode> nodes);

  /// The type that equals `desc`; null: none was added.
  const TensorDesc* find(const TensorDesc& desc) const;
  /// Adds it if there is room; else null.
  const TensorDesc* add(const TensorDesc& desc);

  /// Whether plans of this node follow from the node and what it needs.
  bool shares(int node) const { return shared_[static_cast<size_t>(node)]; }
  /// Null: none was added.
  const CommonPlan* find(int node, std::span<const KnownValue> needs) const;
  /// The right to use `arena` and to add a plan; not owned: not now, or never more.
  std::unique_lock<std::mutex> try_write();
  Arena& arena() { return arena_; }
  void add(int node, std::span<const KnownValue> needs, const CommonPlan& plan);

 private:
  static constexpr size_t kTypes = 512, kPlans = 4096;  ///< at most; tables are twice as large
  static constexpr size_t kBytes = size_t{4} << 20;
  struct Entry {
    int node;
    std::span<const KnownValue> needs;
    CommonPlan plan;
  };
  template <class T, size_t kMost>
  using Table = std::array<std::atomic<const T*>, 2 * kMost>;

  Table<TensorDesc, kTypes> types_{};
  Table<Entry, kPlans> plans_{};
  std::vector<char> shared_;        ///< by node
  std::mutex types_mutex_, mutex_;  ///< of those who add
  size_t type_count_ = 0, plan_count_ = 0;
  Arena type_arena_, arena_;
};

/// The letters of a layout as one number.
inline uint64_t bits_of(const Layout& layout) {
  uint64_t bits;
  static_assert(Shape::kMaxDims == sizeof(bits));
  std::memcpy(&bits, layout.text().data(), sizeof(bits));  // zeros follow the last letter
  return bits;
}

/// All that they say is the same.
inline bool equal(const TensorDesc& a, const TensorDesc& b) {
  return a.dtype == b.dtype && bits_of(a.layout) == bits_of(b.layout) && a.shape == b.shape;
}

}  // namespace vg
