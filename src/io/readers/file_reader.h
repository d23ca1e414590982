// readers.file: encoded files and their labels.
#pragma once

#include "exec/source.h"
#include "graph/op_def.h"

namespace vg {

struct FileReader {
  static Schema schema();
  static void infer(const Node&, std::vector<StaticType>& types) {
    types[0] = {DType::Uint8, 1, Layout()};
    types[1] = {DType::Int32, 1, Layout()};
  }
  static Outcome<> plan(Plan&) { return {}; }
  static Outcome<std::shared_ptr<Source>> make_source(const Node& node, uint64_t seed);
};

/// Arguments that all readers share: order, shards, padding, and hints.
Schema reader_arguments();

}  // namespace vg
