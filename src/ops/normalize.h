// Normalize: subtracts the mean and divides by the standard deviation, given or measured.
#pragma once

#include "ops/reduce.h"

namespace vg {

struct NormalizeParams {
  ReduceParams axes;              ///< statistics are taken along the reduced groups
  std::span<const float> mean;    ///< given: 1, or one per statistic; empty: measured
  std::span<const float> stddev;  ///< the same
  float scale = 1, shift = 0;
  double epsilon = 0;
};

/// Reads the arguments; `batch`: statistics are pooled over samples.
Outcome<NormalizeParams> normalize_plan(Plan& p, bool batch);
Schema normalize_schema(std::string name);

/// Each sample by its own statistics.
struct Normalize {
  static Schema schema() { return normalize_schema("normalize"); }
  static Status check(const Node& node) { return check_axes(node); }
  static Outcome<NormalizeParams> plan(Plan& p) { return normalize_plan(p, false); }
};

/// `normalize(batch=True)`: all samples by common statistics.
struct NormalizeBatch {
  static Schema schema() { return normalize_schema("_normalize_batch").hidden().batch(); }
  static Status check(const Node& node) { return check_axes(node); }
  static Outcome<NormalizeParams> plan(Plan& p) { return normalize_plan(p, true); }
};

}  // namespace vg
