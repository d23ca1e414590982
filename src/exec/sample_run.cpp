// The walk from a value back to what it needs, and the writing of instructions.
#include "exec/sample_run.h"

#include <algorithm>
#include <cstring>

#include "cpu/drivers.h"

namespace vg {
namespace {

// Tensors up to this size are parameters: they are computed while the sample is planned.
constexpr int64_t kSmall = 64;

/// `n` elements that the caller assigns before anybody reads them.
template <class T>
std::span<T> unset(Arena& arena, size_t n) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {static_cast<T*>(arena.allocate(n * sizeof(T), alignof(T))), n};
}

bool is_small(const TensorDesc& desc) { return desc.shape.elements() <= kSmall; }

/// Families that always work on images: tiny ones count as steps of the program as well.
bool is_image_family(Family family) { return family <= Family::Scatter; }

bool listed(std::string_view list, std::string_view word) {
  for (size_t at = 0; at < list.size();) {
    size_t end = at, same = 0;
    for (; end < list.size() && list[end] != ' '; end++)
      same += end - at < word.size() && list[end] == word[end - at];
    if (end - at == word.size() && same == word.size()) return true;
    at = end + 1;
  }
  return false;
}

/// Checks an input's layout; an empty one of an image counts as HWC (or HW) where that is taken.
Status settle_layout(const Schema& schema, size_t input, TensorDesc& desc) {
  const auto& specs = schema.input_specs();
  if (specs.empty()) return {};
  const std::string& allowed = specs[std::min(input, specs.size() - 1)].layouts;
  if (allowed.empty()) return {};
  if (desc.layout.empty()) {
    const std::string_view usual = desc.shape.ndim() == 3   ? "HWC"
                                   : desc.shape.ndim() == 2 ? "HW"
                                                            : "";
    if (!usual.empty() && listed(allowed, usual)) desc.layout = Layout(usual);
    return {};
  }
  if (listed(allowed, desc.layout.text())) return {};
  return fail(ErrorKind::Value, "[{}] does not take the layout \"{}\" for input {}; it takes {}",
              schema.name(), desc.layout.text(), input, allowed);
}

}  // namespace

SampleRun::SampleRun(const CompiledGraph& graph, Surroundings& surroundings, BufferCache& buffers)
    : graph_(graph),
      surroundings_(&surroundings),
      buffers_(buffers),
      slots_(graph.slot_node.size()) {}

void SampleRun::begin(const Sample& sample) {
  sample_ = sample;
  program_.clear();
  registers_.clear();
  held_.clear();
  steps_.clear();
  select_types_.clear();
  stack_.clear();
  device_steps_.clear();
  device_program_.clear();
  wanted_.clear();
  done_ = submitted_ = 0;
  finished_ = waits_ = false;
  for (int slot : touched_) slots_[slot] = Slot();
  touched_.clear();
  arena_.reset();
  scratch_.reset();
}

SampleRun::Slot& SampleRun::touch(int slot) {
  Slot& s = slots_[slot];
  if (!s.touched) touched_.push_back(slot);
  s.touched = true;
  return s;
}

void SampleRun::provide(int slot, Tensor tensor) {
  Slot& s = touch(slot);
  s.ref = {tensor, tensor.device ? nullptr : tensor.data.get()};
  s.source = tensor.source ? static_cast<int>(held_.size()) : -1;
  if (tensor.device) {
    s.reg = static_cast<int>(registers_.size());
    Register& r = registers_.emplace_back();
    r.bytes = tensor.bytes();
    r.device = tensor.data.get();
    r.on_device = true;
  }
  s.planned = true;
  held_.push_back(std::move(tensor));
}

int SampleRun::missing(const CompiledNode& n, int& next) const {
  const int inputs = static_cast<int>(n.inputs.size());
  const int all = inputs + static_cast<int>(n.arguments.size());
  for (; next < all; next++) {
    const int slot = next < inputs ? n.inputs[next] : n.arguments[next - inputs];
    if (slot >= 0 && !slots_[slot].planned) return slot;
  }
  return -1;
}

