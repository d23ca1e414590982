// Barriers: batch operators wait for all samples; everything above them belongs to a later level.
#include <algorithm>

#include "graph/compile.h"

namespace vg {

void find_barriers(CompiledGraph& graph) {
  for (size_t i = 0; i < graph.nodes.size(); i++) {
    CompiledNode& n = graph.nodes[i];
    auto above = [&](int slot) {
      const CompiledNode& from = graph.nodes[graph.slot_node[slot]];
      n.level = std::max(n.level, from.level + from.node->batch);
    };
    for (int slot : n.needs) above(slot);
    if (n.guard >= 0) above(n.guard);
    if (!n.node->batch) continue;
    if (graph.barriers.size() <= static_cast<size_t>(n.level)) graph.barriers.resize(n.level + 1);
    graph.barriers[n.level].push_back(static_cast<int>(i));
  }
}

}  // namespace vg
