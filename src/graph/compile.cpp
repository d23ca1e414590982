// The compiler of a graph, as a list of passes.
#include "graph/compile.h"

#include <unordered_map>
#include <unordered_set>

namespace vg {
namespace {

Status check_names(const std::vector<std::shared_ptr<Node>>& nodes) {
  std::unordered_set<std::string_view> names;
  for (const auto& n : nodes) {
    const std::string& name = n->options.name;
    if (!name.empty() && !names.insert(name).second)
      return fail("two operators are named '{}'; names must be unique in a pipeline", name);
  }
  return {};
}

/// Lays the nodes that stand for themselves out in one array and numbers their outputs.
CompiledGraph number_slots(const std::vector<std::shared_ptr<Node>>& nodes,
                           const std::vector<int>& stands, const Roots& roots) {
  CompiledGraph graph;
  std::unordered_map<const Node*, int> first_slot;
  for (size_t i = 0; i < nodes.size(); i++) {
    if (stands[i] != static_cast<int>(i)) {
      first_slot[nodes[i].get()] = first_slot[nodes[stands[i]].get()];
      continue;
    }
    auto slot = [&](const Value& v) { return v ? first_slot.at(v.node().get()) + v.output() : -1; };
    CompiledNode n;
    n.node = nodes[i];
    n.op = n.node->op;
    for (const Value& v : n.node->inputs) n.inputs.push_back(slot(v));
    for (const ArgValue& a : n.node->args) {
      const Value* v = std::get_if<Value>(&a);
      n.arguments.push_back(v ? slot(*v) : -1);
    }
    while (!n.arguments.empty() && n.arguments.back() < 0) n.arguments.pop_back();
    n.needs = n.inputs;
    for (int s : n.arguments)
      if (s >= 0) n.needs.push_back(s);
    n.guard = slot(n.node->guard);
    if (n.node->shown)
      if (auto at = first_slot.find(n.node->shown.node().get()); at != first_slot.end())
        n.shown = at->second + n.node->shown.output();
    n.first_slot = static_cast<int>(graph.slot_node.size());
    first_slot[n.node.get()] = n.first_slot;
    const int index = static_cast<int>(graph.nodes.size());
    graph.slot_node.insert(graph.slot_node.end(), static_cast<size_t>(n.node->outputs), index);
    if (n.node->op->family == Family::Select) graph.selects.push_back(index);
    graph.nodes.push_back(std::move(n));
  }
  for (const Value& v : roots.outputs)
    graph.outputs.push_back(first_slot.at(v.node().get()) + v.output());
  for (const Value& v : roots.sinks)
    graph.sinks.push_back(first_slot.at(v.node().get()) + v.output());
  return graph;
}

}  // namespace

Outcome<CompiledGraph> compile(const Roots& roots, uint64_t seed) {
  const std::vector<std::shared_ptr<Node>> nodes = collect(roots);
  VG_TRY(check_names(nodes));
  CompiledGraph graph = number_slots(nodes, merge_equal(nodes), roots);
  name_draws(graph, seed);
  find_barriers(graph);
  graph.plans = std::make_unique<CommonPlans>(graph.nodes);
  return graph;
}

}  // namespace vg
