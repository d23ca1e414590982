// Between the host and the GPU: the programs of a batch go over together, once no sample can go on
// without them.
#include <map>

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
  const Stopwatch submitting(timing_.submitting);
  auto again = submit(job);
  if (again.ok()) return *again;
  job.fatal = std::move(again.failure());
  return false;
}

/// Submits the programs that are there. True: others took the place of samples that could not be
/// decoded, and their programs are there now.
Outcome<bool> Worker::submit_programs(Job& job) {
  std::vector<DeviceProgram*> programs;
  std::vector<size_t> slots;
  for (size_t i = 0; i < job.runs.size(); i++) {
    if (job.lost(i)) continue;
    DeviceProgram* p = std::exchange(job.device_programs[i], nullptr);
    if (!p) continue;
    programs.push_back(p);
    slots.push_back(i);
  }
  std::map<size_t, Failure> failed;
  VG_TRY(job.device->submit(programs, [&](size_t program, const DeviceStep& step, std::byte* to) {
    const size_t slot = slots[program];
    job.runs[slot]->surround(*this);
    Status status = job.runs[slot]->make_on_host(step, to);
    if (!status.ok()) failed.emplace(slot, status.failure());
    collect(job, static_cast<int>(slot), *job.runs[slot]);  // its route
    return status.ok();
  }));
  for (size_t slot : slots) job.runs[slot]->submitted();
  bool again = false;
  for (auto& [slot, failure] : failed) {
    SampleRun& run = *job.runs[slot];
    settle(job, static_cast<int>(slot), run, std::move(failure));
    if (job.lost(slot)) continue;
    VG_ASSIGN(job.device_programs[slot], run.device_program());
    collect(job, static_cast<int>(slot), run);
    again = true;
  }
  return again;
}

Outcome<bool> Worker::submit(Job& job) {
  job_ = &job;
  for (bool again = true; again;) {
    VG_ASSIGN(again, submit_programs(job));
  }
  std::vector<DeviceBatch::Download> downloads;
  bool waits = false;
  for (size_t i = 0; i < job.runs.size(); i++) {
    if (job.lost(i)) continue;
    job.runs[i]->surround(*this);
    waits = waits || job.runs[i]->blocked();
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
