// The registry: a fold over the lists of the families. Opcode = position in its list.
#include <unordered_map>

#include "graph/op_def.h"
#include "ops/lists/elementwise.h"
#include "ops/lists/measured.h"
#include "ops/lists/opaque.h"
#include "ops/lists/point.h"
#include "ops/lists/reduce.h"
#include "ops/lists/resample.h"
#include "ops/lists/scatter.h"
#include "ops/lists/stencil.h"
#include "ops/lists/view.h"
#include "ops/lists/warp.h"
#include "ops/select.h"

namespace vg {
namespace {

template <class... Op>
void add(std::vector<OpDef>& to, [[maybe_unused]] Family family, TypeList<Op...>) {
  [[maybe_unused]] int opcode = 0;
  (to.push_back(make_def<Op>(family, opcode++)), ...);
}

std::vector<OpDef> build() {
  std::vector<OpDef> ops;
  add(ops, Family::Point, PointOps{});
  add(ops, Family::Measured, MeasuredOps{});
  add(ops, Family::Warp, WarpOps{});
  add(ops, Family::Stencil, StencilOps{});
  add(ops, Family::Resample, ResampleOps{});
  add(ops, Family::Scatter, ScatterOps{});
  add(ops, Family::View, ViewOps{});
  add(ops, Family::Elementwise, ElementwiseOps{});
  add(ops, Family::Reduce, ReduceOps{});
  add(ops, Family::Opaque, OpaqueOps{});
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
  static constexpr std::string_view kNames[] = {"point",    "measured", "warp",   "stencil",
                                                "resample", "scatter",  "view",   "elementwise",
                                                "reduce",   "select",   "opaque"};
  return kNames[static_cast<int>(family)];
}

}  // namespace vg
