// The host executor: a pool of threads that take samples, and a ring of batches.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "exec/job.h"
#include "exec/programs.h"
#include "exec/timing.h"
#include "variegate/pipeline.h"

namespace vg {

/// Runs that no batch uses: their arenas and tables serve the next one.
class SpareRuns {
 public:
  /// For a whole batch, as far as there are any.
  void take(std::vector<KeptRun>& runs) {
    std::lock_guard lock(mutex_);
    for (KeptRun& r : runs) {
      if (spare_.empty()) return;
      r = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  void give(std::vector<KeptRun> kept) {
    for (KeptRun& k : kept) {
      k.run->let_go();
      k.cache->clear();
    }
    std::lock_guard lock(mutex_);
    std::move(kept.begin(), kept.end(), std::back_inserter(spare_));
  }

 private:
  std::mutex mutex_;
  std::vector<KeptRun> spare_;
};

/// The part of a pipeline that never changes once built; shared with the workers.
struct Prepared {
  CompiledGraph graph;
  PipelineOptions options;
  uint64_t seed = 0;
  std::vector<std::shared_ptr<Source>> sources;  ///< by position in graph.sources
  std::vector<int> source_at;                    ///< by node index; -1: no source
  /// By source: what its first output is read by.
  enum class Readers : char { Any, Operators, Device };
  std::vector<Readers> readers;
  int primary = -1;  ///< the source that names samples; -1: position
  std::shared_ptr<ProgramStore> programs;
  std::shared_ptr<HostPool> pool;
  std::shared_ptr<Device> device;  ///< null: the host does all
  mutable SpareRuns spare;
  /// By node index: asked for on the device, without a form there.
  mutable std::vector<std::atomic<bool>> on_host;

  /// Values of a sample outlive the call of a worker: a run per sample.
  bool keeps_runs() const { return device || !graph.barriers.empty(); }
  /// Whether an output is asked for on the device, and will be there.
  bool is_device_output(size_t o) const {
    return device &&
           graph.nodes[static_cast<size_t>(graph.slot_node[static_cast<size_t>(graph.outputs[o])])]
               .node->is_gpu();
  }
  /// Makes room for the results of the job's samples; `dense`: by output, whether equal shapes are
  /// expected (none: yes).
  void begin(Job& job, std::span<const std::atomic<bool>> dense) const;
};

/// Runs one sample at a time for a job (or alone, for replay and plan).
class Worker : public Surroundings {
 public:
  Worker(const Prepared& prepared, Timing& timing);
  /// A sample from bytes to its places in the batch. Failures go to the job.
  void run_sample(Job& job, int slot);
  /// The part of a sample below the job's next barrier, or above the last one.
  void run_level(Job& job, int slot);
  /// All batch operators of the job's level.
  void run_barrier(Job& job);
  /// What is to be done for a batch next.
  enum class Next { AskDevice, RunLevel, GoOn };
  /// Brings what the samples have planned to the device. AskDevice: it has not yet said what it
  /// could not decode; the next call goes on from there, and waits if it must. RunLevel: samples
  /// waited for results, which are there now, and the level is to be run again.
  Next run_device(Job& job);
  SampleRun& alone() { return run_; }

  Status load(int node, const Sample& sample, std::span<Tensor> outputs) override;
  Outcome<std::byte*> place(int output, const Sample& sample, const TensorDesc& desc) override;
  DeviceBatch* device() override { return job_ ? job_->device.get() : nullptr; }
  void runs_on_host(int node) override {
    prepared_.on_host[static_cast<size_t>(node)].store(true, std::memory_order_relaxed);
  }

 private:
  /// A sample from its source to its end, or to the job's first barrier.
  Status attempt(const Job& job, SampleRun& run, const Sample& sample);
  /// What the batch operators of the job's level need of a sample.
  Status reach_barrier(const Job& job, SampleRun& run) const;
  void settle(Job& job, int slot, SampleRun& run, Failure failure);
  bool replace(Job& job, int slot, SampleRun& run);
  void blank(Job& job, int slot, SampleRun& run);
  void collect(Job& job, int slot, const SampleRun& run);
  Status run_batch_node(Job& job, int node);
  Outcome<Next> submit(Job& job);
  Status begin_submission(Job& job);
  Outcome<bool> complete_submission(Job& job);
  Outcome<bool> fetch_results(Job& job);

  const Prepared& prepared_;
  Timing& timing_;
  BufferCache cache_;
  SampleRun run_;
  Job* job_ = nullptr;  ///< whose outputs are filled; null: alone
};

class Executor {
 public:
  explicit Executor(std::shared_ptr<const Prepared> prepared);
  ~Executor();

  /// Starts a batch. StopIteration if a source ended.
  Status schedule();
  /// The oldest batch started, when all its samples are done. `poll` false: gives up.
  Outcome<std::shared_ptr<Job>> take(const std::function<bool()>& poll);
  /// A job that was taken, and whose results are elsewhere: its memory serves the next batch.
  void give(std::shared_ptr<Job> job);
  int scheduled() const { return static_cast<int>(ring_.size()); }
  /// Forgets what is in flight.
  void drain();
  /// Where the stream stands without a reader: samples since the epoch began.
  void set_position(uint64_t epoch, uint64_t position) {
    epoch_ = epoch;
    position_ = position;
  }
  uint64_t epoch() const { return epoch_; }
  void set_iteration(uint64_t iteration) { iteration_ = iteration; }

  /// Adds what all threads have counted.
  void add_timing(Timing& to) const {
    to += timing_;
    for (const Timing& t : worker_timings_) to += t;
  }

 private:
  /// Whoever takes samples of a job that has more wakes another thread, so that nobody has to wake
  /// them all: for the one who schedules that costs more than a batch for the GPU.
  void work(Timing& timing);
  /// How many samples a worker takes at a time.
  int grain(const Job& job) const;
  /// A batch with samples to hand out, the oldest; null: there is none.
  std::shared_ptr<Job> next_with_samples() const;
  /// The oldest batch that waits for the device's answer; null: none does.
  std::shared_ptr<Job> next_asking() const;
  /// Until there may be something to do.
  void rest(Timing& timing, std::unique_lock<std::mutex>& lock);
  void finish_level(Job& job, Worker& worker, std::unique_lock<std::mutex>& lock);
  std::shared_ptr<Job> next_at_barrier() const;
  void finish(Job& job, std::unique_lock<std::mutex>& lock);
  void check_divergence(Job& job) const;

  std::shared_ptr<const Prepared> prepared_;
  Timing timing_;                       ///< of those who take batches
  std::vector<Timing> worker_timings_;  ///< by thread
  mutable std::mutex mutex_;
  std::condition_variable work_, done_;
  int idle_ = 0;                             ///< threads that wait for work
  bool listening_ = false;                   ///< one of them looks for answers of the device
  std::deque<std::shared_ptr<Job>> ring_;    ///< in order; the workers serve the oldest first
  std::vector<std::shared_ptr<Job>> spare_;  ///< of whoever schedules and takes
  std::vector<std::atomic<bool>> dense_;     ///< per output: the last batch had equal shapes
  std::vector<std::thread> threads_;
  uint64_t iteration_ = 0, epoch_ = 0, position_ = 0;
  bool stop_ = false;
  std::atomic<bool> quick_{false};  ///< samples take less than kQuick each
};

}  // namespace vg
