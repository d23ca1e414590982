// Which nodes the outputs need.
#include <algorithm>
#include <unordered_set>

#include "graph/compile.h"

namespace vg {

std::vector<std::shared_ptr<Node>> collect(const Roots& roots) {
  std::vector<std::shared_ptr<Node>> found, pending;
  std::unordered_set<const Node*> seen;
  auto visit = [&](const Value& v) {
    if (v && seen.insert(v.node().get()).second) pending.push_back(v.node());
  };
  for (const Value& v : roots.outputs) visit(v);
  for (const Value& v : roots.sinks) visit(v);
  while (!pending.empty()) {
    std::shared_ptr<Node> node = std::move(pending.back());
    pending.pop_back();
    node->each_dependency(visit);
    found.push_back(std::move(node));
  }
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a->order < b->order; });
  return found;
}

}  // namespace vg
