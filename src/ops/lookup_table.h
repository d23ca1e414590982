// Look-up table: integers replaced by values.
#pragma once

#include "ops/point.h"

namespace vg {

struct LookupTable {
  static constexpr bool kReadsTable = true;  // parameters do not hold all of it
  std::span<const float> values;             // of the keys from 0 on
  float otherwise;

  static Schema schema() {
    return Schema("lookup_table", "Replaces every integer by the value of its key.")
        .input("data", "integers of any shape")
        .arg("keys", ArgType::Ints, std::vector<int64_t>{},
             "0 to 65535; the last of equal keys wins")
        .arg("values", ArgType::Floats, std::vector<double>{}, "a value for each key")
        .arg("default_value", ArgType::Float, 0.0, "value of all other integers")
        .arg("dtype", ArgType::DType, static_cast<int64_t>(DType::Float),
             "element type of the output; integers are rounded");
  }

  static Status check(const Node& node);
  static Outcome<LookupTable> plan(Plan& p);

  VG_FN float operator()(float value) const {
    return value >= 0 && value < static_cast<float>(values.size())
               ? values[static_cast<size_t>(value)]
               : otherwise;
  }
};

}  // namespace vg
