// Normalize: subtracts the mean and divides by the standard deviation, given or measured.
#pragma once

#include "core/lane.h"
#include "graph/batch_work.h"
#include "ops/reduce.h"

namespace vg {

struct NormalizeParams {
  /// Statistics that are pooled over samples are measured first, by phases that give totals
  /// (float64, one per statistic) in the place of the output.
  enum class Phase { Normalize, Sums, SquareDistances };
  Phase phase = Phase::Normalize;
  ReduceParams axes;               ///< statistics are taken along the reduced groups
  std::span<const double> mean;    ///< given: 1, or one per statistic; empty: measured
  std::span<const double> stddev;  ///< the same
  float scale = 1, shift = 0;
  double epsilon = 0;
};

/// Whether sums of squares are whole numbers that a double holds.
inline bool sums_exactly(DType dtype, int64_t count) {
  return is_integer(dtype) && size_of(dtype) <= 2 &&
         count < int64_t{1} << (53 - 16 * size_of(dtype));
}

/// Sum of squared distances from the mean, from such sums over n elements: n * squares - sum^2.
VG_FN double exact_square_distance(int64_t count, double sum, double squares) {
  const Int128 n = count, s = static_cast<int64_t>(sum), q = static_cast<int64_t>(squares);
  return static_cast<double>(n * q - s * s) / static_cast<double>(count);
}

struct Normalize {
  static Schema schema();
  static Status check(const Node& node) { return check_axes(node); }
  static Outcome<NormalizeParams> plan(Plan& p);
  static bool needs_batch(const Node& node);
  /// `batch=True`: the samples of the batch have common statistics.
  static Status run_batch(BatchWork& work);
};

}  // namespace vg
