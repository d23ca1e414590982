// Callbacks: functions of the user's program that see the tensors of a whole batch.
#pragma once

#include <functional>

#include "graph/batch_work.h"
#include "graph/op_def.h"

namespace vg {

/// Called once per batch with the samples of the branch, in sample order, by one thread at a time.
using BatchCallback = std::function<Status(BatchWork&)>;

struct Callback {
  static Schema schema() {
    return Schema("_callback", "Calls a function of the program with the samples of the batch.")
        .inputs(0, 256, "inputs", "tensors that the function sees")
        .arg("num_outputs", ArgType::Int, int64_t{1}, "tensors that it gives per sample")
        .outputs_from("num_outputs")
        .batch()
        .impure()
        .hidden();
  }
  static Outcome<> plan(Plan&) { return {}; }
  static Status run_batch(BatchWork& work) {
    return (*std::static_pointer_cast<BatchCallback>(work.node().attachment))(work);
  }
};

}  // namespace vg
