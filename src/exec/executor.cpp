// Threads that take the next sample of the oldest batch, and the ring that hands batches out.
#include "exec/executor.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

namespace vg {

Executor::Executor(std::shared_ptr<const Prepared> prepared)
    : prepared_(std::move(prepared)),
      worker_timings_(static_cast<size_t>(prepared_->options.num_threads)),
      dense_(prepared_->graph.outputs.size()) {
  for (auto& d : dense_) d = true;
  for (Timing& timing : worker_timings_) threads_.emplace_back([this, &timing] { work(timing); });
}

Executor::~Executor() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& t : threads_) t.join();
}

Status Executor::schedule() {
  std::shared_ptr<Job> job;
  if (spare_.empty()) {
    job = std::make_shared<Job>();
  } else {
    job = std::move(spare_.back());
    spare_.pop_back();
  }
  job->iteration = iteration_;
  job->inputs.resize(prepared_->sources.size());
  int n = -1;
  for (size_t s = 0; s < prepared_->sources.size(); s++) {
    Source& source = *prepared_->sources[s];
    const int want = n < 0 || !source.indexed() ? prepared_->options.batch_size : n;
    VG_ASSIGN(const int got, source.next_batch(want, iteration_, job->inputs[s]));
    if (n >= 0 && got != n)
      return fail("the sources of this pipeline gave batches of {} and {} samples", n, got);
    n = got;
    job->states.push_back(source.state());
  }
  if (n < 0) n = prepared_->options.batch_size;
  job->samples.resize(static_cast<size_t>(n));
  job->padding.resize(static_cast<size_t>(n));
  for (int i = 0; i < n; i++) {
    Sample& s = job->samples[static_cast<size_t>(i)];
    s.slot = i;
    s.iteration = iteration_;
    s.max_pixels = prepared_->options.max_pixels;
    s.key = {position_++, static_cast<uint32_t>(epoch_)};
    if (prepared_->primary >= 0) {
      const SamplePlace& place = job->inputs[static_cast<size_t>(prepared_->primary)].places[i];
      s.key = {place.sample_id, static_cast<uint32_t>(place.epoch)};
      job->padding[static_cast<size_t>(i)] = place.padding;
    }
    s.data_id = s.key.sample_id;
  }
  iteration_++;
  if (prepared_->device) {
    VG_ASSIGN(job->device, prepared_->device->begin());
  }
  prepared_->begin(*job, dense_);
  job->remaining = n;
  job->done = n == 0;
  {
    std::lock_guard lock(mutex_);
    ring_.push_back(std::move(job));
  }
  work_.notify_one();
  return {};
}

/// Where the pixels are the GPU's, a sample costs the host next to nothing: handed out one by one,
/// the lock would cost more than they do.
int Executor::grain(const Job& job) const {
  constexpr int kMost = 8;
  if (!quick_.load(std::memory_order_relaxed)) return 1;
  return std::clamp(job.size() / (2 * prepared_->options.num_threads), 1, kMost);
}

void Executor::work(Timing& timing) {
  constexpr auto kQuick = std::chrono::microseconds(40);
  Worker worker(*prepared_, timing);
  const bool levels = prepared_->keeps_runs();
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const std::shared_ptr<Job> asking = next_asking();
    if (asking && (asking->cancelled || asking->device->answered())) {
      asking->asks_device = false;
      finish_level(*asking, worker, lock);
      continue;
    }
    const std::shared_ptr<Job> job = next_with_samples();
    if (!job) {
      rest(timing, lock);
      continue;
    }
    const int first = job->next, count = std::min(grain(*job), job->size() - first);
    job->next += count;
    const bool more = idle_ > 0 && (job->next < job->size() || (asking && !listening_));
    lock.unlock();
    if (more) work_.notify_one();
    const auto begin = Stopwatch::Clock::now();
    {
      Stopwatch total(timing.total);
      for (int slot = first; slot < first + count; slot++) {
        if (levels)
          worker.run_level(*job, slot);
        else
          worker.run_sample(*job, slot);
      }
    }
    quick_.store(Stopwatch::Clock::now() - begin < kQuick * count, std::memory_order_relaxed);
    timing.samples.fetch_add(static_cast<uint64_t>(count), std::memory_order_relaxed);
    lock.lock();
    if ((job->remaining -= count) == 0) finish_level(*job, worker, lock);
  }
}

std::shared_ptr<Job> Executor::next_with_samples() const {
  for (const auto& job : ring_)
    if (job->next < job->size()) return job;
  return nullptr;
}

std::shared_ptr<Job> Executor::next_asking() const {
  for (const auto& job : ring_)
    if (job->asks_device) return job;
  return nullptr;
}

