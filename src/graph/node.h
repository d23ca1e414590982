// Nodes of the graph: an operator with its inputs and arguments, as the user wrote it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "graph/arguments.h"
#include "graph/static_type.h"
#include "variegate/value.h"

namespace vg {

struct OpDef;

struct Node {
  const OpDef* op = nullptr;
  std::vector<Value> inputs;
  std::vector<ArgValue> args;  ///< one per argument of the schema; monostate: not given
  Arguments arguments;         ///< the same as operators read them: made when `args` are complete
  CallOptions options;
  int outputs = 1;
  uint64_t order = 0;                ///< position in the order of creation: inputs come first
  std::vector<StaticType> types;     ///< of the outputs, as far as they are known
  bool batch = false;                ///< needs all samples of its branch at once (a barrier)
  Value guard;                       ///< batch operators: the condition they were written under
  std::shared_ptr<void> attachment;  ///< a callback, or what a source needs
  std::string label;                 ///< how programs name it, if not by its operator
  Value shown;                       ///< with a label: the value that programs show for it

  Node();
  ~Node();  // takes long chains apart without recursion
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Every Value that this node waits for: inputs, then arguments in order, then the guard.
  template <class F>
  void each_dependency(F&& f) {
    for (Value& v : inputs) f(v);
    for (ArgValue& a : args)
      if (Value* v = std::get_if<Value>(&a)) f(*v);
    if (guard) f(guard);
  }
  const Schema& schema() const;
  /// Whether the argument was given (a fallback of the schema does not count).
  bool has(std::string_view argument) const;
  /// The argument (else its fallback) if it is a plain text, else empty.
  std::string_view text(std::string_view argument) const;
  /// "[rotate] angle is not finite (train.py:14)".
  Failure problem(ErrorKind kind, std::string_view argument, std::string_view what) const;
  bool is_gpu() const { return options.device == "gpu" || options.device == "mixed"; }
};

/// The condition under which code is being traced right now, for batch operators.
/// Python pushes one per branch; `call` reads the innermost.
void push_guard(const Value& condition);
void pop_guard();
const Value& current_guard();

}  // namespace vg
