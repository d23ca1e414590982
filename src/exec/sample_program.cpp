// Running the program of a sample: memory of its values, fused runs, outputs in their places.
#include <algorithm>
#include <cstring>

#include "cpu/drivers.h"
#include "cpu/reads.h"
#include "exec/sample_run.h"
#include "ops/decoders.h"

namespace vg {

/// Memory of a value: what the device reads is made where it travels from.
Status SampleRun::give_memory(int reg) {
  Register& r = registers_[reg];
  if (r.data) return {};
  if (r.to_device) {
    VG_ASSIGN(const DeviceBatch::Staged staged, surroundings_->device()->stage(r.bytes));
    r.data = staged.host;
    r.device = staged.device;
    return {};
  }
  VG_ASSIGN(r.buffer, buffers_.take(r.bytes));
  r.data = r.buffer.data();
  return {};
}

/// An operator on data of the host, by its driver or its own code.
Status SampleRun::run_on_host(const Work& work, int node) {
  const OpDef& op = *work.node.op;
  Status status = op.run ? op.run(work) : cpu::driver_of(op.family)(op, work);
  scratch_.reset();
  if (timing_ && op.family == Family::Decode)
    timing_->decoded.fetch_add(1, std::memory_order_relaxed);
  if (!status.ok()) return explain(std::move(status.failure()), node);
  return {};
}

Status SampleRun::run_one(Instruction& ins) {
  for (size_t i = 0; i < ins.in.size(); i++)
    if (ins.in_regs[i] >= 0) ins.in[i].data = registers_[ins.in_regs[i]].data;
  for (size_t o = 0; o < ins.out.size(); o++) {
    if (ins.out_regs[o] < 0) continue;
    if (auto s = give_memory(ins.out_regs[o]); !s.ok())
      return explain(std::move(s.failure()), ins.node);
    ins.out[o].data = registers_[ins.out_regs[o]].data;
  }
  return run_now(ins.node, ins.params, ins.in, ins.out);
}

/// An operator whose inputs and outputs are in memory.
Status SampleRun::run_now(int index, const void* params, std::span<TensorRef> in,
                          std::span<TensorRef> out) {
  const CompiledNode& n = graph_.nodes[index];
  const Traits& traits = n.op->schema.traits();
  std::optional<Stopwatch> watch;
  if (timing_ && !traits.eager) watch.emplace(traits.mixed ? timing_->decoding : timing_->pixels);
  return run_on_host(Work{*n.node, params, in, out, scratch_}, index);
}

Status SampleRun::run_pending(bool final) {
  if (final) count_uses();
  while (done_ < program_.size()) {
    if (final) narrow(program_[done_], done_);
    const size_t count = final ? fused_run(done_) : 1;
    VG_TRY(count > 1 ? run_fused(done_, count) : run_one(program_[done_]));
    if (final)
      for (size_t i = 0; i < count; i++) release_inputs(program_[done_ + i]);
    done_ += count;
  }
  return {};
}

/// An image with one reader is decoded as far as that one reads it.
void SampleRun::narrow(Instruction& ins, size_t at) {
  if (graph_.nodes[ins.node].node->op->family != Family::Decode || ins.out_regs[0] < 0) return;
  const Register& r = registers_[ins.out_regs[0]];
  if (r.uses != 1 || r.output || r.to_device) return;
  for (size_t i = at + 1; i < program_.size(); i++) {
    const Instruction& reader = program_[i];
    if (reader.in_regs.empty() || reader.in_regs[0] != ins.out_regs[0]) continue;
    const OpDef& reader_op = *graph_.nodes[reader.node].node->op;
    const auto needed = cpu::region_read(reader_op, reader.params, ins.out[0].desc);
    if (needed) ins.params = narrow_decoder(ins.params, *needed, arena_);
    return;
  }
}

void SampleRun::count_uses() {
  for (size_t i = done_; i < program_.size(); i++)
    for (int r : program_[i].in_regs)
      if (r >= 0) registers_[r].uses++;
  for (size_t i = submitted_; i < device_steps_.size(); i++)
    for (int r : device_steps_[i].in_regs)
      if (r >= 0) registers_[r].uses++;
  // Outputs that share a register are copied from it at the end.
  for (int slot : graph_.outputs)
    if (slots_[slot].reg >= 0) registers_[slots_[slot].reg].output = true;
}

void SampleRun::release_inputs(const Instruction& ins) {
  for (int r : ins.in_regs) {
    if (r < 0) continue;
    Register& reg = registers_[r];
    if (--reg.uses == 0 && !reg.output) {
      reg.buffer = Buffer();
      reg.data = nullptr;
    }
  }
}

/// How many instructions from `first` on are points that only feed each other.
size_t SampleRun::fused_run(size_t first) const {
  size_t n = 0;
  for (size_t i = first; i < program_.size(); i++, n++) {
    const Instruction& ins = program_[i];
    if (graph_.nodes[ins.node].node->op->family != Family::Point) break;
    if (n == 0) continue;
    const Register& between = registers_[program_[i - 1].out_regs[0]];
    if (ins.in_regs[0] != program_[i - 1].out_regs[0] || between.uses != 1 || between.output) break;
  }
  return std::max<size_t>(n, 1);
}

Status SampleRun::run_fused(size_t first, size_t count) {
  Instruction whole = program_[first];
  whole.out = program_[first + count - 1].out;
  whole.out_regs = program_[first + count - 1].out_regs;
  std::span<cpu::PointStep> steps = scratch_.array<cpu::PointStep>(count);
  for (size_t i = 0; i < count; i++) {
    const Instruction& ins = program_[first + i];
    steps[i] = {graph_.nodes[ins.node].node->op, ins.params, ins.out[0].desc.dtype};
  }
  if (whole.in_regs[0] >= 0) whole.in[0].data = registers_[whole.in_regs[0]].data;
  if (auto s = give_memory(whole.out_regs[0]); !s.ok())
    return explain(std::move(s.failure()), whole.node);
  whole.out[0].data = registers_[whole.out_regs[0]].data;
  std::optional<Stopwatch> watch;
  if (timing_) watch.emplace(timing_->pixels);
  Status status = cpu::run_points(steps, whole.in[0], whole.out[0]);
  scratch_.reset();
  if (!status.ok()) return explain(std::move(status.failure()), whole.node);
  return {};
}

/// Gives the registers of outputs the outputs' own memory, so that the last operator writes there.
Status SampleRun::bind_outputs(std::span<std::byte*> places) {
  for (size_t k = 0; k < graph_.outputs.size(); k++) {
    const Slot& s = slots_[graph_.outputs[k]];
    VG_ASSIGN(places[k], surroundings_->place(static_cast<int>(k), sample_, *s.type));
    if (s.reg < 0) continue;
    Register& r = registers_[s.reg];
    if (is_device_output(k)) {
      if (r.on_device && !r.device) r.device = places[k];
      if (!r.on_device) r.to_device = true;
    } else if (!r.data) {
      r.data = places[k];
    }
  }
  return {};
}

Status SampleRun::finish() {
  stack_.clear();
  for (int slot : graph_.outputs) VG_TRY(demand(slot));
  for (int slot : graph_.sinks) VG_TRY(demand(slot));
  for (size_t k = 0; k < graph_.outputs.size(); k++) {
    const Slot& s = slots_[graph_.outputs[k]];
    if (s.reg >= 0 && registers_[s.reg].on_device && !is_device_output(k))
      VG_TRY(force(graph_.outputs[k]));
  }
  std::span<std::byte*> places = arena_.array<std::byte*>(graph_.outputs.size());
  VG_TRY(bind_outputs(places));
  VG_TRY(run_pending(true));
  for (size_t k = 0; k < places.size(); k++) {
    const Slot& s = slots_[graph_.outputs[k]];
    if (is_device_output(k)) {
      VG_TRY(copy_output(k, places[k]));
      continue;
    }
    const std::byte* from = s.data ? s.data : registers_[s.reg].data;
    if (from != places[k] && s.type->bytes() > 0)
      std::memcpy(places[k], from, static_cast<size_t>(s.type->bytes()));
  }
  finished_ = true;
  return {};
}

}  // namespace vg
