// Draws and selects: what the schemes are made of.
#include "auto_aug/engine.h"

#include <algorithm>
#include <map>

#include "graph/node.h"

namespace vg::auto_aug {

CallOptions Draws::options() {
  CallOptions o;
  if (seed_) o.seed = *seed_;
  o.ordinal = ordinal_++;
  return o;
}

Value Draws::index(int64_t count) {
  return call("_random_index", {}, {{"count", count}}, options())[0];
}

Value Draws::run_or_skip(const Value& sub_policy, std::vector<double> probabilities,
                         std::vector<int64_t> choices, int64_t otherwise) {
  return call("_run_or_skip", {sub_policy},
              {{"probabilities", std::move(probabilities)},
               {"choices", std::move(choices)},
               {"otherwise", otherwise}},
              options())[0];
}

Value choose(const Value& index, const std::vector<std::function<Value()>>& alternatives) {
  const size_t n = alternatives.size();
  if (n == 1) return alternatives[0]();
  const Value outer = current_guard() ? current_guard() : constant(true), no = constant(false);
  std::vector<Value> results;
  for (size_t i = 0; i < n; i++) {
    std::vector<Value> taken(n, no);
    taken[i] = outer;
    push_guard(select(index, taken));
    // A callback may throw: the guards of the caller must stand as before.
    struct Pop {
      ~Pop() { pop_guard(); }
    } pop;
    results.push_back(alternatives[i]());
  }
  return select(index, results);
}

namespace {

bool any_signed(const std::vector<Choice>& choices) {
  return std::any_of(choices.begin(), choices.end(), [](const Choice& c) { return c.is_signed; });
}

Value choose_one(const std::vector<Choice>& choices, const Value& index, const Value& data,
                 const SignedBin& bin) {
  std::vector<std::function<Value()>> alternatives;
  for (const Choice& c : choices) alternatives.push_back([&] { return c.apply(data, bin); });
  return choose(index, alternatives);
}

}  // namespace

Value rand_augment_of(const std::vector<Choice>& choices, const Value& data, int n, int64_t bin,
                      std::optional<int64_t> seed) {
  Draws draws(seed);
  Value result = data;
  for (int i = 0; i < n; i++) {
    const Value index = draws.index(static_cast<int64_t>(choices.size()));
    SignedBin signed_bin{bin, {}, {}};
    if (any_signed(choices)) signed_bin.sign = draws.index(2);
    result = choose_one(choices, index, result, signed_bin);
  }
  return result;
}

Value trivial_augment_of(const std::vector<Choice>& choices, const Value& data, int64_t bins,
                         std::optional<int64_t> seed) {
  Draws draws(seed);
  const Value index = draws.index(static_cast<int64_t>(choices.size()));
  SignedBin bin{{}, draws.index(bins), {}};
  if (any_signed(choices)) bin.sign = draws.index(2);
  return choose_one(choices, index, data, bin);
}

Value auto_augment_of(const std::vector<Choice>& choices,
                      const std::vector<std::vector<ChoiceStep>>& sub_policies, const Value& data,
                      std::optional<int64_t> seed) {
  Draws draws(seed);
  const Value k = draws.index(static_cast<int64_t>(sub_policies.size()));
  const bool with_sign = any_signed(choices);
  size_t stages = 0;
  for (const auto& s : sub_policies) stages = std::max(stages, s.size());
  Value result = data;
  for (size_t stage = 0; stage < stages; stage++) {
    // Equal operations with equal bins are one alternative, whatever sub-policies they are in.
    std::map<std::pair<int, std::optional<int64_t>>, int64_t> numbers;
    std::vector<std::function<Value()>> alternatives;
    std::vector<double> probabilities;
    std::vector<int64_t> taken;
    const Value sign = with_sign ? draws.index(2) : Value();
    for (const auto& steps : sub_policies) {
      if (stage >= steps.size()) {
        probabilities.push_back(0);
        taken.push_back(0);
        continue;
      }
      const ChoiceStep& step = steps[stage];
      const auto [at, added] = numbers.emplace(std::pair{step.choice, step.bin},
                                               static_cast<int64_t>(alternatives.size()));
      if (added) {
        const Choice& choice = choices[static_cast<size_t>(step.choice)];
        const SignedBin bin{step.bin, {}, choice.is_signed ? sign : Value()};
        alternatives.push_back([&choice, bin, result] { return choice.apply(result, bin); });
      }
      probabilities.push_back(step.probability);
      taken.push_back(at->second);
    }
    const auto skip = static_cast<int64_t>(alternatives.size());
    alternatives.push_back([result] { return result; });
    const Value index = draws.run_or_skip(k, std::move(probabilities), std::move(taken), skip);
    result = choose(index, alternatives);
  }
  return result;
}

}  // namespace vg::auto_aug
