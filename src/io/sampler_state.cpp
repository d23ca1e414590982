// The state of a sampler as JSON.
#include <nlohmann/json.hpp>

#include "io/sampler.h"

namespace vg {

std::string SamplerState::to_json() const {
  nlohmann::json json{{"samples", samples}, {"shuffled", shuffled}};
  if (shuffled) {
    json["seed"] = seed;
    json["position"] = position;
  } else {
    json["stick"] = stick;
    json["padded"] = padded;
    json["epoch"] = epoch;
    json["cuts"] = nlohmann::json::array();
    for (const Cut& cut : cuts) json["cuts"].push_back({cut.shards, cut.consumed});
  }
  return json.dump();
}

Outcome<SamplerState> SamplerState::from_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return fail("the state of the reader is not a JSON object");
  SamplerState state;
  std::string missing;
  const auto number = [&](const char* key, uint64_t& to) {
    if (json.contains(key) && json[key].is_number_unsigned())
      to = json[key].get<uint64_t>();
    else
      missing = key;
  };
  const auto flag = [&](const char* key, bool& to) {
    if (json.contains(key) && json[key].is_boolean())
      to = json[key].get<bool>();
    else
      missing = key;
  };
  number("samples", state.samples);
  flag("shuffled", state.shuffled);
  if (state.shuffled) {
    number("seed", state.seed);
    number("position", state.position);
  } else {
    flag("stick", state.stick);
    flag("padded", state.padded);
    number("epoch", state.epoch);
    if (!json.contains("cuts") || !json["cuts"].is_array())
      missing = "cuts";
    else
      for (const auto& cut : json["cuts"]) {
        if (cut.is_array() && cut.size() == 2 && cut[0].is_number_unsigned() &&
            cut[1].is_number_unsigned())
          state.cuts.push_back({cut[0].get<uint64_t>(), cut[1].get<uint64_t>()});
        else
          missing = "cuts";
      }
  }
  if (!missing.empty()) return fail("the state of the reader has no valid \"{}\"", missing);
  return state;
}

}  // namespace vg
