// One sample: its values, its program, and the demand-driven walk that writes and runs it.
#pragma once

#include <algorithm>
#include <bit>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/arena.h"
#include "exec/buffers.h"
#include "exec/device.h"
#include "exec/timing.h"
#include "graph/compile.h"

namespace vg {

/// What a sample asks of its surroundings.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  /// Outputs of a source node for a sample: tensors that stay alive as long as the sample does.
  virtual Status load(int node, const Sample& sample, std::span<Tensor> outputs) = 0;
  /// Memory for an output of the pipeline.
  virtual Outcome<std::byte*> place(int output, const Sample& sample, const TensorDesc& desc) = 0;
  /// The batch on the GPU that this sample belongs to; null: the host does all.
  virtual DeviceBatch* device() { return nullptr; }
  /// A node that was asked for on the GPU has no form there.
  virtual void runs_on_host(int /*node*/) {}
};

/// The steps of a sample's program: pixel operators with the parameters that this sample gave them.
/// Three flat lists, so that keeping them costs no memory of their own for every step.
struct ProgramSteps {
  struct Param {
    int argument;  ///< of the node's schema; -1: the value that stands for its label
    int count;     ///< of numbers
  };
  struct Step {
    int node;
    int params;              ///< how many of them
    std::string_view route;  ///< where a decoder that had the choice ran: "gpu" or "host"
  };
  std::vector<Step> steps;
  std::vector<Param> params;   ///< step after step
  std::vector<double> values;  ///< parameter after parameter
  void clear() {
    steps.clear();
    params.clear();
    values.clear();
  }
  /// Takes the steps of `other`, with room for the longer ones of later samples.
  void assign(const ProgramSteps& other) {
    const auto copy = [](auto& to, const auto& from) {
      if (to.capacity() < from.size()) to.reserve(std::max<size_t>(16, std::bit_ceil(from.size())));
      to.assign(from.begin(), from.end());
    };
    copy(steps, other.steps);
    copy(params, other.params);
    copy(values, other.values);
  }
};

/// The values of one sample at a time. Not thread-safe: a worker has its own.
class SampleRun {
 public:
  SampleRun(const CompiledGraph& graph, Surroundings& surroundings, BufferCache& buffers);

  /// Forgets the last sample. Nothing is computed yet.
  void begin(const Sample& sample);
  const Sample& sample() const { return sample_; }

  /// Gives the sample's memory back; the next `begin` makes the rest ready.
  void let_go() {
    registers_.clear();
    held_.clear();
  }
  /// Plans what `slot` needs. No pixels, unless a decision on the way needs them.
  Status demand(int slot);
  /// As `demand`, then computes: the data of `slot` is in memory.
  Status force(int slot);
  /// Runs what is planned, the graph's outputs going to their places, then ends the sample.
  Status finish();

  /// With a device: `demand`, `force` or `finish` failed only because values must come from there
  /// first. Called again once they have come, they go on.
  bool blocked() const { return !wanted_.empty(); }
  /// What the device is to run for this sample, since the last time.
  Outcome<DeviceProgram*> device_program();
  /// Does a step of that program on the host, into `to`.
  Status make_on_host(const DeviceStep& step, std::byte* to);
  /// The program was submitted: its values have addresses.
  void submitted();
  /// Appends what the sample waits for, with host memory for it.
  Status collect_wanted(std::vector<DeviceBatch::Download>& downloads);
  /// Whether it waited at the end of the last phase, and what it waited for has come.
  bool waits() const { return waits_; }
  void delivered();
  /// Tensors of sources that lie on a device: they must live until it has read them.
  void hand_over(std::vector<Tensor>& held) const {
    for (const Tensor& t : held_)
      if (t.device) held.push_back(t);
  }
  /// Only for `plan`: a decision that needs pixels is a failure.
  void forbid_pixels() { pixels_allowed_ = false; }
  /// Another worker goes on with this sample.
  void surround(Surroundings& surroundings) { surroundings_ = &surroundings; }
  /// Where the time of decoders and of other pixel operators is added.
  void time(Timing* timing) { timing_ = timing; }
  /// Keep the steps of the program, for `program()`.
  void record(bool on) { recording_ = on; }

  TensorRef value(int slot) const { return {*slots_[slot].type, slots_[slot].data}; }
  /// The file that a value came from; null: none.
  const std::shared_ptr<const std::string>& source(int slot) const {
    static const std::shared_ptr<const std::string> none;
    const int from = planned_[slot] ? slots_[slot].source : -1;
    return from < 0 ? none : held_[static_cast<size_t>(from)].source;
  }
  /// A value computed elsewhere (by a batch operator).
  void provide(int slot, Tensor tensor);
  const ProgramSteps& program() const { return steps_; }
  /// For each select of the graph that this sample passed: a code of dtype, rank and layout.
  struct SelectType {
    int node;
    const TensorDesc* desc;
  };
  const std::vector<SelectType>& select_types() const { return select_types_; }

