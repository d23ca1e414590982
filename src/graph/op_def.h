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
  Decode,       ///< encoded bytes -> pixels
  Select,       ///< takes one of its alternatives; has no code
  Opaque,       ///< brings its own `run`
};

std::string_view name_of(Family family);

class BatchWork;
class Source;
using SourceFactory = Outcome<std::shared_ptr<Source>> (*)(const Node& node, uint64_t seed);

struct OpDef {
  Schema schema;
  Family family = Family::Opaque;
  int opcode = 0;  ///< position in the family's list of types
  /// Types of the outputs as far as they are known before any sample; null: by the family.
  void (*infer)(const Node&, std::vector<StaticType>&) = nullptr;
  Status (*check)(const Node&) = nullptr;  ///< what plain arguments break is said at definition
  Status (*plan)(Plan&) = nullptr;         ///< checks arguments, describes outputs, sets parameters
  Status (*run)(const Work&) = nullptr;    ///< Opaque only; the others have a driver
  /// Batch operators: all samples at once. `needs_batch` tells whether a node is one (null: by its
  /// traits); `pad` is one only if it pads to the largest.
  Status (*run_batch)(BatchWork&) = nullptr;
  bool (*needs_batch)(const Node&) = nullptr;
  SourceFactory make_source = nullptr;  ///< sources only
};

/// Types as a list: registries and drivers fold over it.
template <class... T>
struct TypeList {
  static constexpr size_t size = sizeof...(T);
};

/// An operator's `plan` returns Outcome of its parameters, if it has any; this stores them.
template <class Op>
Status plan_op(Plan& p) {
  auto params = Op::plan(p);
  VG_TRY(p.status());
  if (!params.ok()) return std::move(params.failure());
  if constexpr (!std::is_same_v<decltype(params), Status>) p.set_params(*params);
  return {};
}

template <class Op>
concept HasRun = requires(const Work& work) {
  Op::run(work);
};

template <class Op>
concept HasCheck = requires(const Node& node) {
  Op::check(node);
};

template <class Op>
concept HasInfer = requires(const Node& node, std::vector<StaticType>& types) {
  Op::infer(node, types);
};

template <class Op>
concept HasRunBatch = requires(BatchWork& work) {
  Op::run_batch(work);
};

template <class Op>
concept HasNeedsBatch = requires(const Node& node) {
  Op::needs_batch(node);
};

template <class Op>
concept HasSource = requires(const Node& node) {
  Op::make_source(node, uint64_t{0});
};

template <class Op>
OpDef make_def(Family family, int opcode) {
  OpDef def;
  def.schema = Op::schema();
  def.family = family;
  def.opcode = opcode;
  def.plan = &plan_op<Op>;
  if constexpr (HasInfer<Op>) def.infer = &Op::infer;
  if constexpr (HasCheck<Op>) def.check = &Op::check;
  if constexpr (HasRun<Op>) def.run = &Op::run;
  if constexpr (HasRunBatch<Op>) def.run_batch = &Op::run_batch;
  if constexpr (HasNeedsBatch<Op>) def.needs_batch = &Op::needs_batch;
  if constexpr (HasSource<Op>) def.make_source = &Op::make_source;
  return def;
}

/// All operators, in the order of the registry. Stable addresses.
const std::vector<OpDef>& registry();
/// By name or alias; null if there is none.
const OpDef* find_op(std::string_view name);

}  // namespace vg
