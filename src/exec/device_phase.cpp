// Between the host and the GPU: the programs of a batch go over together, once no sample can go on
// without them.
#include <map>

#include "exec/executor.h"

namespace vg {

Worker::Next Worker::run_device(Job& job) {
  if (job.fatal) return Next::GoOn;
  const Stopwatch submitting(timing_.submitting);
  job_ = &job;
  auto next = submit(job);
  job_ = nullptr;
  if (next.ok()) return *next;
  job.fatal = std::move(next.failure());
  return Next::GoOn;
}

/// Submits the programs that are there.
Status Worker::begin_submission(Job& job) {
  std::vector<DeviceProgram*> programs;
  for (size_t i = 0; i < job.runs.size(); i++) {
    if (job.lost(i)) continue;
    DeviceProgram* p = std::exchange(job.device_programs[i], nullptr);
    if (!p) continue;
    programs.push_back(p);
    job.submitted.push_back(i);
  }
  return job.device->submit(programs);
}

/// True: others took the place of samples that could not be decoded, and their programs are there
/// now.
Outcome<bool> Worker::complete_submission(Job& job) {
  const std::vector<size_t> slots = std::exchange(job.submitted, {});
  std::map<size_t, Failure> failed;
  VG_TRY(job.device->complete([&](size_t program, const DeviceStep& step, std::byte* to) {
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

Outcome<Worker::Next> Worker::submit(Job& job) {
  bool asked = !job.submitted.empty();  // and comes back for the answer
  for (bool again = true; again; asked = false) {
    if (!asked) {
      VG_TRY(begin_submission(job));
      if (!job.device->answered()) return Next::AskDevice;
    }
    VG_ASSIGN(again, complete_submission(job));
  }
  VG_ASSIGN(const bool waits, fetch_results(job));
  return waits ? Next::RunLevel : Next::GoOn;
}

/// Brings the values that samples wait for. True: some do. The last results are not waited for.
Outcome<bool> Worker::fetch_results(Job& job) {
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
  return waits;
}

}  // namespace vg
