// The walk from a value back to what it needs, and the writing of instructions.
#include "exec/sample_run.h"

#include <algorithm>
#include <cstring>

#include "cpu/drivers.h"
#include "graph/elements.h"

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

bool has_few_elements(const TensorRef& t) { return t.desc.shape.elements() <= kSmall; }

bool has_data(const TensorRef& t) { return t.data; }

/// Families that always work on images: tiny ones count as steps of the program as well.
bool is_image_family(Family family) { return family <= Family::Scatter; }

/// Checks an input's layout; an empty one of an image counts as HWC (or HW) where that is taken.
Status settle_layout(const Schema& schema, size_t input, TensorDesc& desc) {
  const auto& specs = schema.input_specs();
  if (specs.empty()) return {};
  const InputSpec& spec = specs[std::min(input, specs.size() - 1)];
  if (spec.allowed.empty()) return {};
  const auto takes = [&](const Layout& layout) {
    return std::find(spec.allowed.begin(), spec.allowed.end(), layout) != spec.allowed.end();
  };
  if (desc.layout.empty()) {
    const Layout usual = desc.shape.ndim() == 3 ? "HWC" : desc.shape.ndim() == 2 ? "HW" : "";
    if (!usual.empty() && takes(usual)) desc.layout = usual;
    return {};
  }
  if (takes(desc.layout)) return {};
  return fail(ErrorKind::Value, "[{}] does not take the layout \"{}\" for input {}; it takes {}",
              schema.name(), desc.layout.text(), input, spec.layouts);
}

}  // namespace

SampleRun::SampleRun(const CompiledGraph& graph, Surroundings& surroundings, BufferCache& buffers)
    : graph_(graph),
      surroundings_(&surroundings),
      buffers_(buffers),
      slots_(graph.slot_node.size()),
      last_type_(graph.slot_node.size()),
      odd_type_(graph.slot_node.size()),
      planned_(graph.slot_node.size()) {
  steps_.values.reserve(64);
}

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
  std::fill(planned_.begin(), planned_.end(), uint8_t{0});
  arena_.reset();
  scratch_.reset();
}

void SampleRun::provide(int slot, Tensor tensor) {
  Slot& s = slots_[slot];
  describe(slot, tensor, false);
  s.data = tensor.device ? nullptr : tensor.data.get();
  s.known_data = false;
  s.source = tensor.source ? static_cast<int>(held_.size()) : -1;
  s.reg = -1;
  if (tensor.device) {
    s.reg = static_cast<int>(registers_.size());
    Register& r = registers_.emplace_back();
    r.bytes = tensor.bytes();
    r.device = tensor.data.get();
    r.on_device = true;
  }
  planned_[slot] = true;
  held_.push_back(std::move(tensor));
}

/// The type of a value: one of the graph's plans, as far as they hold it.
void SampleRun::describe(int slot, const TensorDesc& desc, bool add) {
  Slot& s = slots_[slot];
  const TensorDesc*& last = last_type_[static_cast<size_t>(slot)];
  s.known_type = true;
  if (last && equal(*last, desc)) {
    s.type = last;
    return;
  }
  TensorDesc& odd = odd_type_[static_cast<size_t>(slot)];
  const TensorDesc* known = graph_.plans->find(desc);
  if (!known && (add || equal(odd, desc))) known = graph_.plans->add(desc);
  if (known) {
    s.type = last = known;
    return;
  }
  odd = desc;
  s.type = arena_.make<TensorDesc>(desc);
  s.known_type = false;
}

Status SampleRun::demand(int slot) {
  if (planned_[slot]) return {};
  // A walk inside a walk (a forced decision) leaves the frames below alone.
  const size_t base = stack_.size();
  stack_.push_back({graph_.slot_node[slot], 0});
  while (stack_.size() > base) {
    Frame& f = stack_.back();
    const CompiledNode& n = graph_.nodes[f.node];
    if (planned_[n.first_slot]) {
      stack_.pop_back();
      continue;
    }
    int waits = -1;
    if (n.op->family == Family::Select) {
      VG_ASSIGN(waits, plan_select(f.node));
    } else {
      const std::vector<int>& needs = n.needs;
      while (f.next < needs.size() && planned_[needs[f.next]]) f.next++;
      if (f.next < needs.size())
        waits = needs[f.next];
      else
        VG_TRY(plan_node(f.node));  // which may move the frames
    }
    if (waits < 0)
      stack_.pop_back();
    else if (const int node = graph_.slot_node[waits]; graph_.nodes[node].needs.empty())
      VG_TRY(plan_node(node));  // a draw or a constant: the frame looks at it again
    else
      stack_.push_back({node, 0});
  }
  return {};
}

