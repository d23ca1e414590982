// The state of a pipeline as JSON.
#include "exec/state.h"

#include <nlohmann/json.hpp>

namespace vg {
namespace {

/// Which draws and sources the graph has: a state belongs to graphs with the same.
uint64_t names_of(const Prepared& prepared) {
  uint64_t h = 0;
  for (const CompiledNode& n : prepared.graph.nodes) {
    if (!n.draw_id.empty()) h = hash64(h, n.draw_id);
    if (n.node->schema().traits().source) h = hash64(h, n.node->schema().name());
  }
  return h;
}

}  // namespace

Progress Progress::of(const Prepared& prepared) {
  Progress p;
  for (const auto& source : prepared.sources) p.sources.push_back(source->state());
  return p;
}

void Progress::advance(const Job& job) {
  iteration = job.iteration + 1;
  position += static_cast<uint64_t>(job.size());
  sources = job.states;
}

std::string Progress::to_json(const Prepared& prepared) const {
  nlohmann::json j;
  j["version"] = 1;
  j["seed"] = prepared.seed;
  j["names"] = fmt::format("{:016x}", names_of(prepared));
  j["iteration"] = iteration;
  j["epoch"] = epoch;
  j["position"] = position;
  for (const std::string& s : sources) j["sources"].push_back(nlohmann::json::parse(s));
  return j.dump();
}

Outcome<Progress> Progress::from_json(const std::string& json, const Prepared& prepared) {
  const nlohmann::json j = nlohmann::json::parse(json, nullptr, false);
  if (j.is_discarded() || !j.is_object() || j.value("version", 0) != 1)
    return fail(ErrorKind::Value, "load_state_dict: this is not a state of a pipeline");
  Progress p;
  try {
    if (j.at("seed") != prepared.seed)
      return fail(ErrorKind::Value,
                  "load_state_dict: the state belongs to seed {}; this pipeline has {}",
                  j.at("seed").get<uint64_t>(), prepared.seed);
    if (j.at("names") != fmt::format("{:016x}", names_of(prepared)))
      return fail(ErrorKind::Value,
                  "load_state_dict: the state belongs to a pipeline with other readers or draws");
    p.iteration = j.at("iteration");
    p.epoch = j.at("epoch");
    p.position = j.at("position");
    if (j.contains("sources"))
      for (const auto& s : j.at("sources")) p.sources.push_back(s.dump());
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorKind::Value, "load_state_dict: the state is damaged");
  }
  if (p.sources.size() != prepared.sources.size())
    return fail(ErrorKind::Value, "load_state_dict: the state has {} sources; this pipeline has {}",
                p.sources.size(), prepared.sources.size());
  return p;
}

void throw_failure(const Failure& failure) {
  if (failure.cause) throw CallbackError(failure);
  throw Error(failure.kind, failure.message);
}

}  // namespace vg
