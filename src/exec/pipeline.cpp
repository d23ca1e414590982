// The public pipeline: builds the graph, owns the executor, turns jobs into batches.
#include "variegate/pipeline.h"

#include <algorithm>
#include <chrono>

#include "exec/executor.h"
#include "exec/state.h"

namespace vg {

struct Pipeline::State {
  PipelineOptions options;
  Roots roots;
  std::shared_ptr<Prepared> prepared;
  std::unique_ptr<Executor> executor;
  Progress taken;                      ///< after the batch taken last
  std::optional<std::string> to_load;  ///< a state given before `build`
  bool closed = false;

  Prepared& built() {
    if (closed) throw Error(ErrorKind::Runtime, "this pipeline is closed");
    if (!prepared) throw Error(ErrorKind::Runtime, "this pipeline is not built");
    return *prepared;
  }
};

namespace {

/// Who reads the first output of a source. Operators: only those that have done so when the batch
/// is done, so that it may lie in memory that is used again (a callback may keep what it is given).
/// Device: so do decoders there.
Prepared::Readers readers_of(const CompiledGraph& graph, int source) {
  using enum Prepared::Readers;
  const int slot = graph.nodes[static_cast<size_t>(source)].first_slot;
  Prepared::Readers readers = Operators;
  for (const CompiledNode& n : graph.nodes) {
    if (std::find(n.inputs.begin(), n.inputs.end(), slot) == n.inputs.end()) continue;
    const bool decodes = n.node->op->family == Family::Decode;
    if (n.node->batch || !(decodes || n.node->schema().traits().eager)) return Any;
    if (decodes && n.node->is_gpu()) readers = Device;
  }
  return readers;
}

Outcome<std::shared_ptr<Prepared>> prepare(const Roots& roots, const PipelineOptions& options) {
  if (roots.outputs.empty() && roots.sinks.empty())
    return fail(ErrorKind::NotImplemented, "a pipeline without outputs cannot be built");
  if (options.batch_size <= 0)
    return fail(ErrorKind::Value, "batch_size = {} is not positive", options.batch_size);
  if (options.num_threads <= 0)
    return fail(ErrorKind::Type, "num_threads = {} is not positive", options.num_threads);
  if (options.prefetch_queue_depth <= 0)
    return fail(ErrorKind::Value, "prefetch_queue_depth = {} is not positive",
                options.prefetch_queue_depth);
  auto prepared = std::make_shared<Prepared>();
  prepared->options = options;
  prepared->seed =
      options.seed
          ? *options.seed
          : static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  VG_ASSIGN(prepared->graph, compile(roots, prepared->seed));
  const CompiledGraph& graph = prepared->graph;
  prepared->programs = std::make_shared<ProgramStore>(program_names(graph));
  prepared->source_at.assign(graph.nodes.size(), -1);
  for (int index : graph.sources) {
    const Node& node = *graph.nodes[static_cast<size_t>(index)].node;
    prepared->source_at[static_cast<size_t>(index)] = static_cast<int>(prepared->sources.size());
    VG_ASSIGN(std::shared_ptr<Source> source, node.op->make_source(node, prepared->seed));
    if (prepared->primary < 0 && source->indexed())
      prepared->primary = static_cast<int>(prepared->sources.size());
    prepared->sources.push_back(std::move(source));
    prepared->readers.push_back(readers_of(graph, index));
  }
  prepared->on_host = std::vector<std::atomic<bool>>(graph.nodes.size());
  const bool wants_gpu = std::any_of(graph.nodes.begin(), graph.nodes.end(),
                                     [](const CompiledNode& n) { return n.node->is_gpu(); });
  if (wants_gpu && options.device_id >= 0) {
    VG_ASSIGN(prepared->device, open_device(options.device_id, options.max_gpu_bytes));
    for (size_t s = 0; s < prepared->sources.size(); s++)
      if (prepared->readers[s] == Prepared::Readers::Device)
        prepared->device->lend(prepared->sources[s]->mapping(), prepared->sources[s]);
  }
  std::shared_ptr<Device> pins;
  if (options.pin_for >= 0) {
    auto device = options.pin_for == options.device_id && prepared->device
                      ? Outcome<std::shared_ptr<Device>>(prepared->device)
                      : open_device(options.pin_for, options.max_gpu_bytes);
    if (device.ok()) pins = *device;  // else copies only take longer
  }
  prepared->pool = std::make_shared<HostPool>(options.max_host_bytes, std::move(pins));
  return prepared;
}

std::string name_of_source(const Prepared& prepared, size_t i) {
  const Node& node = *prepared.graph.nodes[static_cast<size_t>(prepared.graph.sources[i])].node;
  return node.options.name.empty() ? fmt::format("{}_{}", node.schema().name(), i)
                                   : node.options.name;
}

TensorList to_list(const Prepared& prepared, size_t o, const Job& job,
                   const std::vector<int>& slots) {
  TensorList list;
  const int node = prepared.graph.slot_node[static_cast<size_t>(prepared.graph.outputs[o])];
  list.samples.reserve(slots.size());
  list.gpu = prepared.graph.nodes[static_cast<size_t>(node)].node->is_gpu();
  for (int i : slots) {
    list.samples.push_back(job.outputs[o]->piece(i));
    if (prepared.is_device_output(o)) list.samples.back().device = job.device_memory;
  }
  if (!list.samples.empty()) {
    list.dtype = list.samples[0].dtype;
    list.layout = list.samples[0].layout;
  }
  return list;
}

}  // namespace

Pipeline::Pipeline(const PipelineOptions& options) : state_(std::make_unique<State>()) {
  state_->options = options;
}
Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;

void Pipeline::set_outputs(std::vector<Value> outputs) {
  state_->roots.outputs = std::move(outputs);
}
void Pipeline::add_sink(Value value) { state_->roots.sinks.push_back(std::move(value)); }

void Pipeline::build() {
  State& s = *state_;
  if (s.closed) throw Error(ErrorKind::Runtime, "this pipeline is closed");
  if (s.prepared) return;
  s.prepared = prepare(s.roots, s.options).take();
  s.taken = Progress::of(*s.prepared);
  if (s.to_load) {
    const std::string json = *std::exchange(s.to_load, std::nullopt);
    load_state_dict(json);
  }
}

void Pipeline::schedule_run() {
  build();
  State& s = *state_;
  if (!s.executor) {
    s.executor = std::make_unique<Executor>(s.prepared);
    s.executor->set_position(s.taken.epoch, s.taken.position);
    s.executor->set_iteration(s.taken.iteration);
  }
  std::move(s.executor->schedule()).take();
}

int Pipeline::scheduled() const { return state_->executor ? state_->executor->scheduled() : 0; }

Batch Pipeline::take(const std::function<bool()>& poll) {
  State& s = *state_;
  s.built();
  if (!s.executor) throw Error(ErrorKind::Runtime, "no batch was scheduled");
  std::shared_ptr<Job> job = s.executor->take(poll).take();
  s.taken.advance(*job);
  if (job->fatal) throw_failure(*job->fatal);
  const bool drop = s.options.on_error == OnError::Skip;
  Batch batch;
  const auto n = static_cast<size_t>(job->size());
  std::vector<int> slots;
  slots.reserve(n);
  batch.sample_ids.reserve(n);
  batch.epochs.reserve(n);
  batch.is_padding.reserve(n);
  std::vector<ProgramSteps>& steps = job->programs->of_samples;
  for (int i = 0; i < job->size(); i++) {
    const auto at = static_cast<size_t>(i);
    const Sample& sample = job->samples[at];
    if (const auto& f = job->failures[at]) {
      if (s.options.on_error == OnError::Raise) throw_failure(*f);
      batch.errors.push_back(
          {i, sample.key.sample_id, sample.key.epoch, f->source, f->message, job->replaced_by[at]});
      if (drop) continue;
    }
    std::swap(steps[slots.size()], steps[at]);
    slots.push_back(i);
    batch.sample_ids.push_back(sample.key.sample_id);
    batch.epochs.push_back(sample.key.epoch);
    batch.is_padding.push_back(job->padding[at]);
  }
  job->programs->count = slots.size();
  batch.programs = Programs(std::move(job->programs));
  batch.outputs.reserve(job->outputs.size());
  for (size_t o = 0; o < job->outputs.size(); o++)
    batch.outputs.push_back(to_list(*s.prepared, o, *job, slots));
  s.executor->give(std::move(job));
  return batch;
}

Batch Pipeline::run(const std::function<bool()>& poll) {
  build();
  // The first run fills the ring; later ones replace what was taken.
  while (scheduled() < state_->options.prefetch_queue_depth) {
    try {
      schedule_run();
    } catch (const Error& e) {
      if (e.kind() != ErrorKind::StopIteration || scheduled() == 0) throw;
      break;  // what was scheduled before the end still comes
    }
  }
  return take(poll);
}

void Pipeline::reset() {
  State& s = *state_;
  s.built();
  for (auto& source : s.prepared->sources) source->reset();
  s.taken.epoch++;
  s.taken.position = 0;
  if (s.executor) s.executor->set_position(s.taken.epoch, 0);
}

void Pipeline::begin_epoch(uint64_t epoch) {
  State& s = *state_;
  Prepared& p = s.built();
  if (s.executor) s.executor->drain();
  s.taken.sources.clear();
  for (auto& source : p.sources) {
    std::move(source->begin(epoch)).take();
    s.taken.sources.push_back(source->state());
  }
  s.taken.epoch = p.primary < 0 ? epoch : s.taken.epoch;
  s.taken.position = 0;
  if (s.executor) {
    s.executor->set_position(s.taken.epoch, 0);
    s.executor->set_iteration(s.taken.iteration);
  }
}

void Pipeline::set_shard(int64_t shard_id, int64_t num_shards) {
  State& s = *state_;
  Prepared& p = s.built();
  if (s.executor) s.executor->drain();
  for (size_t i = 0; i < p.sources.size(); i++) {
    std::move(p.sources[i]->set_shard(shard_id, num_shards)).take();
    std::move(p.sources[i]->seek(s.taken.sources[i])).take();
  }
  if (s.executor) {
    s.executor->set_position(s.taken.epoch, s.taken.position);
    s.executor->set_iteration(s.taken.iteration);
  }
}

void Pipeline::close() {
  state_->executor.reset();
  state_->prepared.reset();
  state_->roots = {};
  state_->closed = true;
}

std::vector<Program> Pipeline::plan(const std::vector<uint64_t>& sample_ids, uint64_t epoch) {
  build();
  Prepared& p = state_->built();
  Timing timing;
  Worker worker(p, timing);
  SampleRun& run = worker.alone();
  run.record(true);
  run.forbid_pixels();
  std::vector<Program> programs;
  for (uint64_t id : sample_ids) {
    run.begin(Sample{{id, static_cast<uint32_t>(epoch)}, id, 0, 0, p.options.max_pixels});
    for (int slot : p.graph.outputs)
      if (Status s = run.demand(slot); !s.ok()) throw_failure(s.failure());
    programs.push_back(to_program(p.programs->names(), run.program()));
  }
  return programs;
}

Batch Pipeline::replay(uint64_t sample_id, uint64_t epoch) {
  build();
  Prepared& p = state_->built();
  for (const auto& level : p.graph.barriers)
    throw Error(
        ErrorKind::Runtime,
        fmt::format("replay: [{}] needs a whole batch; a sample behind it cannot be made alone",
                    p.graph.nodes[static_cast<size_t>(level.at(0))].node->schema().name()));
  for (size_t i = 0; i < p.sources.size(); i++)
    if (!p.sources[i]->indexed())
      throw Error(ErrorKind::Runtime, "replay: this pipeline has a source without an index");
  Timing timing;
  Worker worker(p, timing);
  Job job;
  job.samples = {
      Sample{{sample_id, static_cast<uint32_t>(epoch)}, sample_id, 0, 0, p.options.max_pixels}};
  job.inputs.resize(p.sources.size());
  for (auto& in : job.inputs) in.places = {{sample_id, epoch, false}};
  if (p.device) job.device = p.device->begin().take();
  p.begin(job, {});
  if (p.device) {
    for (auto next = Worker::Next::RunLevel; next != Worker::Next::GoOn; job.phase++) {
      worker.run_level(job, 0);
      do next = worker.run_device(job);
      while (next == Worker::Next::AskDevice);
    }
  } else {
    worker.run_sample(job, 0);
  }
  if (job.fatal) throw_failure(*job.fatal);
  if (job.failures[0] && job.replaced_by[0] < 0) throw_failure(*job.failures[0]);
  Batch batch;
  batch.sample_ids = {sample_id};
  batch.epochs = {epoch};
  batch.is_padding = {0};
  batch.programs = Programs(std::move(job.programs));
  for (size_t o = 0; o < job.outputs.size(); o++) batch.outputs.push_back(to_list(p, o, job, {0}));
  return batch;
}

std::string Pipeline::state_dict() const {
  const State& s = *state_;
  if (!s.prepared) throw Error(ErrorKind::Runtime, "state_dict: build the pipeline first");
  return s.taken.to_json(*s.prepared);
}

void Pipeline::load_state_dict(const std::string& json) {
  State& s = *state_;
  if (!s.prepared) {
    s.to_load = json;
    return;
  }
  Progress progress = Progress::from_json(json, *s.prepared).take();
  if (s.executor) s.executor->drain();
  for (size_t i = 0; i < s.prepared->sources.size(); i++)
    std::move(s.prepared->sources[i]->seek(progress.sources[i])).take();
  s.taken = std::move(progress);
  if (s.executor) {
    s.executor->set_position(s.taken.epoch, s.taken.position);
    s.executor->set_iteration(s.taken.iteration);
  }
}

Stats Pipeline::stats() const {
  Stats stats;
  const State& s = *state_;
  if (!s.executor) return stats;
  Timing t;
  s.executor->add_timing(t);
  auto seconds = [](const std::atomic<int64_t>& ns) { return static_cast<double>(ns) * 1e-9; };
  stats.reading = seconds(t.reading);
  stats.decoding = seconds(t.decoding);
  stats.pixels = seconds(t.pixels);
  stats.planning = std::max(0.0, seconds(t.total) - stats.reading - stats.decoding - stats.pixels);
  stats.workers_idle = seconds(t.idle);
  stats.consumer_waited = seconds(t.waited);
  stats.samples = t.samples;
  stats.batches = t.batches;
  stats.decoded_on_host = t.decoded;
  stats.host_bytes = s.prepared->pool->bytes_reserved();
  stats.pinned_bytes = s.prepared->pool->bytes_pinned();
  if (s.prepared->device) {
    const DeviceFigures figures = s.prepared->device->figures();
    stats.device_bytes = figures.bytes;
    stats.launches = figures.launches;
    stats.lent_bytes = figures.lent;
    stats.submitting = seconds(t.submitting);
    stats.device_waited = seconds(t.asking);
    stats.decoded_on_gpu = figures.decoded;
    stats.decoded_by_nvjpeg = figures.nvjpeg;
  }
  for (size_t i = 0; i < s.prepared->on_host.size(); i++)
    if (s.prepared->on_host[i]) {
      const std::string& name = s.prepared->graph.nodes[i].node->schema().name();
      auto& all = stats.on_host;
      if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    }
  return stats;
}

std::map<std::string, ReaderMeta> Pipeline::readers() const {
  std::map<std::string, ReaderMeta> found;
  const Prepared& p = state_->built();
  for (size_t i = 0; i < p.sources.size(); i++)
    if (const auto meta = p.sources[i]->meta()) found[name_of_source(p, i)] = *meta;
  return found;
}

EpochLeft Pipeline::epoch_left(const std::string& reader, std::optional<uint64_t> epoch) const {
  const State& s = *state_;
  const Prepared& p = state_->built();
  for (size_t i = 0; i < p.sources.size(); i++) {
    if (!p.sources[i]->meta() || name_of_source(p, i) != reader) continue;
    const EpochRest rest = p.sources[i]->rest(s.taken.sources.at(i), epoch).take();
    return {rest.epoch, rest.fewest, rest.most};
  }
  throw Error(ErrorKind::Key, fmt::format("epoch_left: there is no reader named \"{}\"", reader));
}

uint64_t Pipeline::seed() const { return state_->built().seed; }
const PipelineOptions& Pipeline::options() const { return state_->options; }

std::vector<std::string> Pipeline::warnings() const {
  return divergent_selects(state_->built().graph);
}

std::vector<std::string> Pipeline::operators() const {
  std::vector<std::string> names;
  for (const CompiledNode& n : state_->built().graph.nodes)
    names.push_back(n.node->schema().name());
  return names;
}

}  // namespace vg