Status SampleRun::demand(int slot) {
  if (slots_[slot].planned) return {};
  // A walk inside a walk (a forced decision) leaves the frames below alone.
  const size_t base = stack_.size();
  stack_.push_back({graph_.slot_node[slot], 0});
  while (stack_.size() > base) {
    Frame& f = stack_.back();
    const CompiledNode& n = graph_.nodes[f.node];
    if (slots_[n.first_slot].planned) {
      stack_.pop_back();
      continue;
    }
    if (n.node->op->family == Family::Select) {
      int next = -1;
      if (!slots_[n.inputs[0]].planned) {
        next = n.inputs[0];
      } else {
        VG_TRY(force(n.inputs[0]));
        const int last = static_cast<int>(n.inputs.size()) - 2;
        const double index = element(slots_[n.inputs[0]].ref, 0);
        const int taken = n.inputs[1 + static_cast<int>(std::clamp(index, 0.0, double(last)))];
        if (!slots_[taken].planned) next = taken;
        if (next < 0) {
          touch(n.first_slot) = slots_[taken];
          select_types_.push_back({graph_.slot_node[n.first_slot], slots_[taken].ref.desc});
        }
      }
      if (next >= 0) stack_.push_back({graph_.slot_node[next], 0});
      continue;
    }
    const int index = f.node;
    if (const int waits = missing(n, f.next); waits >= 0) {
      stack_.push_back({graph_.slot_node[waits], 0});
      continue;
    }
    VG_TRY(plan_node(index));
  }
  return {};
}

Status SampleRun::force(int slot) {
  VG_TRY(demand(slot));
  Slot& s = slots_[slot];
  if (s.ref.data) return {};
  if (!pixels_allowed_)
    return fail("a decision needs pixels ([{}]); a plan without pixels cannot follow it",
                graph_.nodes[graph_.slot_node[slot]].node->schema().name());
  Register& r = registers_[s.reg];
  if (r.on_device && !r.data) return want(s.reg);
  VG_TRY(run_pending(false));
  s.ref.data = registers_[s.reg].data;
  return {};
}

Status SampleRun::load_source(int index) {
  const CompiledNode& n = graph_.nodes[index];
  loaded_.assign(static_cast<size_t>(n.node->outputs), Tensor());
  VG_TRY(surroundings_->load(index, sample_, loaded_));
  for (const Tensor& t : loaded_)
    if (t.device && !surroundings_->device())
      return fail("the data are on a GPU, and this pipeline runs on the host: copy them first");
  for (size_t o = 0; o < loaded_.size(); o++)
    provide(n.first_slot + static_cast<int>(o), std::move(loaded_[o]));
  return {};
}

Status SampleRun::prepare_inputs(const CompiledNode& n, std::span<TensorRef> in,
                                 std::span<TensorRef> args) {
  const Schema& schema = n.node->schema();
  const Traits& traits = schema.traits();
  const int data_from = traits.eager && !traits.needs_shape_only ? 0 : traits.data_from;
  for (size_t i = 0; i < in.size(); i++) {
    if (static_cast<int>(i) >= data_from) VG_TRY(force(n.inputs[i]));
    Slot& s = slots_[n.inputs[i]];
    if (!s.ref.data && s.reg >= 0) s.ref.data = registers_[s.reg].data;
    in[i] = s.ref;
    in[i].source = source(n.inputs[i]).get();
    VG_TRY(settle_layout(schema, i, in[i].desc));
  }
  for (size_t a = 0; a < args.size(); a++) {
    if (n.arguments[a] < 0) {
      args[a].data = nullptr;
      continue;
    }
    VG_TRY(force(n.arguments[a]));
    args[a] = slots_[n.arguments[a]].ref;
  }
  return {};
}

Status SampleRun::plan_node(int index) {
  const CompiledNode& n = graph_.nodes[index];
  const OpDef& op = *n.node->op;
  if (op.schema.traits().source) {
    if (auto s = load_source(index); !s.ok()) return explain(std::move(s.failure()), index);
    return {};
  }
  if (n.node->batch)
    return explain(fail("its result was asked for outside the branch that computes it"), index);
  std::span<TensorRef> in = unset<TensorRef>(arena_, n.inputs.size());
  std::span<TensorRef> args = unset<TensorRef>(arena_, n.arguments.size());
  if (auto s = prepare_inputs(n, in, args); !s.ok()) return explain(std::move(s.failure()), index);
  static constexpr TensorRef kNothing;
  std::span<TensorRef> out = unset<TensorRef>(arena_, static_cast<size_t>(n.node->outputs));
  std::fill(out.begin(), out.end(), kNothing);
  Plan plan(*n.node, sample_, n.draw, in, args, out, arena_);
  if (auto s = op.plan(plan); !s.ok()) return explain(std::move(s.failure()), index);
  return emit(index, plan, in, args, out);
}

