// Programs of samples as users read them, written out from their steps when they are asked for.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exec/sample_run.h"
#include "variegate/batch.h"

namespace vg {

/// What programs show of the nodes of a graph. Outlives the pipeline as long as a batch is held.
struct ProgramNames {
  struct OfNode {
    std::string name, device_route;
    std::vector<std::string> arguments;
  };
  std::vector<OfNode> nodes;
};

ProgramNames program_names(const CompiledGraph& graph);
Program to_program(const ProgramNames& names, const ProgramSteps& steps);

/// The programs of a batch.
struct Programs::Steps {
  std::shared_ptr<const ProgramNames> names;
  std::vector<ProgramSteps> of_samples;
  size_t count = 0;  ///< of samples; what lies behind them keeps its memory
};

/// Programs of batches that nobody holds any more: their memory serves the next ones.
class ProgramStore : public std::enable_shared_from_this<ProgramStore> {
 public:
  explicit ProgramStore(ProgramNames names)
      : names_(std::make_shared<const ProgramNames>(std::move(names))) {}
  const ProgramNames& names() const { return *names_; }
  /// For a batch of `samples`.
  std::shared_ptr<Programs::Steps> take(size_t samples);

 private:
  static constexpr size_t kKept = 16;
  void give(std::unique_ptr<Programs::Steps> steps);

  const std::shared_ptr<const ProgramNames> names_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Programs::Steps>> spare_;
};

}  // namespace vg
