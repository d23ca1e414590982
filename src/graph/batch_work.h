// What a batch operator sees: all samples of its branch at once.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "graph/plan.h"

namespace vg {

/// One participating sample with its inputs in memory.
struct BatchItem {
  Sample sample;
  std::span<const TensorRef> in, args;
  std::span<Tensor> out;  ///< to be filled
};

class BatchWork {
 public:
  BatchWork(const Node& node, DrawKey draw, const Sample& first, std::span<BatchItem> items)
      : node_(node), draw_(draw), first_(first), items_(items) {}
  virtual ~BatchWork() = default;

  const Node& node() const { return node_; }
  std::span<BatchItem> items() const { return items_; }
  /// Draws for the batch as a whole, keyed by its first position in the stream.
  DrawStream draws() const { return DrawStream(draw_, first_.key); }
  /// Runs the operator on one sample, as planned by `plan` (which sees the whole batch by capture):
  /// it describes the outputs and sets the parameters as an operator's own `plan` does.
  virtual Status run(size_t item, const std::function<Status(Plan&)>& plan) = 0;
  /// Memory for an output.
  virtual Outcome<Tensor> allocate(const TensorDesc& desc) = 0;

 private:
  const Node& node_;
  DrawKey draw_;
  const Sample& first_;
  std::span<BatchItem> items_;
};

}  // namespace vg
