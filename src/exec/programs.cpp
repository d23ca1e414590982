// From steps to programs.
#include "exec/programs.h"

#include <fmt/format.h>

namespace vg {

ProgramNames program_names(const CompiledGraph& graph) {
  ProgramNames names;
  for (const CompiledNode& n : graph.nodes) {
    const Node& node = *n.node;
    ProgramNames::OfNode& of = names.nodes.emplace_back();
    of.name = node.label.empty() ? node.schema().name() : node.label;
    if (of.name.starts_with('_')) of.name.erase(0, 1);
    // The device has one way to decode for a node: the one that its argument chooses.
    of.device_route = node.text("route") == "nvjpeg" ? "nvjpeg" : "gpu";
    for (const ArgSpec& arg : node.schema().args()) of.arguments.push_back(arg.name);
  }
  return names;
}

Program to_program(const ProgramNames& names, const ProgramSteps& steps) {
  Program program;
  size_t param = 0, value = 0;
  for (const ProgramSteps::Step& s : steps.steps) {
    const ProgramNames::OfNode& node = names.nodes[static_cast<size_t>(s.node)];
    Operation& operation = program.operations.emplace_back();
    operation.name = node.name;
    operation.route = s.route == "gpu" ? node.device_route : s.route;
    for (int i = 0; i < s.params; i++) {
      const auto [argument, count] = steps.params[param++];
      const double* first = steps.values.data() + value;
      value += static_cast<size_t>(count);
      operation.params.emplace_back(
          argument < 0 ? "parameter" : node.arguments[static_cast<size_t>(argument)],
          std::vector<double>(first, steps.values.data() + value));
    }
  }
  return program;
}

std::shared_ptr<Programs::Steps> ProgramStore::take(size_t samples) {
  std::unique_ptr<Programs::Steps> steps;
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      steps = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (!steps) steps.reset(new Programs::Steps{names_, {}, 0});
  while (steps->of_samples.size() < samples) {
    ProgramSteps& of_sample = steps->of_samples.emplace_back();
    of_sample.steps.reserve(16);
    of_sample.params.reserve(16);
    of_sample.values.reserve(64);
  }
  steps->count = samples;
  return {steps.release(), [store = shared_from_this()](Programs::Steps* s) {
            store->give(std::unique_ptr<Programs::Steps>(s));
          }};
}

void ProgramStore::give(std::unique_ptr<Programs::Steps> steps) {
  for (ProgramSteps& s : steps->of_samples) s.clear();
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kKept) spare_.push_back(std::move(steps));
}

size_t Programs::size() const { return steps_ ? steps_->count : 0; }

Program Programs::at(size_t i) const {
  if (i >= size())
    throw Error(ErrorKind::Index, fmt::format("sample {} of a batch of {}", i, size()));
  return to_program(*steps_->names, steps_->of_samples[i]);
}

std::string Program::text() const {
  std::string text;
  for (const Operation& o : operations) {
    if (!text.empty()) text += ' ';
    text += o.name + "(";
    bool first = true;
    if (!o.route.empty()) {
      text += "route=" + o.route;
      first = false;
    }
    for (const auto& [name, values] : o.params) {
      if (!first) text += ", ";
      first = false;
      text += name + "=";
      if (values.size() != 1) text += '[';
      for (size_t i = 0; i < values.size() && i < 9; i++)
        text += fmt::format("{}{:.4g}", i ? ", " : "", values[i]);
      if (values.size() > 9) text += ", ...";
      if (values.size() != 1) text += ']';
    }
    text += ')';
  }
  return text;
}

}  // namespace vg
