// The three schemes over any kind of alternative: C++ augmentations and Python's alike.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "variegate/auto_aug.h"

namespace vg::auto_aug {

/// An operation that a scheme may choose.
struct Choice {
  bool is_signed = false;  ///< takes a random sign
  /// Adds the operation to the graph.
  std::function<Value(const Value& data, const SignedBin& bin)> apply;
};

/// Draws of one call. With an explicit seed each has a stream of its own.
class Draws {
 public:
  explicit Draws(std::optional<int64_t> seed) : seed_(seed) {}
  /// Uniform in [0, count), a scalar per sample.
  Value index(int64_t count);
  /// See RunOrSkip.
  Value run_or_skip(const Value& sub_policy, std::vector<double> probabilities,
                    std::vector<int64_t> choices, int64_t otherwise);

 private:
  CallOptions options();
  std::optional<int64_t> seed_;
  int64_t ordinal_ = 0;
};

/// `select` over alternatives that are added to the graph one by one, each under its own condition.
Value choose(const Value& index, const std::vector<std::function<Value()>>& alternatives);

/// n times one of the choices, with the same bin.
Value rand_augment_of(const std::vector<Choice>& choices, const Value& data, int n, int64_t bin,
                      std::optional<int64_t> seed);
/// One of the choices with a bin drawn from `bins`.
Value trivial_augment_of(const std::vector<Choice>& choices, const Value& data, int64_t bins,
                         std::optional<int64_t> seed);

/// A step of a sub-policy: which choice, how likely, which bin.
struct ChoiceStep {
  int choice;
  double probability;
  std::optional<int64_t> bin;
};
Value auto_augment_of(const std::vector<Choice>& choices,
                      const std::vector<std::vector<ChoiceStep>>& sub_policies, const Value& data,
                      std::optional<int64_t> seed);

}  // namespace vg::auto_aug