 private:
  /// Means nothing until it is planned.
  struct Slot {
    const TensorDesc* type = nullptr;  ///< lives as long as the sample, if not longer
    std::byte* data = nullptr;
    int reg = -1;             ///< register that will hold the data; -1: none
    int source = -1;          ///< the value came from this one of `held_`, which names a file
    bool known_type = false;  ///< `type` is one of the graph's `plans`
    bool known_data = false;  ///< the elements are the same for every sample
  };
  struct Register {
    std::byte* data = nullptr;
    Buffer buffer;  ///< owns `data`, unless it is an output's place
    int64_t bytes = 0;
    int uses = 0;  ///< instructions still to read it
    bool output = false;
    std::byte* device = nullptr;  ///< address on the device, once it has one
    bool on_device = false;       ///< the device makes it
    bool to_device = false;       ///< the host makes it, the device reads it
  };
  struct Instruction {
    int node;
    const void* params;
    std::span<TensorRef> in, out;
    std::span<int> in_regs, out_regs;  ///< -1: the data is in `in` already
  };
  struct Frame {
    int node;
    unsigned next;  ///< of what the node needs
  };
  struct Operands {
    std::span<TensorRef> in, args, out;
  };
  using Needs = std::span<const KnownValue>;

  Outcome<int> plan_select(int index);
  Status plan_node(int index);
  Status load_source(int index);
  Outcome<bool> gather_needs(const CompiledNode& n, std::span<KnownValue> needs);
  Status take_inputs(const CompiledNode& n, const Operands& operands);
  TensorRef operand(const TensorDesc& type, const Slot& slot) const;
  Status plan_alone(int index, Arena& arena, CommonPlans* common, Needs needs);
  void describe(int slot, const TensorDesc& desc, bool add);
  void keep_plan(int index, const Plan& plan, const Operands& operands, Needs needs);
  Status use_plan(int index, const CommonPlan& plan);
  Status run_pending(bool final);
  Status run_one(Instruction& instruction);
  Status run_on_host(const Work& work, int node);
  void narrow(Instruction& instruction, size_t at);
  int source_of(const CompiledNode& n) const;
  void alias(const CompiledNode& n, int input);
  Status emit(int index, const void* params, std::span<TensorRef> in, std::span<TensorRef> out,
              Arena& memory);
  Status run_now(int node, const void* params, std::span<TensorRef> in, std::span<TensorRef> out);
  Status bind_outputs(std::span<std::byte*> places);
  void count_uses();
  size_t fused_run(size_t first) const;
  Status run_fused(size_t first, size_t count);
  void release_inputs(const Instruction& instruction);
  Failure explain(Failure failure, int node) const;
  void note_step(int index);
  void note_route(int index, bool on_device);
  bool goes_to_device(int index, const Instruction& instruction);
  Status want(int reg);
  /// Fails as blocked if an input of a host instruction is still on the device.
  Status fetch_inputs(const CompiledNode& n);
  bool is_device_output(size_t k) const;
  Status stage(Register& r, const std::byte* data);
  Status copy_output(size_t k, std::byte* place);
  Status give_memory(int reg);

  const CompiledGraph& graph_;
  Surroundings* surroundings_;
  Timing* timing_ = nullptr;
  BufferCache& buffers_;
  Sample sample_;
  Arena arena_, scratch_;
  std::vector<Slot> slots_;
  /// By slot: types it had. One that comes twice is added to the graph's plans; sizes of files, all
  /// of them different, are not.
  std::vector<const TensorDesc*> last_type_;
  std::vector<TensorDesc> odd_type_;
  std::vector<uint8_t> planned_;  ///< by slot
  std::vector<Register> registers_;
  std::vector<Instruction> program_;
  std::vector<Frame> stack_;
  std::vector<Tensor> held_;    ///< what sources gave for this sample
  std::vector<Tensor> loaded_;  ///< what a source gives right now
  ProgramSteps steps_;
  std::vector<SelectType> select_types_;
  size_t done_ = 0;  ///< instructions that have run
  std::vector<Instruction> device_steps_;
  size_t submitted_ = 0;     ///< device steps that are on their way
  std::vector<int> wanted_;  ///< registers that must come from the device
  DeviceProgram device_program_;
  bool waits_ = false;
  bool finished_ = false;  ///< nothing more will be planned
  bool pixels_allowed_ = true;
  bool recording_ = true;
};

}  // namespace vg
