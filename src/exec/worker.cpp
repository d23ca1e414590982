// A worker's sample: loading, running, and the one place where `on_error` is applied.
#include <cstring>

#include "cpu/drivers.h"
#include "exec/executor.h"

namespace vg {
namespace {

constexpr int kReplacements = 16;

/// Bad data may be replaced; a failed callback, divergence or a full memory is the user's business.
bool is_bad_data(const Failure& f) { return f.kind == ErrorKind::Runtime && !f.cause; }

/// For an output of which a sample knows nothing: 1 in every axis, of the type that was inferred.
/// Only where none was, another sample gives it; which one is there depends on the threads.
TensorDesc of_one_element(const CompiledGraph& graph, int slot, const OutputBlock& others) {
  const CompiledNode& n =
      graph.nodes[static_cast<size_t>(graph.slot_node[static_cast<size_t>(slot)])];
  const StaticType& t = n.node->types[static_cast<size_t>(slot - n.first_slot)];
  const TensorDesc other = others.example().value_or(TensorDesc{DType::Uint8, {1, 1, 1}, "HWC"});
  const int ndim = t.ndim.value_or(other.shape.ndim());
  const std::vector<int64_t> ones(static_cast<size_t>(ndim), 1);
  const Layout layout = ndim == other.shape.ndim() ? other.layout : Layout();
  return {t.dtype.value_or(other.dtype), Shape(ones), t.layout.value_or(layout)};
}

}  // namespace

Worker::Worker(const Prepared& prepared, Timing& timing)
    : prepared_(prepared),
      timing_(timing),
      cache_(prepared.pool),
      run_(prepared.graph, *this, cache_) {
  run_.record(prepared.options.record_programs);
  run_.time(&timing);
}

Status Worker::load(int node, const Sample& sample, std::span<Tensor> outputs) {
  Stopwatch reading(timing_.reading);
  const int s = prepared_.source_at[static_cast<size_t>(node)];
  const Source& source = *prepared_.sources[static_cast<size_t>(s)];
  const SourceBatch* batch = job_ ? &job_->inputs[static_cast<size_t>(s)] : nullptr;
  uint64_t id = sample.data_id;
  if (batch && s != prepared_.primary && source.indexed())
    id = batch->places[static_cast<size_t>(sample.slot)].sample_id;
  const Prepared::Readers readers = prepared_.readers[static_cast<size_t>(s)];
  if (readers == Prepared::Readers::Any || !job_)
    return source.load(batch, sample.slot, id, outputs);
  FileRoom room;
  if (DeviceBatch* device = this->device(); device && readers == Prepared::Readers::Device)
    room = [device](int64_t bytes) { return device->room_for_file(bytes); };
  return source.lend(room, batch, sample.slot, id, outputs);
}

Outcome<std::byte*> Worker::place(int output, const Sample& sample, const TensorDesc& desc) {
  return job_->outputs[static_cast<size_t>(output)]->place(sample.slot, desc);
}

Status Worker::attempt(const Job& job, SampleRun& run, const Sample& sample) {
  run.begin(sample);
  Status status = prepared_.graph.barriers.empty() ? run.finish() : reach_barrier(job, run);
  if (run.blocked()) return {};
  return status;
}

void Worker::run_sample(Job& job, int slot) {
  job_ = &job;
  Status status = attempt(job, run_, job.samples[static_cast<size_t>(slot)]);
  if (!status.ok())
    settle(job, slot, run_, std::move(status.failure()));
  else
    collect(job, slot, run_);
  job_ = nullptr;
}

void Worker::settle(Job& job, int slot, SampleRun& run, Failure failure) {
  job.failures[static_cast<size_t>(slot)] = failure;
  if (!is_bad_data(failure)) {
    std::lock_guard lock(job.fatal_mutex);
    if (!job.fatal) job.fatal = std::move(failure);
    return;
  }
  switch (prepared_.options.on_error) {
    case OnError::Raise:
      break;
    case OnError::Skip:
      for (auto& o : job.outputs) o->forget(slot);
      break;
    case OnError::Replace:
      if (!replace(job, slot, run)) {
        std::lock_guard lock(job.fatal_mutex);
        if (!job.fatal)
          job.fatal = fail("no other sample could take the place of one that failed: {}",
                           job.failures[static_cast<size_t>(slot)]->message);
      }
      break;
    case OnError::Blank:
      blank(job, slot, run);
      break;
  }
}

bool Worker::replace(Job& job, int slot, SampleRun& run) {
  // Behind a barrier the others have been counted with this sample: too late for another.
  if (prepared_.primary < 0 || job.level > 0 || job.phase > 0) return false;
  const uint64_t n = prepared_.sources[static_cast<size_t>(prepared_.primary)]->size();
  Sample sample = job.samples[static_cast<size_t>(slot)];
  sample.stand_in = true;
  DrawStream draws(DrawKey{hash64(prepared_.seed, "replace")}, sample.key);
  for (int i = 0; i < kReplacements; i++) {
    for (auto& o : job.outputs) o->forget(slot);
    sample.data_id = uniform_below(draws.next_u32(), n);
    if (!attempt(job, run, sample).ok()) continue;
    job.replaced_by[static_cast<size_t>(slot)] = static_cast<int64_t>(sample.data_id);
    if (!prepared_.keeps_runs()) collect(job, slot, run);
    return true;
  }
  return false;
}

/// Zeros of the size that the plan knows (else 1 in every axis); what is small is kept.
void Worker::blank(Job& job, int slot, SampleRun& run) {
  const std::vector<int>& outputs = prepared_.graph.outputs;
  for (size_t o = 0; o < outputs.size(); o++) {
    const bool known = run.demand(outputs[o]).ok();
    const TensorRef value = known ? run.value(outputs[o]) : TensorRef();
    TensorDesc desc = value.desc;
    if (!known || desc.dtype == DType::None) {
      desc = of_one_element(prepared_.graph, outputs[o], *job.outputs[o]);
    }
    auto place = job.outputs[o]->place(slot, desc);
    if (!place.ok()) continue;
    if (prepared_.is_device_output(o)) {
      if (Status s = job.device->fill(*place, value.data, desc.bytes()); !s.ok() && !job.fatal)
        job.fatal = std::move(s.failure());
    } else if (value.data) {
      std::memcpy(*place, value.data, static_cast<size_t>(desc.bytes()));
    } else {
      std::memset(*place, 0, static_cast<size_t>(desc.bytes()));
    }
  }
}

void Worker::collect(Job& job, int slot, const SampleRun& run) {
  job.programs->of_samples[static_cast<size_t>(slot)].assign(run.program());
  for (const SampleRun::SelectType& t : run.select_types()) {
    const std::string text = job.select_types->difference(t.node, *t.desc);
    if (text.empty()) continue;
    std::lock_guard lock(job.fatal_mutex);
    if (job.fatal) continue;
    const std::string& where =
        prepared_.graph.nodes[static_cast<size_t>(t.node)].node->options.where;
    job.fatal = fail(
        "Divergent data found in different branches of `if/else` control flow. Found samples of "
        "distinct {}.{}",
        text, where.empty() ? "" : " (" + where + ")");
  }
}

}  // namespace vg
