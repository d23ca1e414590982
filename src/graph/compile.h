// From the user's graph to flat arrays: the passes that run once, when a pipeline is built.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/philox.h"
#include "graph/common_plans.h"
#include "graph/node.h"
#include "graph/op_def.h"

namespace vg {

/// A node that some output needs. Slots number the values of a sample.
struct CompiledNode {
  std::shared_ptr<Node> node;
  const OpDef* op = nullptr;   ///< of the node
  std::vector<int> inputs;     ///< slots
  std::vector<int> arguments;  ///< slot per argument of the schema, -1: not given as a Value
  std::vector<int> needs;      ///< slots that are planned before it: inputs, then arguments
  int shown = -1;              ///< slot of the value that programs show, -1: the arguments
  int guard = -1;              ///< slot of the hidden condition, -1: none
  int first_slot = 0;          ///< of its outputs
  int level = 0;               ///< number of barriers (batch operators) below it
  DrawKey draw;                ///< random operators only
  std::string draw_id;
};

struct CompiledGraph {
  std::vector<CompiledNode> nodes;         ///< inputs come before the nodes that use them
  std::vector<int> slot_node;              ///< node of a slot
  std::vector<int> outputs;                ///< slots
  std::vector<int> sinks;                  ///< slots that are evaluated although nothing uses them
  std::vector<std::vector<int>> barriers;  ///< batch operators by level, as node indices
  std::vector<int> sources;            ///< node indices, in the order of the walk from the outputs
  std::vector<int> selects;            ///< node indices
  std::unique_ptr<CommonPlans> plans;  ///< any thread reads and adds
};

/// What is kept, and what for.
struct Roots {
  std::vector<Value> outputs;
  std::vector<Value> sinks;
};

/// The passes in order: collect, merge equal nodes, name draws, number slots, find barriers.
/// Fails if two operators have one name.
Outcome<CompiledGraph> compile(const Roots& roots, uint64_t seed);

// Passes, each in a file of its own under passes/.

/// All nodes that the roots reach, in order of creation (so inputs come first).
std::vector<std::shared_ptr<Node>> collect(const Roots& roots);

/// Equal pure nodes become one: same operator, arguments, inputs. Draws merge only with equal
/// explicit seeds; named, preserved, source and callback nodes never. Batch operators only under
/// one guard. Gives for each node the node that stands for it.
std::vector<int> merge_equal(const std::vector<std::shared_ptr<Node>>& nodes);

/// Names every draw, so that it does not depend on the order of creation (design: "draw id").
void name_draws(CompiledGraph& graph, uint64_t seed);

/// For each select whose alternatives are known to differ: what in, and where it was written.
std::vector<std::string> divergent_selects(const CompiledGraph& graph);

/// Levels of nodes by the barriers below them.
void find_barriers(CompiledGraph& graph);

}  // namespace vg
