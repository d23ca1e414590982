// An operator as the engine sees it: schema, family, how to plan it, how to run it.
#pragma once

#include <string_view>
#include <vector>

#include "graph/plan.h"
#include "graph/schema.h"

namespace vg {

/// A family shares one driver per device (design: the loop is written once per family).
enum class Family {
  Point,        ///< values of a pixel -> values
  Measured,     ///< a statistic of the image, then a point operator made from it
  Warp,         ///< output -> input coordinates
  Stencil,      ///< weighted neighbourhoods
  Resample,     ///< separable resize of a region
  Scatter,      ///< regions or position-keyed noise
  View,         ///< strided copies: crop, slice, flip, transpose, pad, normalise
  Elementwise,  ///< arithmetic of broadcast tensors
  Reduce,       ///< sums, extrema along axes
  Select,       ///< takes one of its alternatives; has no code
  Opaque,       ///< brings its own `run`
};

std::string_view name_of(Family family);

struct OpDef {
  Schema schema;
  Family family = Family::Opaque;
  int opcode = 0;                          ///< position in the family's list of types
  Status (*check)(const Node&) = nullptr;  ///< what plain arguments break is said at definition
  Status (*plan)(Plan&) = nullptr;         ///< checks arguments, describes outputs, sets parameters
  Status (*run)(const Work&) = nullptr;    ///< Opaque only; the others have a driver
};

/// Types as a list: registries and drivers fold over it.
template <class... T>
struct TypeList {
  static constexpr size_t size = sizeof...(T);
};

/// An operator's `plan` returns Outcome of its parameters; this stores them.
template <class Op>
Status plan_op(Plan& p) {
  auto params = Op::plan(p);
  VG_TRY(p.status());
  if (!params.ok()) return std::move(params.failure());
  p.set_params(*params);
  return {};
}

template <class Op>
concept HasRun = requires(const Work& work) { Op::run(work); };

template <class Op>
concept HasCheck = requires(const Node& node) { Op::check(node); };

template <class Op>
OpDef make_def(Family family, int opcode) {
  OpDef def{Op::schema(), family, opcode, nullptr, &plan_op<Op>, nullptr};
  if constexpr (HasCheck<Op>) def.check = &Op::check;
  if constexpr (HasRun<Op>) def.run = &Op::run;
  return def;
}

/// All operators, in the order of the registry. Stable addresses.
const std::vector<OpDef>& registry();
/// By name or alias; null if there is none.
const OpDef* find_op(std::string_view name);

}  // namespace vg
