// The beginning and the end of a batch in flight: what it needs comes from batches before it.
#include "exec/executor.h"

namespace vg {

void Prepared::begin(Job& job, std::span<const std::atomic<bool>> dense) const {
  const size_t n = job.samples.size();
  job.failures.resize(n);
  job.replaced_by.assign(n, -1);
  job.programs = programs->take(n);
  if (!job.select_types) job.select_types = std::make_unique<SelectTypes>(graph.nodes.size());
  while (job.outputs.size() < graph.outputs.size())
    job.outputs.push_back(std::make_unique<OutputBlock>());
  for (size_t o = 0; o < job.outputs.size(); o++) {
    OutputMemory memory = [host = pool.get()](int64_t bytes) { return host->take_shared(bytes); };
    if (is_device_output(o))
      memory = [device = job.device.get()](int64_t bytes) { return device->output(bytes); };
    job.outputs[o]->begin(std::move(memory), n, dense.empty() || dense[o].load());
  }
  if (!keeps_runs()) return;
  job.runs.resize(n);
  spare.take(job.runs);
  job.device_programs.resize(n);
}

void Job::clear() {
  for (SourceBatch& in : inputs) in.data.clear();
  for (const auto& o : outputs) o->clear();
  if (select_types) select_types->clear();
  samples.clear();
  padding.clear();
  failures.clear();
  replaced_by.clear();
  programs.reset();
  states.clear();
  fatal.reset();
  level = phase = next = remaining = 0;
  at_barrier = asks_device = done = cancelled = false;
  runs.clear();
  device_programs.clear();
  submitted.clear();
  device.reset();
  device_memory.reset();
}

}  // namespace vg
