// Branches that cannot be mixed in a batch: seen before any batch mixes them.
#include <fmt/format.h>

#include "graph/compile.h"

namespace vg {

std::vector<std::string> divergent_selects(const CompiledGraph& graph) {
  std::vector<std::string> texts;
  for (int index : graph.selects) {
    const Node& node = *graph.nodes[static_cast<size_t>(index)].node;
    auto type = [&](size_t i) -> const StaticType& {
      const Value& v = node.inputs[i];
      return v.node()->types[static_cast<size_t>(v.output())];
    };
    for (size_t i = 2; i < node.inputs.size(); i++) {
      const std::string what = divergence(type(1), type(i));
      if (what.empty()) continue;
      texts.push_back(fmt::format(
          "the branches of an `if` give distinct {}; a batch that mixes them will fail{}", what,
          node.options.where.empty() ? "" : " (" + node.options.where + ")"));
      break;
    }
  }
  return texts;
}

}  // namespace vg
