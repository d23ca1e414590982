// Values of a graph under construction: what an operator returns and another takes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "variegate/export.h"
#include "variegate/tensor.h"

namespace vg {

struct Node;

/// One output of a node. Values are handles: copies mean the same output.
class VG_API Value {
 public:
  Value() = default;
  Value(std::shared_ptr<Node> node, int output) : node_(std::move(node)), output_(output) {}
  const std::shared_ptr<Node>& node() const { return node_; }
  int output() const { return output_; }
  explicit operator bool() const { return node_ != nullptr; }
  bool operator==(const Value& other) const = default;

 private:
  std::shared_ptr<Node> node_;
  int output_ = 0;
};

/// An argument of an operator: a plain value, a tensor, or a Value with one element per sample.
/// Enumerations (element, image and interpolation types) travel as integers.
using ArgValue =
    std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<int64_t>,
                 std::vector<double>, std::vector<std::string>, Tensor, Value>;

/// Named arguments of a call.
using ArgMap = std::map<std::string, ArgValue, std::less<>>;

/// What a call says beside its inputs and named arguments.
struct CallOptions {
  std::string device;       ///< "cpu", "gpu", "mixed"; empty: that of the inputs
  std::string name;         ///< unique in the pipeline; also the identity of its draws
  bool preserve = false;    ///< keep the operator though nothing uses it
  int64_t seed = -1;        ///< explicit seed of a random operator; -1: from the pipeline
  int64_t ordinal = 0;      ///< which draw of its kind inside the call that the seed was given to
  std::string where;        ///< "train.py:14", for messages
  uint64_t draw_group = 0;  ///< random operators of one group (not 0) draw the same numbers
};

/// Adds an operator to the graph. Gives its outputs.
/// Throws Error: Key (unknown operator or argument), Value (number of inputs, layout, device),
/// Type (an argument's type), as the operator's schema says.
VG_API std::vector<Value> call(std::string_view op, const std::vector<Value>& inputs,
                               const ArgMap& args = {}, const CallOptions& options = {});

/// A constant: the same tensor for every sample.
VG_API Value constant(Tensor tensor);
VG_API Value constant(int32_t value);
VG_API Value constant(float value);
VG_API Value constant(bool value);

/// `select(index, {a, b, c})`: per sample the alternative of that number; an index outside is
/// clamped. Only the taken alternative is computed. Bool conditions: false takes the first of two.
VG_API Value select(const Value& index, const std::vector<Value>& alternatives);
/// `select(condition, if_true, if_false)`.
VG_API Value select(const Value& condition, const Value& if_true, const Value& if_false);

}  // namespace vg
