// Samples in another order: permute_batch takes the order, batch_permutation draws one.
#pragma once

#include "graph/batch_work.h"
#include "graph/op_def.h"

namespace vg {

struct PermuteBatch {
  static Schema schema() {
    return Schema("permute_batch", "Sample i of the output is sample indices[i] of the batch.")
        .input("data", "tensor")
        .required_tensor(
            "indices", ArgType::Ints,
            "a list with one position per sample, or a scalar per sample; inside a branch "
            "positions count the samples of the branch")
        .batch();
  }
  static Outcome<> plan(Plan& p);
  static Status run_batch(BatchWork& work);
};

struct BatchPermutation {
  static Schema schema() {
    return Schema("batch_permutation",
                  "Draws an order of the samples of a batch: a scalar position per "
                  "sample, int32, for permute_batch.")
        .arg("allow_repetitions", ArgType::Bool, false, "positions are drawn independently")
        .arg("no_fixed_points", ArgType::Bool, false,
             "no sample stays in its place, if the batch has more than one")
        .random()
        .batch()
        .cpu_only();
  }
  static Outcome<> plan(Plan& p);
  static Status run_batch(BatchWork& work);
};

}  // namespace vg