/// The device does not call: while batches wait for its answers, one thread looks for them now and
/// then. It must be free for new batches meanwhile, which are planned while the device decodes.
void Executor::rest(Timing& timing, std::unique_lock<std::mutex>& lock) {
  constexpr auto kLook = std::chrono::microseconds(20);
  const bool listens = !listening_ && next_asking();
  const Stopwatch watch(listens ? timing.asking : timing.idle);
  idle_++;
  if (listens) {
    listening_ = true;
    work_.wait_for(lock, kLook);
    listening_ = false;
  } else {
    work_.wait(lock);
  }
  idle_--;
}

void Executor::finish_level(Job& job, Worker& worker, std::unique_lock<std::mutex>& lock) {
  if (job.device && !job.cancelled) {
    lock.unlock();
    const Worker::Next next = worker.run_device(job);
    lock.lock();
    if (next == Worker::Next::AskDevice) {
      job.asks_device = true;
      return;
    }
    if (next == Worker::Next::RunLevel && !job.cancelled) {
      job.phase++;
      job.next = 0;
      job.remaining = job.size();
      work_.notify_one();
      return;
    }
  }
  if (job.cancelled || static_cast<size_t>(job.level) >= prepared_->graph.barriers.size()) {
    finish(job, lock);
    return;
  }
  job.at_barrier = true;
  while (!stop_) {
    const std::shared_ptr<Job> ready = next_at_barrier();
    if (!ready) return;
    ready->at_barrier = false;
    lock.unlock();
    worker.run_barrier(*ready);
    lock.lock();
    if (ready->cancelled) {
      finish(*ready, lock);
      continue;
    }
    ready->level++;
    ready->phase = 0;
    ready->next = 0;
    ready->remaining = ready->size();
    work_.notify_one();
  }
}

/// Callbacks see batches in order: a batch waits at a barrier for those before it.
std::shared_ptr<Job> Executor::next_at_barrier() const {
  int passed = std::numeric_limits<int>::max();
  for (const auto& job : ring_) {
    if (job->done || job->cancelled) continue;
    if (job->at_barrier && job->level < passed) return job;
    passed = std::min(passed, job->level);
  }
  return nullptr;
}

/// Nobody else looks at a job whose samples are all done: the others need not wait.
void Executor::finish(Job& job, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  check_divergence(job);
  for (size_t o = 0; o < job.outputs.size(); o++)
    dense_[o].store(job.outputs[o]->all_equal(), std::memory_order_relaxed);
  std::erase_if(job.runs, [](const KeptRun& r) { return !r; });
  prepared_->spare.give(std::exchange(job.runs, {}));
  job.device.reset();
  lock.lock();
  job.done = true;
  done_.notify_all();
}

/// A batch whose outputs differ in type or rank is refused before anything of it is returned.
void Executor::check_divergence(Job& job) const {
  for (size_t o = 0; o < job.outputs.size() && !job.fatal; o++) {
    const TensorDesc* first = nullptr;
    for (int i = 0; i < job.size(); i++) {
      if (!job.outputs[o]->placed(i)) continue;
      const TensorDesc& other = job.outputs[o]->piece(i);
      if (!first) first = &other;
      if (other.dtype != first->dtype)
        job.fatal = fail("output {} has samples of distinct types: {} and {}", o,
                         name_of(first->dtype), name_of(other.dtype));
      else if (other.shape.ndim() != first->shape.ndim())
        job.fatal = fail("output {} has samples of distinct ranks: {} and {}", o,
                         first->shape.ndim(), other.shape.ndim());
    }
  }
}

Outcome<std::shared_ptr<Job>> Executor::take(const std::function<bool()>& poll) {
  Stopwatch waited(timing_.waited);
  std::unique_lock lock(mutex_);
  if (ring_.empty()) return fail("no batch was scheduled");
  const std::shared_ptr<Job> job = ring_.front();
  while (!job->done) {
    done_.wait_for(lock, std::chrono::milliseconds(poll ? 20 : 1000));
    if (!job->done && poll) {
      lock.unlock();
      if (!poll()) return fail("interrupted");
      lock.lock();
    }
  }
  ring_.pop_front();
  timing_.batches++;
  return job;
}

void Executor::give(std::shared_ptr<Job> job) {
  job->clear();
  if (spare_.size() < static_cast<size_t>(prepared_->options.prefetch_queue_depth))
    spare_.push_back(std::move(job));
}

void Executor::drain() {
  std::unique_lock lock(mutex_);
  for (const auto& job : ring_) {
    // Samples not handed out yet are not computed at all. Where none is left, a worker is busy with
    // the last one or in a barrier, and ends the job; unless the job waits for its turn.
    const bool idle = job->size() > job->next || job->at_barrier;
    const int left = job->size() - job->next;
    job->cancelled = true;
    job->next = job->size();
    job->remaining -= left;
    if (idle && job->remaining == 0) job->done = true;
  }
  while (!ring_.empty()) {
    const std::shared_ptr<Job> job = ring_.front();
    done_.wait(lock, [&] { return job->done; });
    ring_.pop_front();
  }
}

}  // namespace vg
