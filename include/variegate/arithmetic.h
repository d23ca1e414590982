// Arithmetic of values in C++: `image * 0.5 + 10`, `select(x < 3, a, b)`.
#pragma once

#include "variegate/value.h"

namespace vg {

/// A Value, or a number that stands for a constant: integers are INT32, floats FLOAT, bools BOOL.
/// Throws Error(Overflow) for an integer outside 32 bits; `constant(Tensor)` makes other types.
class VG_API Operand {
 public:
  Operand(const Value& value) : value_(value) {}
  Operand(bool number);
  Operand(int number);
  Operand(int64_t number);
  Operand(float number);
  Operand(double number);
  const Value& value() const { return value_; }

 private:
  Value value_;
};

// Types meet as in Python: a float wins over integers, a wider type over a narrower one, so that
// `uint8_value + 1` is an INT32. Integers wrap around; integers are divided as FLOAT.
VG_API Value operator+(const Operand& a, const Operand& b);
VG_API Value operator-(const Operand& a, const Operand& b);
VG_API Value operator*(const Operand& a, const Operand& b);
VG_API Value operator/(const Operand& a, const Operand& b);
VG_API Value operator%(const Operand& a, const Operand& b);
VG_API Value operator&(const Operand& a, const Operand& b);
VG_API Value operator|(const Operand& a, const Operand& b);
VG_API Value operator^(const Operand& a, const Operand& b);
VG_API Value operator-(const Value& x);
VG_API Value operator~(const Value& x);

// Comparisons of numbers give BOOL. `==` tells whether two handles mean the same output of a graph,
// so equality of the data has a name.
VG_API Value operator<(const Operand& a, const Operand& b);
VG_API Value operator<=(const Operand& a, const Operand& b);
VG_API Value operator>(const Operand& a, const Operand& b);
VG_API Value operator>=(const Operand& a, const Operand& b);
VG_API Value equal(const Operand& a, const Operand& b);
VG_API Value not_equal(const Operand& a, const Operand& b);

}  // namespace vg
