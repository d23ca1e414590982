// Arguments as operators read them, sorted out by kind when the node is made: a sample's plan asks
// for dozens of them.
#pragma once

#include <span>
#include <vector>

#include "graph/schema.h"

namespace vg {

/// What a node has for an argument of its schema: what was given, else the fallback.
struct Argument {
  enum class Kind : uint8_t {
    Absent,
    Numbers,    ///< one or a list: booleans, integers and enumerations as well
    Text,       ///< one or a list
    Tensor,     ///< the same for every sample
    PerSample,  ///< the output of a node
  };
  Kind kind = Kind::Absent;
  bool given = false;               ///< not a fallback
  int index = 0;                    ///< in the schema
  std::span<const double> numbers;  ///< Numbers only
  const ArgValue* value = nullptr;  ///< what it is
};

/// The arguments of one node. They point into its values and into the schema.
class Arguments {
 public:
  Arguments() = default;
  Arguments(const Schema& schema, const std::vector<ArgValue>& given);
  /// Null: the schema has none of that name.
  const Argument* find(ArgName name) const {
    const int i = schema_->position(name);
    return i < 0 ? nullptr : &arguments_[static_cast<size_t>(i)];
  }

 private:
  const Schema* schema_ = nullptr;
  std::vector<Argument> arguments_;
  std::vector<double> numbers_;  ///< those that are not a list of doubles already
};

}  // namespace vg
