// Batch operators: samples up to the barrier, the operator on all of its branch, and on.
#include "cpu/drivers.h"
#include "exec/executor.h"
#include "graph/batch_work.h"

namespace vg {
namespace {

/// Runs an operator on single samples in the name of a batch operator.
class HostBatchWork : public BatchWork {
 public:
  HostBatchWork(const Node& node, DrawKey draw, const Sample& first, std::span<BatchItem> items,
                HostPool& pool)
      : BatchWork(node, draw, first, items), draw_key_(draw), pool_(pool) {}

  Outcome<Tensor> allocate(const TensorDesc& desc) override {
    Tensor t{desc, {}, {}, {}};
    VG_ASSIGN(t.data, pool_.take_shared(std::max<int64_t>(desc.bytes(), 1)));
    return t;
  }

  Status run(size_t item, const std::function<Status(Plan&)>& plan) override {
    const BatchItem& it = items()[item];
    arena_.reset();
    std::vector<TensorRef> out(it.out.size());
    Plan p(node(), it.sample, draw_key_, it.in, it.args, out, arena_);
    VG_TRY(plan(p));
    for (size_t o = 0; o < out.size(); o++) {
      VG_ASSIGN(it.out[o], allocate(out[o].desc));
      out[o].data = it.out[o].data.get();
    }
    const Work work{node(), p.params(), it.in, out, scratch_};
    const OpDef& op = *node().op;
    Status status = op.run ? op.run(work) : cpu::driver_of(op.family)(op, work);
    scratch_.reset();
    return status;
  }

 private:
  DrawKey draw_key_;
  HostPool& pool_;
  Arena arena_, scratch_;
};

bool truth(const SampleRun& run, int slot) { return element(run.value(slot), 0) != 0; }

/// What a batch operator needs of one sample, if the sample is in its branch.
Status reach(SampleRun& run, const CompiledNode& n) {
  if (n.guard >= 0) {
    VG_TRY(run.force(n.guard));
    if (!truth(run, n.guard)) return {};
  }
  for (int slot : n.needs) VG_TRY(run.force(slot));
  return {};
}

}  // namespace

void Worker::run_level(Job& job, int slot) {
  const CompiledGraph& graph = prepared_.graph;
  const auto at = static_cast<size_t>(slot);
  job_ = &job;
  if (job.level == 0 && job.phase == 0) {
    KeptRun& kept = job.runs[at];
    if (!kept) {
      kept.cache = std::make_unique<BufferCache>(prepared_.pool);
      kept.run = std::make_unique<SampleRun>(graph, *this, *kept.cache);
      kept.run->record(prepared_.options.record_programs);
    }
    kept.run->surround(*this);
    kept.run->time(&timing_);
    kept.run->begin(job.samples[at]);
  }
  SampleRun& run = *job.runs[at];
  run.surround(*this);
  Status status;
  const bool last = static_cast<size_t>(job.level) >= graph.barriers.size();
  const bool goes_on = job.phase == 0 || run.waits();
  if (goes_on && !job.lost(at)) status = last ? run.finish() : reach_barrier(job, run);
  if (!status.ok() && !run.blocked()) settle(job, slot, run, std::move(status.failure()));
  // Twice: what runs on the host for the device may fail, and other data take its place.
  for (int i = 0; i < 2 && job.device && goes_on && !job.lost(at); i++) {
    auto program = run.device_program();
    if (program.ok()) {
      job.device_programs[at] = *program;
      job.device->note(**program, job.size());
      break;
    }
    settle(job, slot, run, std::move(program.failure()));
  }
  if (goes_on && last && !run.blocked() && !job.lost(at)) collect(job, slot, run);
  job_ = nullptr;
}

Status Worker::reach_barrier(const Job& job, SampleRun& run) const {
  for (int node : prepared_.graph.barriers[static_cast<size_t>(job.level)])
    VG_TRY(reach(run, prepared_.graph.nodes[static_cast<size_t>(node)]));
  return {};
}

void Worker::run_barrier(Job& job) {
  for (int node : prepared_.graph.barriers[static_cast<size_t>(job.level)]) {
    Status status = job.fatal ? Status() : run_batch_node(job, node);
    if (!status.ok()) job.fatal = std::move(status.failure());
  }
}

Status Worker::run_batch_node(Job& job, int node) {
  const CompiledNode& n = prepared_.graph.nodes[static_cast<size_t>(node)];
  std::vector<size_t> slots;
  for (size_t i = 0; i < job.samples.size(); i++)
    if (!job.lost(i) && (n.guard < 0 || truth(*job.runs[i], n.guard))) slots.push_back(i);
  if (slots.empty()) return {};
  Arena arena;
  std::vector<Tensor> outputs(slots.size() * static_cast<size_t>(n.node->outputs));
  std::vector<BatchItem> items;
  for (size_t k = 0; k < slots.size(); k++) {
    const SampleRun& run = *job.runs[slots[k]];
    std::span<TensorRef> in = arena.array<TensorRef>(n.inputs.size());
    std::span<TensorRef> args = arena.array<TensorRef>(n.arguments.size());
    for (size_t i = 0; i < in.size(); i++) {
      in[i] = run.value(n.inputs[i]);
      in[i].source = run.source(n.inputs[i]).get();
    }
    for (size_t a = 0; a < args.size(); a++)
      if (n.arguments[a] >= 0) args[a] = run.value(n.arguments[a]);
    items.push_back(
        {run.sample(), in, args, std::span(outputs).subspan(k * n.node->outputs, n.node->outputs)});
  }
  HostBatchWork work(*n.node, n.draw, job.samples[0], items, *prepared_.pool);
  VG_TRY(n.node->op->run_batch(work));
  for (size_t k = 0; k < slots.size(); k++)
    for (int o = 0; o < n.node->outputs; o++)
      job.runs[slots[k]]->provide(n.first_slot + o, items[k].out[static_cast<size_t>(o)]);
  return {};
}

}  // namespace vg
