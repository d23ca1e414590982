// Between the host and the GPU: the programs of a batch go over together, once no sample can go on
// without them.
#include "exec/executor.h"

namespace vg {

std::unique_ptr<OutputBlock> Prepared::output_block(const Job& job, size_t o,
                                                    bool one_block) const {
  OutputMemory memory = [pool = pool](int64_t bytes) { return pool->take_shared(bytes); };
  if (is_device_output(o))
    memory = [device = job.device.get()](int64_t bytes) { return device->output(bytes); };
  return std::make_unique<OutputBlock>(std::move(memory), job.size(), one_block);
}

bool Worker::run_device(Job& job) {
  if (job.fatal) return false;
  auto again = submit(job);
  if (again.ok()) return *again;
  job.fatal = std::move(again.failure());
  return false;
}

Outcome<bool> Worker::submit(Job& job) {
  job_ = &job;
  std::vector<DeviceProgram*> programs;
  std::vector<DeviceBatch::Download> downloads;
  bool waits = false;
  for (size_t i = 0; i < job.runs.size(); i++) {
    if (job.lost(i)) continue;
    if (DeviceProgram* p = std::exchange(job.device_programs[i], nullptr)) programs.push_back(p);
    waits = waits || job.runs[i]->blocked();
  }
  VG_TRY(job.device->submit(programs));
  for (size_t i = 0; i < job.runs.size(); i++) {
    if (job.lost(i)) continue;
    job.runs[i]->surround(*this);
    job.runs[i]->submitted();
    VG_TRY(job.runs[i]->collect_wanted(downloads));
  }
  if (!downloads.empty()) VG_TRY(job.device->download(downloads));
  std::vector<Tensor> held;
  for (size_t i = 0; i < job.runs.size(); i++) {
    if (job.lost(i)) continue;
    job.runs[i]->delivered();
    if (!waits) job.runs[i]->hand_over(held);
  }
  const bool last = static_cast<size_t>(job.level) >= prepared_.graph.barriers.size();
  if (!waits && last) {
    job.device->hold(std::move(held));
    VG_ASSIGN(job.device_memory, job.device->finish());
  }
  job_ = nullptr;
  return waits;
}

}  // namespace vg
