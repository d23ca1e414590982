// external_source: data that the program brings in. The binding or the program attaches the source.
#pragma once

#include "exec/source.h"
#include "graph/op_def.h"

namespace vg {

struct ExternalSource {
  static Schema schema() {
    return Schema("_external_source",
                  "Batches that a callback, an iterator or the caller provides.")
        .arg("num_outputs", ArgType::Int, int64_t{1}, "tensors per sample")
        .outputs_from("num_outputs")
        .source()
        .hidden();
  }
  static Outcome<> plan(Plan&) { return {}; }
  static Outcome<std::shared_ptr<Source>> make_source(const Node& node, uint64_t) {
    return std::static_pointer_cast<Source>(node.attachment);
  }
};

}  // namespace vg
