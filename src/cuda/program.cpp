// From steps to entries.
#include "cuda/program.h"

#include <algorithm>

#include "cuda/segment.h"

namespace vg::cuda {

Entry ProgramNotes::read_entry(const DeviceProgram& program, size_t first, bool chains,
                               int block_memory) {
  Entry entry{first, 0, stages_.size(), 0, false, 0};
  for (size_t i = first; i < program.steps.size();) {
    ImageStage& stage = stages_.emplace_back();
    const size_t steps = read_stage(program, i, uses_, stage);
    const bool chained = chains && steps > 0 && fits_block(stage, block_memory);
    if (steps == 0 || (entry.stages > 0 && !chained)) {
      stages_.pop_back();
      break;
    }
    stage.brings = stage.bytes_in() <= block_memory && reads_at_random(stage);
    entry.chain = chained;
    entry.stages++;
    i += steps;
    entry.count += steps;
    if (!chained || !feeds_only(program, i - 1, uses_)) break;
  }
  entry.count = std::max<size_t>(entry.count, 1);
  return entry;
}

void ProgramNotes::read(const DeviceProgram& program, bool chains, int block_memory) {
  const size_t values = program.values.size();
  entries_.clear();
  stages_.clear();
  dying_.clear();
  ready_.assign(values, 0);
  last_use_.assign(values, -1);
  uses_.assign(values, 0);
  for (const DeviceStep& step : program.steps)
    for (int v : step.in_values) uses_[static_cast<size_t>(v)]++;
  for (const DeviceProgram::Copy& c : program.copies) uses_[static_cast<size_t>(c.value)]++;
  for (size_t i = 0; i < program.steps.size();) {
    Entry entry = read_entry(program, i, chains, block_memory);
    const DeviceStep &head = program.steps[i], &tail = program.steps[i + entry.count - 1];
    for (int v : head.in_values)
      entry.level = std::max(entry.level, ready_[static_cast<size_t>(v)]);
    for (int v : head.in_values) last_use_[static_cast<size_t>(v)] = entry.level;
    for (int v : tail.out_values) {
      ready_[static_cast<size_t>(v)] = entry.level + 1;
      last_use_[static_cast<size_t>(v)] = entry.level;
    }
    entries_.push_back(entry);
    i += entry.count;
  }
  for (size_t v = 0; v < values; v++) {
    const DeviceValue& value = program.values[v];
    if (!value.keep && !value.data && last_use_[v] >= 0)
      dying_.push_back({last_use_[v], static_cast<int>(v)});
  }
}

}  // namespace vg::cuda
