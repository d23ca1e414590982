// The registry: a fold over the lists of the families. Opcode = position in its list.
#include <unordered_map>

#include "ops/registry/add.h"
#include "ops/select.h"

namespace vg {
namespace {

std::vector<OpDef> build() {
  std::vector<OpDef> ops;
  add_point(ops);
  add_measured(ops);
  add_warp(ops);
  add_stencil(ops);
  add_resample(ops);
  add_scatter(ops);
  add_view(ops);
  add_elementwise(ops);
  add_reduce(ops);
  add_decode(ops);
  add_opaque(ops);
  add(ops, Family::Select, TypeList<Select>{});
  return ops;
}

}  // namespace

const std::vector<OpDef>& registry() {
  static const std::vector<OpDef> ops = build();
  return ops;
}

const OpDef* find_op(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const OpDef*> map;
    for (const OpDef& op : registry()) {
      map.emplace(op.schema.name(), &op);
      for (const std::string& alias : op.schema.aliases()) map.emplace(alias, &op);
    }
    return map;
  }();
  const auto at = by_name.find(name);
  return at == by_name.end() ? nullptr : at->second;
}

std::string_view name_of(Family family) {
  static constexpr std::string_view kNames[] = {"point",    "measured", "warp",  "stencil",
                                                "resample", "scatter",  "view",  "elementwise",
                                                "reduce",   "decode",   "select", "opaque"};
  return kNames[static_cast<int>(family)];
}

}  // namespace vg
