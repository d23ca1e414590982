// Programs of samples as users read them, written out from their steps when they are asked for.
#pragma once

#include <memory>
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
/// The programs of a batch: `steps` of its samples in order.
Programs to_programs(std::shared_ptr<const ProgramNames> names, std::vector<ProgramSteps> steps);

}  // namespace vg
