// Arguments of the operator functions: anything that an operator's argument may be.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "variegate/value.h"

namespace vg {

/// A number, a text, a list, an element type, a tensor, or a Value with one entry per sample.
struct Arg {
  ArgValue value;

  Arg() = default;
  Arg(bool b) : value(b) {}
  Arg(int i) : value(int64_t{i}) {}
  Arg(int64_t i) : value(i) {}
  Arg(double d) : value(d) {}
  Arg(const char* s) : value(std::string(s)) {}
  Arg(std::string s) : value(std::move(s)) {}
  Arg(DType d) : value(static_cast<int64_t>(d)) {}
  Arg(Value v) : value(std::move(v)) {}
  Arg(Tensor t) : value(std::move(t)) {}
  Arg(std::vector<double> list) : value(std::move(list)) {}
  Arg(std::vector<int64_t> list) : value(std::move(list)) {}
  Arg(std::vector<std::string> list) : value(std::move(list)) {}
  Arg(std::initializer_list<double> list) : value(std::vector<double>(list)) {}
};

}  // namespace vg
