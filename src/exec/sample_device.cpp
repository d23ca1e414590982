// The part of a sample that runs on the GPU: which instructions go there, what travels to them, and
// what has to come back before the plan goes on.
#include <cstring>

#include "exec/sample_run.h"

namespace vg {

bool SampleRun::goes_to_device(int index, const Instruction& ins) {
  DeviceBatch* device = surroundings_->device();
  const Node& node = *graph_.nodes[index].node;
  const bool mixed = node.schema().traits().mixed;
  if (!device || !node.is_gpu() || (mixed && sample_.stand_in)) return false;
  if (device->runs(Work{node, ins.params, ins.in, ins.out, arena_})) return true;
  if (!mixed) surroundings_->runs_on_host(index);
  return false;
}

Status SampleRun::want(int reg) {
  wanted_.push_back(reg);
  return fail("waits for the device");
}

Status SampleRun::fetch_inputs(const CompiledNode& n) {
  Status status;
  if (!surroundings_->device()) return status;
  for (int slot : n.inputs) {
    const Slot& s = slots_[slot];
    if (!s.data && s.reg >= 0 && registers_[s.reg].on_device && !registers_[s.reg].data)
      status = want(s.reg);
  }
  return status;
}

bool SampleRun::is_device_output(size_t k) const {
  return surroundings_->device() &&
         graph_.nodes[graph_.slot_node[graph_.outputs[k]]].node->is_gpu();
}

Status SampleRun::stage(Register& r, const std::byte* data) {
  r.device = surroundings_->device()->bring(data, r.bytes);
  if (r.device) return {};
  VG_ASSIGN(const DeviceBatch::Staged staged, surroundings_->device()->stage(r.bytes));
  if (r.bytes > 0) std::memcpy(staged.host, data, static_cast<size_t>(r.bytes));
  r.device = staged.device;
  return {};
}

/// An output that no instruction writes to its place is copied there.
Status SampleRun::copy_output(size_t k, std::byte* place) {
  Slot& s = slots_[graph_.outputs[k]];
  int reg = s.reg;
  if (reg < 0) {
    reg = static_cast<int>(registers_.size());
    registers_.emplace_back().bytes = s.type->bytes();
    VG_TRY(stage(registers_[reg], s.data));
  }
  Register& r = registers_[reg];
  r.output = true;
  if (!r.on_device && !r.device) VG_TRY(stage(r, r.data));
  if (r.device != place) device_program_.copies.push_back({reg, place, s.type->bytes()});
  return {};
}

Outcome<DeviceProgram*> SampleRun::device_program() {
  // What the device needs of the host, if the plan has stopped half-way.
  if (!finished_) VG_TRY(run_pending(false));
  DeviceProgram& p = device_program_;
  for (size_t i = submitted_; i < device_steps_.size(); i++) {
    Instruction& ins = device_steps_[i];
    for (size_t k = 0; k < ins.in.size(); k++) {
      if (ins.in_regs[k] < 0) {
        ins.in_regs[k] = static_cast<int>(registers_.size());
        Register& r = registers_.emplace_back();
        r.bytes = ins.in[k].desc.bytes();
        r.data = ins.in[k].data;
        VG_TRY(stage(r, r.data));
        continue;
      }
      Register& r = registers_[ins.in_regs[k]];
      if (!r.on_device && !r.device) VG_TRY(stage(r, r.data));
    }
    p.steps.push_back({graph_.nodes[ins.node].node.get(), ins.params, ins.in, ins.out, ins.in_regs,
                       ins.out_regs});
  }
  p.values.clear();
  for (const Register& r : registers_)
    p.values.push_back({r.bytes, r.device, !finished_ || r.output});
  return &p;
}

Status SampleRun::make_on_host(const DeviceStep& step, std::byte* to) {
  const auto at = static_cast<size_t>(&step - device_program_.steps.data());
  const Instruction& ins = device_steps_[submitted_ + at];
  std::vector<TensorRef> in(ins.in.begin(), ins.in.end());
  for (size_t i = 0; i < in.size(); i++) in[i].data = registers_[ins.in_regs[i]].data;
  TensorRef out = ins.out[0];
  out.data = to;
  const Work work{*step.node, ins.params, in, {&out, 1}, scratch_};
  note_route(ins.node, false);
  return run_on_host(work, ins.node);
}

void SampleRun::submitted() {
  for (size_t i = 0; i < device_program_.values.size(); i++)
    registers_[i].device = device_program_.values[i].data;
  submitted_ = device_steps_.size();
  device_program_.clear();
}

Status SampleRun::collect_wanted(std::vector<DeviceBatch::Download>& downloads) {
  for (int reg : wanted_) {
    Register& r = registers_[reg];
    if (r.data) continue;  // wanted twice
    VG_ASSIGN(r.buffer, buffers_.take(r.bytes));
    r.data = r.buffer.data();
    downloads.push_back({r.device, r.data, r.bytes});
  }
  return {};
}

void SampleRun::delivered() {
  waits_ = blocked();
  wanted_.clear();
}

}  // namespace vg
