// Two tables with open addressing, read without a lock.
#include "graph/common_plans.h"

#include "graph/compile.h"

namespace vg {
namespace {

constexpr uint64_t mix(uint64_t hash, uint64_t x) {
  hash = (hash ^ x) * 0x9E3779B97F4A7C15;
  return hash ^ (hash >> 32);
}

uint64_t hash_of(const TensorDesc& desc) {
  uint64_t h = mix(static_cast<uint64_t>(desc.dtype), bits_of(desc.layout));
  for (int64_t extent : desc.shape) h = mix(h, static_cast<uint64_t>(extent));
  return h;
}

uint64_t hash_of(int node, std::span<const KnownValue> needs) {
  auto h = static_cast<uint64_t>(node);
  for (const KnownValue& v : needs)
    h = mix(h, reinterpret_cast<uintptr_t>(v.type) * 31 + reinterpret_cast<uintptr_t>(v.data));
  return h;
}

/// The entry that `is` accepts, or the free place where it belongs.
template <class Table, class Is>
auto& place(Table& table, uint64_t hash, Is&& is) {
  static_assert((std::tuple_size_v<std::remove_const_t<Table>> &
                 (std::tuple_size_v<std::remove_const_t<Table>> - 1)) == 0);
  for (size_t at = hash;; at++) {
    auto& entry = table[at & (table.size() - 1)];
    const auto* found = entry.load(std::memory_order_acquire);
    if (!found || is(*found)) return entry;
  }
}

template <class Table>
auto& place_of_type(Table& table, const TensorDesc& desc) {
  return place(table, hash_of(desc), [&](const TensorDesc& t) { return equal(t, desc); });
}

template <class Table>
auto& place_of_plan(Table& table, int node, std::span<const KnownValue> needs) {
  return place(table, hash_of(node, needs), [&](const auto& entry) {
    return entry.node == node && std::equal(needs.begin(), needs.end(), entry.needs.begin());
  });
}

/// Whether plans of a node are the same for samples that give it the same: draws, and decoders
/// with their limits, ask for more of a sample.
bool is_pure(const CompiledNode& n) {
  const Traits& t = n.op->schema.traits();
  return !t.random && !t.source && !t.impure && !n.node->batch && n.op->family != Family::Select &&
         n.op->family != Family::Decode && n.needs.size() <= CommonPlans::kMostNeeds;
}

}  // namespace

CommonPlans::CommonPlans(std::span<const CompiledNode> nodes) : shared_(nodes.size()) {
  for (size_t i = 0; i < nodes.size(); i++) shared_[i] = is_pure(nodes[i]);
}

const TensorDesc* CommonPlans::find(const TensorDesc& desc) const {
  return place_of_type(types_, desc).load();
}

const TensorDesc* CommonPlans::add(const TensorDesc& desc) {
  const std::lock_guard lock(types_mutex_);
  auto& at = place_of_type(types_, desc);
  if (!at.load() && type_count_ < kTypes) {
    type_count_++;
    at.store(type_arena_.make<TensorDesc>(desc), std::memory_order_release);
  }
  return at.load();
}

const CommonPlan* CommonPlans::find(int node, std::span<const KnownValue> needs) const {
  const Entry* e = place_of_plan(plans_, node, needs).load(std::memory_order_acquire);
  return e ? &e->plan : nullptr;
}

std::unique_lock<std::mutex> CommonPlans::try_write() {
  std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock && (plan_count_ == kPlans || arena_.bytes() > kBytes)) lock.unlock();
  return lock;
}

void CommonPlans::add(int node, std::span<const KnownValue> needs, const CommonPlan& plan) {
  auto& at = place_of_plan(plans_, node, needs);
  if (at.load()) return;  // another thread was first
  plan_count_++;
  const CommonPlan kept{plan.params, plan.alias_input, arena_.copy(plan.in), arena_.copy(plan.out)};
  at.store(arena_.make<Entry>(Entry{node, arena_.copy(needs), kept}), std::memory_order_release);
}

}  // namespace vg