Status SampleRun::emit(int index, Plan& plan, std::span<TensorRef> in, std::span<TensorRef> args,
                       std::span<TensorRef> out) {
  const CompiledNode& n = graph_.nodes[index];
  auto slot = [&](size_t o) -> Slot& { return slots_[n.first_slot + static_cast<int>(o)]; };
  int source = -1;
  for (int s : n.inputs)
    if (source < 0) source = slots_[s].source;
  bool there = true;
  for (size_t o = 0; o < out.size(); o++) {
    Slot& s = touch(n.first_slot + static_cast<int>(o));
    s.source = source;
    s.ref = out[o];
    there = there && out[o].data;
  }
  if (plan.is_alias()) {
    const Slot& from = slots_[n.inputs[plan.alias_input()]];
    slot(0).ref.data = from.ref.data;
    slot(0).reg = from.reg;
  }
  if (plan.is_alias() || there) {
    for (size_t o = 0; o < out.size(); o++) slot(o).planned = true;
    return {};
  }
  Instruction ins{
      index, plan.params(), in, out, unset<int>(arena_, in.size()), arena_.array<int>(out.size())};
  bool small = true, ready = true;
  for (size_t i = 0; i < in.size(); i++) {
    ins.in_regs[i] = in[i].data ? -1 : slots_[n.inputs[i]].reg;
    ready = ready && in[i].data;
    small = small && is_small(in[i].desc);
  }
  for (const TensorRef& o : out) small = small && is_small(o.desc);
  const bool now = (small && ready) || n.node->schema().traits().eager;
  const bool on_device = !now && goes_to_device(index, ins);
  if (!on_device && !n.node->schema().traits().needs_shape_only) VG_TRY(fetch_inputs(n));
  // Whether small values were there already differs between devices; programs do not show it.
  if (recording_ && (is_image_family(n.node->op->family) || !(small || now)))
    note_step(index, args);
  note_route(index, on_device);
  if (now) {
    for (size_t o = 0; o < out.size(); o++) {
      ins.out_regs[o] = -1;
      out[o].data = static_cast<std::byte*>(
          arena_.allocate(static_cast<size_t>(std::max<int64_t>(out[o].desc.bytes(), 1)), 64));
      slot(o).ref.data = out[o].data;
    }
    VG_TRY(run_one(ins));
  } else {
    for (size_t o = 0; o < out.size(); o++) {
      ins.out_regs[o] = slot(o).reg = static_cast<int>(registers_.size());
      Register& r = registers_.emplace_back();
      r.bytes = out[o].desc.bytes();
      r.on_device = on_device;
    }
    for (int r : ins.in_regs)
      if (on_device && r >= 0) registers_[r].to_device = true;
    (on_device ? device_steps_ : program_).push_back(ins);
  }
  for (size_t o = 0; o < out.size(); o++) slot(o).planned = true;
  return {};
}

void SampleRun::note_route(int index, bool on_device) {
  if (!surroundings_->device() || graph_.nodes[index].node->options.device != "mixed") return;
  for (ProgramSteps::Step& s : steps_.steps)
    if (s.node == index) s.route = on_device ? "gpu" : "host";
}

void SampleRun::note_step(int index, std::span<const TensorRef> args) {
  steps_.steps.push_back({index, 0, {}});
  const auto add = [&](int argument, const TensorRef& ref) {
    if (!ref.data) return;
    const int64_t count = ref.desc.shape.elements();
    for (int64_t i = 0; i < count; i++) steps_.values.push_back(element(ref, i));
    steps_.params.push_back({argument, static_cast<int>(count)});
    steps_.steps.back().params++;
  };
  const CompiledNode& n = graph_.nodes[index];
  if (!n.node->label.empty()) {
    if (n.shown >= 0) add(-1, slots_[n.shown].ref);
    return;
  }
  for (size_t a = 0; a < args.size(); a++) add(static_cast<int>(a), args[a]);
}

Failure SampleRun::explain(Failure failure, int node) const {
  const CompiledNode& n = graph_.nodes[node];
  if (failure.message.empty() || failure.message[0] != '[')
    failure.message = "[" + n.node->schema().name() + "] " + failure.message;
  if (failure.source.empty()) {
    for (int s : n.inputs) {
      if (!source(s)) continue;
      failure.source = *source(s);
      break;
    }
  }
  if (!failure.source.empty() && failure.message.find(failure.source) == std::string::npos)
    failure.message += " (file \"" + failure.source + "\")";
  return failure;
}

}  // namespace vg
