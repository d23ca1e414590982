// Totals along axes, for drivers that need more than one.
#pragma once

#include <array>

#include "ops/reduce.h"

namespace vg::cpu {

/// Sum of the elements for each output.
void sum_elements(const ReduceParams& params, const TensorRef& in, double* totals);
/// Sum of the squares of the elements for each output.
void sum_squares(const ReduceParams& params, const TensorRef& in, double* totals);
/// Sum of squared distances from `mean[output]` for each output.
void sum_square_distances(const ReduceParams& params, const TensorRef& in, const double* mean,
                          double* totals);

/// Walks groups of axes of one kind in C order: the offset of each element of their product.
class GroupWalk {
 public:
  /// `reduced`: the groups that are reduced, else those that are kept.
  GroupWalk(const ReduceParams& params, bool reduced);
  int64_t offset() const { return offset_; }
  void next();
  int groups() const { return count_; }
  int64_t inner_stride() const { return count_ ? stride_[count_ - 1] : 0; }

 private:
  int count_ = 0;
  std::array<int64_t, ReduceParams::kMaxGroups> extent_{}, stride_{}, index_{};
  int64_t offset_ = 0;
};

}  // namespace vg::cpu
