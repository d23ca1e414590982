// readers.file: encoded files and their labels.
#pragma once

#include "exec/source.h"
#include "graph/op_def.h"

namespace vg {

struct FileReader {
  static Schema schema();
  static Outcome<> plan(Plan&) { return {}; }
  static Outcome<std::shared_ptr<Source>> make_source(const Node& node, uint64_t seed);
};

/// Arguments that all readers share: order, shards, padding, and hints.
Schema reader_arguments();

}  // namespace vg
