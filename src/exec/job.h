// A batch in flight: its samples, their outputs, and what went wrong.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "exec/outputs.h"
#include "exec/programs.h"
#include "exec/sample_run.h"
#include "exec/select_types.h"
#include "exec/source.h"

namespace vg {

/// A sample's values between the levels of its batch, with the memory behind them.
struct KeptRun {
  std::unique_ptr<BufferCache> cache;
  std::unique_ptr<SampleRun> run;
  SampleRun* operator->() const { return run.get(); }
  SampleRun& operator*() const { return *run; }
  explicit operator bool() const { return run != nullptr; }
};

struct Job {
  uint64_t iteration = 0;
  std::vector<Sample> samples;
  std::vector<char> padding;
  std::vector<SourceBatch> inputs;  ///< per source
  std::vector<std::unique_ptr<OutputBlock>> outputs;
  std::vector<std::optional<Failure>> failures;  ///< per sample
  std::vector<int64_t> replaced_by;              ///< per sample; -1
  std::shared_ptr<Programs::Steps> programs;     ///< per sample
  std::vector<std::string> states;               ///< of the sources, after this batch
  std::optional<Failure> fatal;                  ///< the whole batch fails whatever on_error says
  std::mutex fatal_mutex;                        ///< while workers are busy with samples

  int level = 0;             ///< barriers passed
  int phase = 0;             ///< how often this level has waited for the device
  bool at_barrier = false;   ///< all samples are there, and nobody runs the batch operators yet
  bool asks_device = false;  ///< was submitted, and nobody looks for the device's answer yet
  int next = 0;              ///< the next sample of this level to hand out
  int remaining = 0;         ///< samples of this level not done
  bool done = false;
  bool cancelled = false;  ///< nobody will take it
  /// With barriers a sample's values must survive between levels: a run per sample.
  std::vector<KeptRun> runs;
  std::vector<DeviceProgram*> device_programs;  ///< per sample: to be submitted; null: nothing
  std::vector<size_t> submitted;                ///< samples of the submission that has begun

  std::unique_ptr<DeviceBatch> device;  ///< null: the host does all
  std::shared_ptr<DeviceMemory> device_memory;

  std::unique_ptr<SelectTypes> select_types;

  /// Lets go of the batch; the memory of this job serves another.
  void clear();

  /// Nothing of the sample goes on: it failed and no other took its place.
  bool lost(size_t slot) const { return failures[slot] && replaced_by[slot] < 0; }
  int size() const { return static_cast<int>(samples.size()); }
};

}  // namespace vg
