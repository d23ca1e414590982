// Pad to the largest: the extents come from all samples of the batch.
#include "ops/pad.h"

namespace vg {

bool Pad::needs_batch(const Node& node) {
  const auto& shape = node.args[static_cast<size_t>(node.schema().index_of("shape"))];
  const auto* given = std::get_if<std::vector<int64_t>>(&shape);
  return !given || std::any_of(given->begin(), given->end(), [](int64_t e) { return e < 0; });
}

Status Pad::run_batch(BatchWork& work) {
  const std::span<BatchItem> items = work.items();
  Shape largest = items[0].in[0].desc.shape;
  for (const BatchItem& item : items) {
    const Shape& shape = item.in[0].desc.shape;
    if (shape.ndim() != largest.ndim())
      return work.node().problem(ErrorKind::Runtime, "",
                                 fmt::format("needs one number of dimensions in a batch; got the "
                                             "shapes {} and {}",
                                             largest.text(), shape.text()));
    for (int d = 0; d < shape.ndim(); d++) largest[d] = std::max(largest[d], shape[d]);
  }
  for (size_t i = 0; i < items.size(); i++) {
    VG_TRY(work.run(i, [&](Plan& p) -> Status {
      VG_ASSIGN(const ViewParams params, plan_to(p, largest));
      p.set_params(params);
      return {};
    }));
  }
  return {};
}

}  // namespace vg