/// The slot that the select at `index` waits for; -1: it is planned.
Outcome<int> SampleRun::plan_select(int index) {
  const CompiledNode& n = graph_.nodes[index];
  const int decides = n.inputs[0];
  if (!planned_[decides]) return decides;
  if (!slots_[decides].data) VG_TRY(force(decides));
  const int last = static_cast<int>(n.inputs.size()) - 2;
  const double chosen = element(slots_[decides].type->dtype, slots_[decides].data, 0);
  const int taken = n.inputs[1 + static_cast<int>(std::clamp(chosen, 0.0, double(last)))];
  if (!planned_[taken]) return taken;
  slots_[n.first_slot] = slots_[taken];
  planned_[n.first_slot] = true;
  select_types_.push_back({index, slots_[taken].type});
  return -1;
}

Status SampleRun::force(int slot) {
  VG_TRY(demand(slot));
  Slot& s = slots_[slot];
  if (s.data) return {};
  if (!pixels_allowed_)
    return fail("a decision needs pixels ([{}]); a plan without pixels cannot follow it",
                graph_.nodes[graph_.slot_node[slot]].node->schema().name());
  Register& r = registers_[s.reg];
  if (r.on_device && !r.data) return want(s.reg);
  VG_TRY(run_pending(false));
  s.data = registers_[s.reg].data;
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

/// Brings what a plan reads into memory. Gives whether the plan is that of all samples with the
/// same `needs`: their types are known, and so are the elements that are there.
Outcome<bool> SampleRun::gather_needs(const CompiledNode& n, std::span<KnownValue> needs) {
  const Traits& traits = n.op->schema.traits();
  const auto data_from =
      traits.eager && !traits.needs_shape_only ? 0 : static_cast<size_t>(traits.data_from);
  bool shared = needs.size() == n.needs.size();
  for (size_t i = 0; i < n.needs.size(); i++) {
    Slot& s = slots_[n.needs[i]];
    if (!s.data) {
      if (i >= data_from || i >= n.inputs.size()) VG_TRY(force(n.needs[i]));
      if (s.reg >= 0) s.data = registers_[s.reg].data;
    }
    if (!shared) continue;
    shared = s.known_type && (s.known_data || !s.data);
    needs[i] = {s.type, s.data};
  }
  return shared;
}

TensorRef SampleRun::operand(const TensorDesc& type, const Slot& s) const {
  return {type, s.data, s.source < 0 ? nullptr : held_[static_cast<size_t>(s.source)].source.get()};
}

Status SampleRun::take_inputs(const CompiledNode& n, const Operands& operands) {
  const auto& [in, args, out] = operands;
  for (size_t i = 0; i < in.size(); i++) {
    const Slot& s = slots_[n.inputs[i]];
    in[i] = operand(*s.type, s);
    VG_TRY(settle_layout(n.op->schema, i, in[i].desc));
  }
  for (size_t a = 0; a < args.size(); a++) {
    args[a].data = nullptr;
    if (n.arguments[a] >= 0) args[a] = value(n.arguments[a]);
  }
  return {};
}

Status SampleRun::plan_node(int index) {
  const CompiledNode& n = graph_.nodes[index];
  if (n.op->schema.traits().source) {
    if (auto s = load_source(index); !s.ok()) return explain(std::move(s.failure()), index);
    return {};
  }
  if (n.node->batch)
    return explain(fail("its result was asked for outside the branch that computes it"), index);
  CommonPlans& plans = *graph_.plans;
  const bool may_share = plans.shares(index);
  const std::span<KnownValue> needs =
      may_share ? unset<KnownValue>(arena_, n.needs.size()) : std::span<KnownValue>();
  const auto shared = gather_needs(n, needs);
  if (!shared.ok()) return explain(std::move(shared.failure()), index);
  if (may_share && *shared) {
    if (const CommonPlan* known = plans.find(index, needs)) return use_plan(index, *known);
    if (const auto writing = plans.try_write())
      return plan_alone(index, plans.arena(), &plans, needs);
  }
  return plan_alone(index, arena_, nullptr, {});
}

/// `common`: the plan is kept there, and `arena` is its.
Status SampleRun::plan_alone(int index, Arena& arena, CommonPlans* common, Needs needs) {
  const CompiledNode& n = graph_.nodes[index];
  const size_t inputs = n.inputs.size(), args = n.arguments.size();
  const auto outputs = static_cast<size_t>(n.node->outputs);
  const std::span<TensorRef> all = unset<TensorRef>(arena, inputs + args + outputs);
  const Operands operands{all.first(inputs), all.subspan(inputs, args), all.last(outputs)};
  if (auto s = take_inputs(n, operands); !s.ok()) return explain(std::move(s.failure()), index);
  static constexpr TensorRef kNothing;
  std::fill(operands.out.begin(), operands.out.end(), kNothing);
  Plan plan(*n.node, sample_, n.draw, operands.in, operands.args, operands.out, arena);
  if (auto s = n.op->plan(plan); !s.ok()) return explain(std::move(s.failure()), index);

  const int source = source_of(n);
  bool there = true;
  for (size_t o = 0; o < outputs; o++) {
    const int slot = n.first_slot + static_cast<int>(o);
    describe(slot, operands.out[o].desc, common);
    Slot& s = slots_[slot];
    s.data = operands.out[o].data;
    s.known_data = s.data && (common || is_whole_number(s.data));
    s.reg = -1;
    s.source = source;
    there = there && s.data;
  }
  if (plan.is_alias()) {
    alias(n, plan.alias_input());
  } else if (!there) {
    // Results are kept too, but for steps of the program: those are noted sample by sample.
    const bool keeps = common && !is_image_family(n.op->family);
    VG_TRY(emit(index, plan.params(), operands.in, operands.out, keeps ? arena : arena_));
    for (size_t o = 0; o < outputs && keeps; o++) {
      Slot& s = slots_[n.first_slot + static_cast<int>(o)];
      s.known_data = s.data;
    }
  }
  if (common) keep_plan(index, plan, operands, needs);
  for (size_t o = 0; o < outputs; o++) planned_[n.first_slot + static_cast<int>(o)] = true;
  return {};
}

void SampleRun::keep_plan(int index, const Plan& plan, const Operands& operands, Needs needs) {
  CommonPlans& plans = *graph_.plans;
  const std::span<const TensorDesc*> in =
      plans.arena().array<const TensorDesc*>(operands.in.size());
  for (size_t i = 0; i < in.size(); i++)
    if (!(in[i] = plans.add(operands.in[i].desc))) return;
  const std::span<KnownValue> out = plans.arena().array<KnownValue>(operands.out.size());
  for (size_t o = 0; o < out.size(); o++) {
    const Slot& s = slots_[graph_.nodes[index].first_slot + static_cast<int>(o)];
    if (!s.known_type) return;
    out[o] = {s.type, s.known_data && !plan.is_alias() ? s.data : nullptr};
  }
  plans.add(index, needs, {plan.params(), plan.alias_input(), in, out});
}

/// What `plan_alone` does, where it was done before.
Status SampleRun::use_plan(int index, const CommonPlan& plan) {
  const CompiledNode& n = graph_.nodes[index];
  const int source = source_of(n);
  bool there = true;
  for (size_t o = 0; o < plan.out.size(); o++) {
    const auto& [type, data] = plan.out[o];
    slots_[n.first_slot + static_cast<int>(o)] = {type, data, -1, source, true, data != nullptr};
    there = there && data;
  }
  if (plan.alias_input >= 0) {
    alias(n, plan.alias_input);
  } else if (!there) {
    const size_t inputs = plan.in.size();
    const std::span<TensorRef> all = unset<TensorRef>(arena_, inputs + plan.out.size());
    const std::span<TensorRef> in = all.first(inputs), out = all.subspan(inputs);
    for (size_t i = 0; i < inputs; i++) in[i] = operand(*plan.in[i], slots_[n.inputs[i]]);
    for (size_t o = 0; o < out.size(); o++) out[o] = {*plan.out[o].type, plan.out[o].data, nullptr};
    VG_TRY(emit(index, plan.params, in, out, arena_));
  }
  for (size_t o = 0; o < plan.out.size(); o++) planned_[n.first_slot + static_cast<int>(o)] = true;
  return {};
}

/// Which of `held_` names the file that a node's outputs come from.
int SampleRun::source_of(const CompiledNode& n) const {
  for (int s : n.inputs)
    if (slots_[s].source >= 0) return slots_[s].source;
  return -1;
}

void SampleRun::alias(const CompiledNode& n, int input) {
  const Slot& from = slots_[n.inputs[input]];
  Slot& to = slots_[n.first_slot];
  to.data = from.data;
  to.reg = from.reg;
  to.known_data = from.known_data;
}

/// Appends the instruction, or runs it at once into `memory`.
Status SampleRun::emit(int index, const void* params, std::span<TensorRef> in,
                       std::span<TensorRef> out, Arena& memory) {
  const CompiledNode& n = graph_.nodes[index];
  Slot* const slots = &slots_[n.first_slot];
  const Traits& traits = n.op->schema.traits();
  const auto all_small = [&] {
    return std::all_of(in.begin(), in.end(), has_few_elements) &&
           std::all_of(out.begin(), out.end(), has_few_elements);
  };
  const bool now = traits.eager || (std::all_of(in.begin(), in.end(), has_data) && all_small());
  Instruction ins{index, params, in, out, {}, {}};
  if (!now) {
    const std::span<int> regs = unset<int>(arena_, in.size() + out.size());
    ins.in_regs = regs.first(in.size());
    ins.out_regs = regs.last(out.size());
    for (size_t i = 0; i < in.size(); i++)
      ins.in_regs[i] = in[i].data ? -1 : slots_[n.inputs[i]].reg;
  }
  const bool on_device = !now && goes_to_device(index, ins);
  if (!on_device && !traits.needs_shape_only) VG_TRY(fetch_inputs(n));
  // Whether small values were there already differs between devices; programs do not show it.
  if (recording_ && (is_image_family(n.op->family) || !(now || all_small()))) note_step(index);
  if (traits.mixed) note_route(index, on_device);
  if (now) {
    for (size_t o = 0; o < out.size(); o++) {
      out[o].data = static_cast<std::byte*>(
          memory.allocate(static_cast<size_t>(std::max<int64_t>(out[o].desc.bytes(), 1)), 64));
      slots[o].data = out[o].data;
    }
    return run_now(index, params, in, out);
  }
  for (size_t o = 0; o < out.size(); o++) {
    ins.out_regs[o] = slots[o].reg = static_cast<int>(registers_.size());
    Register& r = registers_.emplace_back();
    r.bytes = out[o].desc.bytes();
    r.on_device = on_device;
  }
  for (int r : ins.in_regs)
    if (on_device && r >= 0) registers_[r].to_device = true;
  (on_device ? device_steps_ : program_).push_back(ins);
  return {};
}

void SampleRun::note_route(int index, bool on_device) {
  if (!surroundings_->device() || graph_.nodes[index].node->options.device != "mixed") return;
  for (ProgramSteps::Step& s : steps_.steps)
    if (s.node == index) s.route = on_device ? "gpu" : "host";
}

void SampleRun::note_step(int index) {
  steps_.steps.push_back({index, 0, {}});
  const auto add = [&](int argument, int slot) {
    if (slot < 0 || !planned_[slot] || !slots_[slot].data) return;
    const Slot& s = slots_[slot];
    const int64_t count = s.type->shape.elements();
    for (int64_t i = 0; i < count; i++) steps_.values.push_back(element(s.type->dtype, s.data, i));
    steps_.params.push_back({argument, static_cast<int>(count)});
    steps_.steps.back().params++;
  };
  const CompiledNode& n = graph_.nodes[index];
  if (!n.node->label.empty()) {
    add(-1, n.shown);
    return;
  }
  for (size_t a = 0; a < n.arguments.size(); a++) add(static_cast<int>(a), n.arguments[a]);
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
