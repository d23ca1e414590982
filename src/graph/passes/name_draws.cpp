// Draw ids: what is drawn keeps its numbers when code around it moves.
#include <fmt/format.h>

#include <map>

#include "graph/compile.h"

namespace vg {
namespace {

/// Nodes in depth-first order from the outputs, arguments in order, each once, inputs first.
std::vector<int> walk(const CompiledGraph& graph) {
  std::vector<int> order;
  std::vector<char> seen(graph.nodes.size());
  struct Frame {
    int node;
    size_t next;
  };
  std::vector<Frame> stack;
  auto enter = [&](int slot) {
    const int n = graph.slot_node[slot];
    if (!seen[n]) {
      seen[n] = 1;
      stack.push_back({n, 0});
    }
  };
  auto run = [&](int root) {
    enter(root);
    while (!stack.empty()) {
      Frame& f = stack.back();
      const CompiledNode& n = graph.nodes[f.node];
      const size_t all = n.needs.size();
      if (f.next < all) {
        enter(n.needs[f.next++]);
      } else if (f.next++ == all && n.guard >= 0) {
        enter(n.guard);
      } else {
        order.push_back(f.node);
        stack.pop_back();
      }
    }
  };
  for (int slot : graph.outputs) run(slot);
  for (int slot : graph.sinks) run(slot);
  return order;
}

}  // namespace

void name_draws(CompiledGraph& graph, uint64_t seed) {
  std::map<std::string, int> ordinals;
  std::map<uint64_t, std::string> groups;
  for (int i : walk(graph)) {
    CompiledNode& n = graph.nodes[i];
    const Schema& schema = n.node->schema();
    if (schema.traits().source) graph.sources.push_back(i);
    if (!schema.traits().random) continue;
    const CallOptions& o = n.node->options;
    const std::string& kind = schema.draw_kind();
    if (o.seed >= 0) {
      n.draw_id = fmt::format("{}#{}", kind, o.ordinal);
      n.draw = DrawKey{hash64(hash64(static_cast<uint64_t>(o.seed)), n.draw_id)};
      continue;
    }
    std::string& shared = groups[o.draw_group];
    if (o.draw_group != 0 && !shared.empty())
      n.draw_id = shared;
    else
      shared = n.draw_id =
          o.name.empty() ? fmt::format("{}:{}", kind, ordinals[kind]++) : "=" + o.name;
    n.draw = DrawKey{hash64(seed, n.draw_id)};
  }
}

}  // namespace vg
