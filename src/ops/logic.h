// Conditions: what `if`, `and`, `or` and `not` ask of a value before it steers a sample.
#pragma once

#include "graph/op_def.h"

namespace vg {

/// The condition of an `if` as a Bool: any scalar, true if it is not zero.
struct Predicate {
  static Schema schema() {
    return Schema("_predicate", "A scalar as a condition: true if it is not zero.")
        .input("value", "a scalar per sample")
        .hidden()
        .eager();
  }

  static void infer(const Node&, std::vector<StaticType>& types) {
    types[0] = {DType::Bool, 0, Layout()};
  }

  static Outcome<> plan(Plan& p) {
    if (p.in().shape.ndim() != 0)
      return p.problem(
          ErrorKind::Runtime, "",
          fmt::format("Conditions of `if` statements are limited to scalar CPU inputs. "
                      "Got a {}-d input as the condition.",
                      p.in().shape.ndim()));
    p.out() = TensorDesc{DType::Bool, {}, {}};
    return {};
  }

  static Status run(const Work& work) {
    *work.out[0].as<uint8_t>() = element(work.in[0], 0) != 0;
    return {};
  }
};

/// An operand of `and`, `or` (a Bool scalar) or `not` (any scalar), checked and passed on as a
/// Bool.
struct LogicalOperand {
  static Schema schema() {
    return Schema("_logical_operand", "A scalar Bool as an operand of a logical expression.")
        .input("value", "a scalar per sample")
        .required("expression", ArgType::String, "and, or, not")
        .arg("side", ArgType::String, std::string(), "left or right")
        .arg("negate", ArgType::Bool, false, "gives the opposite")
        .hidden()
        .eager();
  }

  static void infer(const Node&, std::vector<StaticType>& types) {
    types[0] = {DType::Bool, 0, Layout()};
  }

  static Outcome<> plan(Plan& p) {
    const std::string word = p.get<std::string>("expression"), side = p.get<std::string>("side");
    const std::string name = side.empty() ? "the argument" : fmt::format("the {} argument", side);
    const TensorDesc& in = p.in();
    if (in.shape.ndim() != 0)
      return p.problem(
          ErrorKind::Runtime, "",
          fmt::format("Logical expression `{0}` is limited to scalar (0-d tensors) "
                      "inputs of bool type, placed on CPU. Got a {1}-d input as {2} in "
                      "logical expression.",
                      word, in.shape.ndim(), name));
    if (word != "not" && in.dtype != DType::Bool)
      return p.problem(
          ErrorKind::Runtime, "",
          fmt::format("Logical expression `{0}` is limited to scalar (0-d tensors) inputs of bool "
                      "type, placed on CPU. Got an input of type {1} as {2} in logical expression. "
                      "Use a comparison such as `!= 0` to make it a bool.",
                      word, name_of(in.dtype), name));
    p.out() = TensorDesc{DType::Bool, {}, {}};
    return {};
  }

  static Status run(const Work& work) {
    const bool negate =
        std::holds_alternative<bool>(work.node.args[2]) && std::get<bool>(work.node.args[2]);
    *work.out[0].as<uint8_t>() = (element(work.in[0], 0) != 0) != negate;
    return {};
  }
};

}  // namespace vg
